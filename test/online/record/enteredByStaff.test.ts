import { describe, expect, it } from 'vitest';
import {
  active,
  back,
  begun,
  breakAccount,
  monitor,
  paymentOf,
  postedByPortal,
  type Shop,
  taken,
} from '../shop.js';

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

const found = async (shop: Shop) => (await monitor(shop)).findings.byCode;
const balances = async (shop: Shop) => [await active(shop, 'ann'), await active(shop, 'ben')];

/** Begins a payment of a household; a portal records more of it in the account of `ann` than her `15.00`. */
async function posted(amount: string): Promise<Shop> {
  const shop = await begun();
  await shop.give('ann', { ...postedByPortal, amount });
  await shop.report('o1', taken('ch_1', '19.50'));
  expect(await found(shop)).toEqual({ RECORDED_TOO_MUCH: 1 });
  return shop;
}

/** Staff enter the return at the desk, by a reversal that names it. */
function reverse(shop: Shop, amount: string, paymentId = 'portal') {
  const desk = {
    type: 'ReversePayment',
    id: 'desk',
    method: 'ONLINE',
    externalTransactionId: 're_1',
  } as const;
  return shop.give('ann', { ...desk, paymentId, amount, at });
}

describe('a reversal that names a return', () => {
  it.each(['15.50', '19.50'])(
    'takes back what others recorded too much, in addition to the part of its account: %s',
    async (amount) => {
      const shop = await posted(amount);
      await reverse(shop, amount);
      await shop.report('o1', back('re_1', 'ch_1', '19.50'));
      // The other account gives back its own part, whatever is reversed here.
      expect(await balances(shop)).toEqual(['15.00', '4.00']);
      expect(await found(shop)).toEqual({});
    },
  );

  it('takes an excess back once: what was reversed by hand before is not taken back again', async () => {
    const shop = await posted('19.50');
    const byHand = { type: 'ReversePayment', id: 'hand', method: 'ONLINE', paymentId: 'portal' } as const;
    await shop.give('ann', { ...byHand, amount: '4.50', at });
    expect(await found(shop)).toEqual({});
    await reverse(shop, '15.00');
    await shop.report('o1', back('re_1', 'ch_1', '19.50'));
    expect([await balances(shop), await found(shop)]).toEqual([['15.00', '4.00'], {}]);
  });

  it('takes back an excess in addition to a partial return', async () => {
    const shop = await posted('19.50');
    await reverse(shop, '10.50');
    await shop.report('o1', back('re_1', 'ch_1', '6.00'));
    expect([await balances(shop), await found(shop)]).toEqual([['6.00', '0.00'], {}]);
  });

  it('is reported as too much if it takes back what was already reversed by hand', async () => {
    const shop = await posted('19.50');
    const byHand = { type: 'ReversePayment', id: 'hand', method: 'ONLINE', paymentId: 'portal' } as const;
    await shop.give('ann', { ...byHand, amount: '4.50', at });
    await reverse(shop, '10.50');
    await shop.report('o1', back('re_1', 'ch_1', '6.00'));
    expect(await found(shop)).toEqual({ RETURNED_TOO_MUCH: 1 });
  });

  it('of more than was returned is reported until it is paid in again under the id of the return', async () => {
    const shop = await begun();
    const { payment } = await shop.report('o1', taken('ch_1', '19.50'));
    await reverse(shop, '10.00', payment?.recorded[0]?.recordedId);
    await shop.report('o1', back('re_1', 'ch_1', '6.00'));
    expect([await balances(shop), await found(shop)]).toEqual([['10.00', '0.00'], { RETURNED_TOO_MUCH: 1 }]);
    await shop.give('ann', { ...postedByPortal, amount: '4.00', externalTransactionId: 're_1' });
    expect([await balances(shop), await found(shop)]).toEqual([['6.00', '0.00'], {}]);
  });

  it('subtracts what was paid in again before the report of the return', async () => {
    const shop = await begun();
    const { payment } = await shop.report('o1', taken('ch_1', '19.50'));
    await reverse(shop, '10.00', payment?.recorded[0]?.recordedId);
    await shop.give('ann', { ...postedByPortal, amount: '4.00', externalTransactionId: 're_1' });
    await shop.report('o1', back('re_1', 'ch_1', '10.00'));
    expect([await balances(shop), await found(shop)]).toEqual([['10.00', '0.00'], {}]);
  });
});
