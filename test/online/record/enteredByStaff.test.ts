import { expect, it } from 'vitest';
import { active, back, begun, breakAccount, monitor, paymentOf, type Shop, taken } from '../shop.js';

const at = '2026-03-02T09:00:00Z';
const money = { method: 'ONLINE', at } as const;

/** A shop in which the credits of `ann` (mum) and `ben` (kid) came from one capture: their fees were paid at the desk. */
async function credits(): Promise<Shop> {
  const shop = await begun([
    { patronId: 'ann', feeId: 'f1' },
    { patronId: 'ben', feeId: 'g1' },
  ]);
  const cash = { type: 'ReceivePayment', method: 'CASH', at } as const;
  await shop.give('ann', { ...cash, id: 'c1', amount: '5.00', feeIds: ['f1'] });
  await shop.give('ben', { ...cash, id: 'c2', amount: '4.00', feeIds: ['g1'] });
  await shop.report('o1', taken('ch_1', '9.50'));
  return shop;
}

const creditOf = async (shop: Shop, patronId: string) =>
  (await shop.account(patronId)).credits[0]?.creditId ?? '';

it('assigns a return first to the accounts in which staff entered it', async () => {
  const shop = await credits();
  const creditId = await creditOf(shop, 'ann');
  await shop.give('ann', {
    type: 'RefundCredit',
    id: 'd1',
    creditId,
    amount: '5.00',
    ...money,
    externalTransactionId: 're_1',
  });
  await shop.report('o1', back('re_1', 'ch_1', '5.00'));
  await shop.report('o1', back('re_2', 'ch_1', '4.00'));
  expect((await paymentOf(shop))?.returns.map(({ accounts }) => accounts)).toEqual([
    [{ patronId: 'ann', amount: '5.00' }],
    [{ patronId: 'ben', amount: '4.00' }],
  ]);
  // Mum is charged no shortfall, and the kid keeps no credit. Her other fee of 10.00 stays.
  expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['10.00', '0.00']);
});

it('reserves entries of staff for returns that are not reported yet; the service fee is returned before them', async () => {
  const shop = await credits();
  const creditId = await creditOf(shop, 'ben');
  await shop.give('ben', {
    type: 'RefundCredit',
    id: 'd1',
    creditId,
    amount: '4.00',
    ...money,
    externalTransactionId: 're_2',
  });
  await shop.report('o1', back('re_1', 'ch_1', '5.50'));
  expect((await paymentOf(shop))?.returns).toMatchObject([
    { serviceFee: '0.50', accounts: [{ patronId: 'ann', amount: '5.00' }] },
  ]);
  await shop.report('o1', back('re_2', 'ch_1', '4.00'));
  expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['10.00', '0.00']);
  expect((await monitor(shop)).findings.count).toBe(0);
});

it('counts what staff reversed under the id of the return, in that account', async () => {
  const shop = await begun([{ patronId: 'ann', feeId: 'f1' }, { patronId: 'ben' }]);
  await shop.report('o1', taken('ch_1', '9.50'));
  const [payment] = (await shop.account('ann')).payments;
  const paymentId = payment?.paymentId ?? '';
  const reverse = { type: 'ReversePayment', paymentId, amount: '5.00', ...money } as const;
  await shop.give('ann', { ...reverse, id: 'd1', externalTransactionId: 're_1' });
  expect((await shop.report('o1', back('re_1', 'ch_1', '5.00'))).waiting).toEqual([]);
  expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '0.00']);
});

it('counts what staff entered in an account for the part of that account first', async () => {
  const shop = await begun([{ patronId: 'ann', feeId: 'f1' }, { patronId: 'ben' }]);
  await shop.report('o1', taken('ch_1', '9.50'));
  const [payment] = (await shop.account('ben')).payments;
  const reverse = { type: 'ReversePayment', paymentId: payment?.paymentId ?? '', ...money } as const;
  await shop.give('ben', { ...reverse, id: 'd1', amount: '3.00', externalTransactionId: 're_1' });
  expect((await shop.report('o1', back('re_1', 'ch_1', '9.50'))).waiting).toEqual([]);
  // By ann's part nothing of it is used: she is asked for all, and ben for 1.00.
  expect((await paymentOf(shop))?.recorded.slice(2)).toMatchObject([
    { patronId: 'ann', amount: '5.00' },
    { patronId: 'ben', amount: '4.00', byOthers: '3.00' },
  ]);
  expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '4.00']);
});

it('keeps a part waiting while another account of the payment cannot be read', async () => {
  const shop = await credits();
  const repair = breakAccount(shop, 'ann');
  const { waiting } = await shop.report('o1', back('re_1', 'ch_1', '4.00'));
  expect(waiting).toMatchObject([
    { patronId: 'ben', because: { type: 'OtherAccountUnreadable', patronId: 'ann' } },
  ]);
  repair();
  expect((await monitor(shop)).byCurrency.USD?.returnedAndNotRecorded).toBe('0.00');
});

it('reports if staff entered more under the id of a return than was returned', async () => {
  const shop = await credits();
  const creditId = await creditOf(shop, 'ann');
  await shop.give('ann', {
    type: 'RefundCredit',
    id: 'd1',
    creditId,
    amount: '5.00',
    ...money,
    externalTransactionId: 're_1',
  });
  await shop.report('o1', back('re_1', 'ch_1', '3.00'));
  expect((await monitor(shop)).findings.byCode).toEqual({ RETURNED_TOO_MUCH: 1 });
  await shop.give('ann', { type: 'ReverseRefund', id: 'd2', refundId: 'd1', at });
  expect((await monitor(shop)).findings.byCode).not.toHaveProperty('RETURNED_TOO_MUCH');
});
