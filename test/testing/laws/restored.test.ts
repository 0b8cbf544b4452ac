import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  type Fee,
  fold,
  owed,
  type PatronAccount,
  unused,
} from '../../../src/index.js';
import { checkRestored } from '../../../src/testing/laws/restored.js';

describe('the recall of a later transfer', () => {
  const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
  const at = '2026-03-02T09:00:00Z';
  const cancelled = [
    { type: 'AssessFee', id: 'f1', at, feeType: 'OTHER', amount: '0.03', owner: 'MAIN' },
    { type: 'TransferFees', id: 't1', at, fees: [{ feeId: 'f1' }] },
    { type: 'CancelFee', id: 'x', at, feeId: 'f1', amount: '0.01' },
    { type: 'RecallTransfer', id: 'r', at, transferId: 't1', amount: '0.02' },
  ] as const;
  const settled = { type: 'SettleTransfer', id: 's', at, transferId: 't1', amount: '0.01' } as const;
  const transfer = { type: 'TransferFees', id: 't2', at, fees: [{ feeId: 'f1' }] } as const;
  const recall = { type: 'RecallTransfer', id: 'r2', at, transferId: 't2' } as const;
  const accountAfter = (commands: readonly Command[], account = emptyAccount()) =>
    commands.reduce((now, command) => {
      const decision = decide(command, now, policy);
      if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
      return fold(decision.events, now);
    }, account);
  const owedOn = ({ fees }: PatronAccount) => owed(fees[0] as Fee);

  it('uses up the credit for what was paid there although cancelled: one bill, at the same cost', () => {
    const before = accountAfter([...cancelled, settled]);
    const whole = accountAfter([transfer, recall], before);
    expect([owedOn(before), owedOn(whole)]).toEqual([2, 1]);
    expect([before, whole].map((account) => account.credits.map(unused))).toEqual([[1], [0]]);
    expect([before, whole].map((account) => balancesInMinorUnits(account).active)).toEqual([1, 1]);
    const inTwo = accountAfter([transfer, { ...recall, id: 'r1', amount: '0.01' }, recall], before);
    for (const account of [whole, inTwo]) expect(() => checkRestored(account, before, '')).not.toThrow();
  });

  it('changes nothing else: if it took back no more than was open, the account owes the same as before', () => {
    const before = accountAfter(cancelled);
    checkRestored(accountAfter([transfer, recall], before), before, '');
    expect(() => checkRestored(accountAfter([settled, transfer, recall], before), before, 'it')).toThrow(
      'owed',
    );
    const settledBefore = accountAfter([...cancelled, settled]);
    const paid = { type: 'ReceivePayment', id: 'p', at, method: 'CASH', amount: '0.01' } as const;
    expect(() => checkRestored(accountAfter([paid], settledBefore), settledBefore, 'it')).toThrow('active');
  });
});
