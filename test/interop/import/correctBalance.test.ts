import { describe, expect, it } from 'vitest';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { account, balance, change, charge, imported } from './foreign.js';

describe('a balance that differs from the rows', () => {
  it('is corrected by cancelling the excess, the latest fee first, and reported', () => {
    const fees = [charge(0, 1_000), charge(1, 300, { feeId: 'x/f2' })];
    const foreign = account(fees, [balance(900)]);
    const { all, findings, owed } = imported(foreign);
    expect(owed).toEqual({ 'x/f1': 900, 'x/f2': 0 });
    expect(findings).toEqual(['BalanceDiffers']);
    expect(all.at(-1)).toMatchObject({
      type: 'FeeCancelled',
      data: {
        cancellationId: 'x/f1/correction/2',
        amount: '1.00',
        comment: 'Import from x: open is 9.00, its rows give 13.00',
      },
    });
    expect(importEvents(foreign).findings[0]?.message).toBe(
      'rows 1: open: expected 13.00, to which the rows lead, found 9.00',
    );
  });

  it('is corrected by adding a fee, or by increasing a fine', () => {
    expect(imported(account([charge(0, 1_000)], [balance(1_100)])).owed).toEqual({
      'x/f1': 1_000,
      'x/f1/correction/1': 100,
    });
    expect(imported(account([charge(0, 1_000, { grows: true })], [balance(1_100)])).owed).toEqual({
      'x/f1': 1_100,
    });
  });

  it('is corrected by withdrawing or issuing credit', () => {
    const credit = change(1, {
      kind: 'credit',
      creditId: 'x/f1',
      balanceId: 'x/f1',
      amount: 200,
      purpose: 'goodwill',
    });
    expect(imported(account([credit], [balance(0, { credit: 150 })])).unused).toEqual({ 'x/f1': 150 });
    const more = imported(account([credit], [balance(0, { credit: 250 })]));
    expect(more.unused).toEqual({ 'x/f1': 200, 'x/f1/correction/1': 50 });
    expect(more.all.at(-1)).toMatchObject({ data: { purpose: 'goodwill' } });
  });

  it('is reported again by every later import, without further changes', () => {
    const foreign = account([charge(0, 1_000)], [balance(900)]);
    const again = imported(foreign, imported(foreign).all);
    expect(again).toMatchObject({ events: [], findings: ['BalanceDiffers'] });
  });

  it('follows the balance of later rows', () => {
    const first = imported(account([charge(0, 1_000)], [balance(900)]));
    const second = imported(account([charge(0, 1_000)], [balance(950)]), first.all);
    expect(second.owed).toEqual({ 'x/f1': 900, 'x/f1/correction/2': 50 });
    expect(imported(account([charge(0, 1_000)], [balance(0)]), second.all).owed).toEqual({
      'x/f1': 0,
      'x/f1/correction/2': 0,
    });
  });
});
