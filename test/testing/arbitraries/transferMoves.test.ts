import { describe, expect, it } from 'vitest';
import type { PatronAccount } from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { choicesOf, MISSING } from '../../../src/testing/arbitraries/policyCodes.js';
import { type TransferMove, transferMove } from '../../../src/testing/arbitraries/transferMoves.js';
import { accountOf, assessed, event, transferred } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const plain = { pick: 0, other: 0, amount: 250, flag: false, sensible: true, policy: 'same' } as const;
const sent = accountOf(assessed('f1', '10.00'), transferred('t1', 'f1', '4.00'));
const settled = (settlementId: string, amount: string, more: object = {}) =>
  event('TransferSettled', { settlementId, transferId: 't1', amount, ...more });
const command = (kind: TransferMove, more: Partial<Move> = {}, account: PatronAccount = sent) =>
  transferMove(kind, choicesOf({ ...plain, kind, ...more }, 'c7', account, policy));

describe('the moves of transfers', () => {
  it('transfer a fee, in full or in part', () => {
    expect(command('transfer')).toMatchObject({ fees: [{ feeId: 'f1', amount: '2.50' }] });
    expect(command('transfer', { flag: true, other: 1 })).toMatchObject({
      fees: [{ feeId: 'f1' }],
      expectsSettlement: true,
    });
  });

  it('settle what is pending, and never more if the move must be accepted', () => {
    expect(command('settle')).toMatchObject({ transferId: 't1', amount: '2.50' });
    expect(command('settle', { flag: true, amount: 403 })).toMatchObject({ amount: '0.04' });
  });

  it('reverse a settlement that was not reversed yet, sometimes one with a surplus', () => {
    const account = accountOf(
      ...[assessed('f1', '10.00'), transferred('t1', 'f1', '4.00'), settled('s1', '1.00')],
      event('SettlementReversed', {
        reversalId: 'r1',
        settlementId: 's1',
        transferId: 't1',
        amount: '1.00',
      }),
      ...[settled('s2', '1.00'), settled('s3', '3.00', { surplus: { creditId: 'k1', amount: '1.00' } })],
    );
    expect(command('reverseSettlement', { other: 1 }, account)).toMatchObject({ settlementId: 's2' });
    expect(command('reverseSettlement', {}, account)).toMatchObject({
      settlementId: 's3',
      amount: '2.50',
      shortfallFee: { feeType: 'OLD' },
    });
    expect(command('reverseSettlement')).toMatchObject({ settlementId: MISSING });
  });

  it('recall what is pending', () => {
    expect(command('recall', { flag: true, other: 2 })).toMatchObject({ transferId: 't1' });
  });
});
