import { describe, expect, it } from 'vitest';
import { active, at, back, begun, monitor, postedByPortal, type Shop, taken } from '../shop.js';

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
