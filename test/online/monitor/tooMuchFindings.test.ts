import { runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  back,
  begun,
  breakAccount,
  institution,
  postedByPortal,
  type Shop,
  taken,
} from '../shop.js';

/** Opens a shop in which a portal posted all that was taken, with the service fee. */
async function postedTooMuch(): Promise<Shop> {
  const shop = await begun(ann);
  await shop.give('ann', postedByPortal);
  await shop.report('o1', taken('ch_1', '15.50'));
  return shop;
}

const reverse = { type: 'ReversePayment', paymentId: 'portal', at } as const;

async function messages({ stores, policy }: Shop): Promise<readonly string[]> {
  const { findings } = await runOnlinePayments(stores, policy, { institution, at });
  return findings.first.map(({ message }) => message);
}

describe('tooMuchFindings', () => {
  it('reports what another program recorded too much, until that is reversed', async () => {
    const shop = await postedTooMuch();
    expect(await messages(shop)).toEqual([
      '15.50 USD of ch_1 is recorded by another program, and 15.00 belongs to the account: reverse 0.50 of the payment portal',
    ]);
    await shop.give('ann', { ...reverse, id: 'fix1', amount: '0.20' });
    expect(await messages(shop)).toEqual([expect.stringContaining('reverse 0.30 of the payment portal')]);
    await shop.give('ann', { ...reverse, id: 'fix2', amount: '0.30' });
    expect(await messages(shop)).toEqual([]);
  });

  it('reverses a refund in full, in addition to what was reversed because it was too much', async () => {
    const shop = await postedTooMuch();
    await shop.give('ann', { ...reverse, id: 'fix', amount: '0.50' });
    expect(await shop.report('o1', back('re_1', 'ch_1', '5.00'))).toMatchObject({
      accepted: true,
      waiting: [],
    });
    expect([await active(shop, 'ann'), await messages(shop)]).toEqual(['5.00', []]);
    // What a clerk reverses beyond that belongs to the next return.
    await shop.give('ann', { ...reverse, id: 'hand', amount: '2.00' });
    const { payment } = await shop.report('o1', back('re_2', 'ch_1', '2.00'));
    expect(payment?.recorded.at(-1)).toMatchObject({ byOthers: '2.00' });
    expect(await active(shop, 'ann')).toBe('7.00');
  });

  it('reports an excess posted for the service fee, and a refund that includes the service fee', async () => {
    const shop = await begun(ann);
    await shop.give('ann', { type: 'ReceivePayment', id: 'cash', amount: '15.00', method: 'CASH', at });
    await shop.give('ann', postedByPortal);
    await shop.report('o1', taken('ch_1', '15.50'));
    const refund = { type: 'RefundCredit', creditId: 'portal#1', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...refund, id: 'd1', amount: '15.50', externalTransactionId: 're_1' });
    await shop.report('o1', back('re_1', 'ch_1', '15.50'));
    expect(await messages(shop)).toEqual([
      expect.stringContaining('reverse 0.50 of the payment portal'),
      '15.50 USD is entered as re_1, and 15.50 went back, 0.50 of it as the service fee: undo 0.50 of what is entered',
    ]);
  });

  it('reports a return that reversed the excess instead of its own part, until a person reverses that amount', async () => {
    const shop = await postedTooMuch();
    const { payment } = await shop.report('o1', taken('ch_2', '20.00'));
    const paymentId = payment?.recorded.at(-1)?.recordedId as string;
    const refund = {
      type: 'RefundCredit',
      creditId: `${paymentId}#1`,
      amount: '15.00',
      method: 'ONLINE',
      at,
    } as const;
    await shop.give('ann', { ...refund, id: 'd1', externalTransactionId: 're_1' });
    await shop.report('o1', back('re_1', 'ch_1', '15.50'));
    // Entered anew without the id, and a return that staff reversed by hand: they take back nothing of what is too much.
    await shop.give('ann', { type: 'ReverseRefund', id: 'd2', refundId: 'd1', at }, { ...refund, id: 'd3' });
    await shop.give('ann', { ...reverse, id: 'hand', paymentId, amount: '0.50' });
    await shop.report('o1', back('re_2', 'ch_2', '0.50'));
    await shop.report('o1', back('re_3', 'ch_1', '19.50'));
    expect(await messages(shop)).toEqual([
      `15.50 USD of ch_1 is recorded by another program, and 15.00 belongs to the account: reverse 0.50 of the payment ${paymentId}`,
    ]);
    const shortfallFee = { feeId: 'short', feeType: 'SHORT', owner: 'MAIN' };
    await shop.give('ann', { ...reverse, id: 'fix', paymentId, amount: '0.50', shortfallFee });
    expect(await messages(shop)).toEqual([]);
  });

  it('checks a payment again if one of its accounts could not be read', async () => {
    const shop = await begun();
    await shop.report('o1', { ...taken('ch_1', '15.50'), ended: { cause: 'completed', final: true } });
    const repair = breakAccount(shop, 'ben');
    const { stores, policy } = shop;
    const { cursor: after, findings } = await runOnlinePayments(stores, policy, { institution, at });
    expect(findings.count).toBe(0);
    repair();
    await shop.give('ben', postedByPortal);
    const { findings: found } = await runOnlinePayments(stores, policy, { institution, at, after });
    expect(found.byCode).toEqual({ RECORDED_TOO_MUCH: 1 });
  });

  it('reports nothing if nothing is left to reverse', async () => {
    const handed = await postedTooMuch();
    await handed.give('ann', { ...reverse, id: 'hand', method: 'CASH' });
    expect(await messages(handed)).toEqual([]);
  });

  it('still reports the excess if the account cannot be read', async () => {
    const shop = await postedTooMuch();
    const broken = { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'none', at } } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    expect(await messages(shop)).toEqual([expect.stringContaining('reverse 0.50')]);
  });
});
