import { runPurge } from 'patron-fees/jobs';
import { runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { sumOf } from '../../../src/online/record/enteredByStaff.js';
import { active, at, back, begun, fee, institution, paymentOf, taken } from '../shop.js';

describe('planReturn', () => {
  it('counts a refund that staff entered for the return, in any account', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '22.50'));
    const [credit] = (await shop.account('ann')).credits;
    const refund = { type: 'RefundCredit', id: 'r1', amount: '3.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...refund, creditId: credit?.creditId ?? '', externalTransactionId: 're_1' });
    const result = await shop.report('o1', back('re_1', 'ch_1', '3.00'));
    expect(result.payment?.recorded.at(-1)).toMatchObject({ recordedId: 'r1', byOthers: '3.00' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '0.00']);
  });

  it('reserves a refund with another id for its own return, and charges the shortfall', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '22.50'));
    const [credit] = (await shop.account('ann')).credits;
    const refund = { type: 'RefundCredit', id: 'r1', amount: '3.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...refund, creditId: credit?.creditId ?? '', externalTransactionId: 're_0' });
    const result = await shop.report('o1', back('re_1', 'ch_1', '3.00', { kind: 'chargeback' }));
    expect(result.waiting).toEqual([]);
    expect(await active(shop, 'ann')).toBe('3.00');
    const other = await shop.report('o1', back('re_0', 'ch_1', '3.00'));
    expect(other.payment?.recorded.at(-1)).toMatchObject({ recordedId: 'r1', byOthers: '3.00' });
    expect(await active(shop, 'ann')).toBe('3.00');
  });

  it('counts once a reversal by hand with the method of the payment', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    const paymentId = payment?.recorded[0]?.recordedId ?? '';
    await shop.give('ann', { type: 'ReversePayment', id: 'hand', paymentId, amount: '4.00', at });
    await shop.report('o1', back('re_1', 'ch_1', '3.00'));
    expect(await active(shop, 'ann')).toBe('4.00');
    const result = await shop.report('o1', back('re_2', 'ch_1', '3.00'));
    expect(result.payment?.recorded.slice(1)).toMatchObject([{ byOthers: '3.00' }, { byOthers: '1.00' }]);
    expect(await active(shop, 'ann')).toBe('6.00');
  });

  it('reports a part as waiting if staff handed the money back in cash', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    const paymentId = payment?.recorded[0]?.recordedId ?? '';
    await shop.give('ann', { type: 'ReversePayment', id: 'hand', paymentId, method: 'CASH', at });
    const { waiting } = await shop.report('o1', back('re_1', 'ch_1', '15.50'));
    expect(waiting).toMatchObject([{ kind: 'return', amount: '15.00', because: { type: 'AlreadyUndone' } }]);
  });

  it('reverses payments of other captures if those of its own are too small now, and waits if all are too small', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const other = (await shop.report('o1', taken('ch_1', '5.50'))).payment?.recorded[0]?.recordedId ?? '';
    const { payment } = await shop.report('o1', taken('ch_2', '10.00'));
    const own = payment?.recorded[1]?.recordedId ?? '';
    const cash = { type: 'ReversePayment', amount: '4.00', method: 'CASH', at } as const;
    await shop.give('ann', { ...cash, id: 'hand', paymentId: own });
    expect(await shop.report('o1', back('re_1', 'ch_2', '10.00'))).toMatchObject({ waiting: [] });
    expect((await paymentOf(shop))?.returns).toMatchObject([{ of: 'ch_2', accounts: [{ amount: '10.00' }] }]);
    const reversed = async () =>
      (await shop.account('ann')).payments.map(({ paymentId, reversals }) => [paymentId, sumOf(reversals)]);
    expect(await reversed()).toEqual([
      [other, 400],
      [own, 1000],
    ]);
    expect(await active(shop, 'ann')).toBe('14.00');
    // Of both together 1.00 is left: nothing of it is reversed.
    const { waiting } = await shop.report('o1', back('re_2', 'ch_1', '5.00'));
    expect(waiting).toMatchObject([{ amount: '5.00', because: { type: 'AlreadyUndone' } }]);
    expect(await active(shop, 'ann')).toBe('14.00');
  });

  it('charges a shortfall if the credit of a return is used', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f1' }]);
    await shop.report('o1', taken('ch_1', '8.50'));
    const [credit] = (await shop.account('ann')).credits;
    const use = { creditId: credit?.creditId ?? '', allocations: [{ feeId: 'f2', amount: '3.00' }] };
    await shop.give('ann', { type: 'ApplyCredit', id: 'a1', ...use, at });
    expect(await shop.report('o1', back('re_1', 'ch_1', '8.50'))).toMatchObject({ waiting: [] });
    const account = await shop.account('ann');
    expect(account.fees.map(({ feeType }) => feeType)).toEqual(['OTHER', 'OTHER', 'SHORT']);
    expect(await active(shop, 'ann')).toBe('15.00');
    await shop.give('ann', fee('f3', '1.00'));
  });

  it('reports a part as waiting if the account of the payment was purged', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ended: { cause: 'expired', final: true } });
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const age = { at: '2036-01-01T00:00:00Z', settledForDays: 1 };
    const form = { jobId: 'j', institution, timeZone: 'UTC', by, ...age };
    expect(await runPurge(shop.stores as never, shop.policy, form, { now: age.at })).toMatchObject({
      report: { purged: 1 },
    });
    const { waiting } = await shop.report('o1', back('re_1', 'ch_1', '5.00', { kind: 'chargeback' }));
    expect(waiting).toMatchObject([{ kind: 'return', because: { type: 'PaymentNotFound' } }]);
    const { findings } = await runOnlinePayments(shop.stores, shop.policy, { institution, at: age.at });
    expect(findings.first).toMatchObject([
      { code: 'RETURNED_NOT_RECORDED', message: expect.stringContaining('charge a fee') },
    ]);
  });
});
