import { describe, expect, it } from 'vitest';
import { emptyAccount, formatAmount, type PatronAccount } from '../../../src/index.js';
import { accrualMove } from '../../../src/testing/arbitraries/accrualMoves.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { codesOf, MISSING } from '../../../src/testing/arbitraries/policyCodes.js';
import { accountOf, assessed, event } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const base = { id: 'c7', at: '2026-03-01T00:00:00Z' };
const plain: Move = {
  kind: 'accrue',
  pick: 0,
  other: 0,
  amount: 250,
  flag: false,
  sensible: true,
  policy: 'same',
};
const command = (more: Partial<Move>, account: PatronAccount = emptyAccount()) =>
  accrualMove({ ...plain, ...more }, base, account, codesOf(policy), (minor) => formatAmount(minor, 2));
const fine = accountOf(assessed('once', '9.00'), assessed('f1', '10.00', { accruing: true }));

describe('the moves of growing fines', () => {
  it('charge a new fine under its own id', () => {
    expect(command({})).toMatchObject({ id: 'c7', feeId: 'c7-fine', feeType: 'OTHER', total: '2.50' });
    expect(command({ flag: true })).toMatchObject({ ends: 'returned' });
    expect(command({ other: 28 }).total).toBe('0.00');
    expect(command({ other: 29 }).feeType).toBe('OLD');
    expect(command({ other: 30 }).feeType).toBe('LOST100');
    expect(command({ other: 10 })).not.toHaveProperty('owner');
  });

  it('report that a fine grew, fell, did not change, or is gone', () => {
    const totals = [0, 1, 3, 6].map((other) => command({ kind: 'accrueAgain', other }, fine).total);
    expect(totals).toEqual(['12.50', '7.50', '10.00', '0.00']);
    expect(command({ kind: 'accrueAgain' }, fine)).toMatchObject({
      feeId: 'f1',
      feeType: 'OTHER',
      at: '2026-03-02T09:00:00Z',
    });
    expect(command({ kind: 'accrueAgain', other: 5 }, fine).at).toBe(base.at);
  });

  it('end a fine at its current total or another one', () => {
    expect(command({ kind: 'endAccrual', flag: true }, fine)).not.toHaveProperty('total');
    expect(command({ kind: 'endAccrual' }, fine)).toMatchObject({ ends: 'returned', total: '7.50' });
    const ended = event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'other', total: '10.00' });
    const account = accountOf(assessed('f1', '10.00', { accruing: true }), ended);
    expect(command({ kind: 'endAccrual', other: 9 }, account).feeId).toBe('f1');
  });

  it('name a different fee if they are not sensible, and no fee if none exists', () => {
    expect(command({ kind: 'accrueAgain', sensible: false }, fine).feeId).toBe('once');
    expect(command({ kind: 'accrueAgain', other: 26 }, fine).loanId).toBe('loan of somebody else');
    expect(command({ kind: 'accrueAgain', other: 27 }, fine).feeType).toBe('OLD');
    expect(command({ kind: 'accrueAgain' }).feeId).toBe(MISSING);
  });
});
