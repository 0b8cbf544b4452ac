import { type OnlineReport, onlinePaymentStatus } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  ann,
  begun,
  meetsAfter,
  monitor,
  monitorAt,
  openShop,
  paymentOf,
  rejectionsOf,
  type Shop,
  startAndDie,
  taken,
  typeOf,
} from './shop.js';

const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T09:00:00Z`;
const pending = (until: number): OnlineReport => ({ pending: { until: day(until) } });
const failed: OnlineReport = { ended: { cause: 'failed', final: false } };
const cancelled: OnlineReport = { ended: { cause: 'cancelled', final: false } };

/** Reports one after the other, each on a day of March. */
async function told(shop: Shop, ...reports: readonly (readonly [day: number, report: OnlineReport])[]) {
  for (const [number, report] of reports)
    expect((await shop.report('o1', report, { at: day(number) })).accepted).toBe(true);
}

async function statusOn(shop: Shop, number: number): Promise<string | undefined> {
  const payment = await paymentOf(shop);
  return payment === null ? undefined : onlinePaymentStatus(payment, day(number));
}

const eventCount = async (shop: Shop) => (await paymentOf(shop))?.eventCount;

describe('a debit that is under way', () => {
  it('holds its fees until its time, even after an end that is not final', async () => {
    const shop = await begun();
    await told(shop, [2, pending(8)], [2, cancelled]);
    expect(await statusOn(shop, 7)).toBe('pending');
    expect(await statusOn(shop, 8)).toBe('ended');
  });

  it('is not started a second time with the same parts, with the same id, or with replace', async () => {
    const shop = await begun(ann);
    await told(shop, [2, pending(8)]);
    const more = { at: day(3) };
    const starts = [
      await shop.start('o2', ann, more),
      await shop.start('o1', ann, more),
      await shop.start('o3', ann, { ...more, replace: true }),
      await shop.start('o4', [{ patronId: 'ann', feeId: 'f1' }], { ...more, replace: true }),
    ];
    expect(starts.map(typeOf)).toEqual(Array(4).fill('PaymentInProgress'));
    expect(await shop.start('o5', ann, { at: day(9) })).toMatchObject({ accepted: true });
  });

  it('is not started a second time by a process that another one overtook between any two writes', async () => {
    const household = [{ patronId: 'ann' }, { patronId: 'ben' }];
    const begin = (shop: Shop) => shop.start('o1', household);
    const debit = async (shop: Shop) => {
      await begin(shop);
      await told(shop, [2, pending(8)]);
    };
    const nothing = async () => {};
    const killed = (shop: Shop) => startAndDie(shop, 'o1', household).then(() => monitor(shop));
    for (const before of [nothing, killed]) {
      for (let writes = 0, met = true; met; writes += 1) {
        const shop = await openShop();
        await before(shop);
        let result: Awaited<ReturnType<typeof begin>> | undefined;
        const start = async () => {
          result = await begin(shop);
        };
        met = await meetsAfter(shop, writes, start, debit);
        expect(result && typeOf(result), `after ${writes} writes`).toBe(
          met ? 'PaymentInProgress' : 'accepted',
        );
        expect(await statusOn(shop, 7)).toBe(met ? 'pending' : 'ended');
      }
    }
  });

  it('is not ended as expired by the monitor before its time', async () => {
    const shop = await begun();
    await told(shop, [2, pending(8)]);
    await monitorAt(shop, day(3));
    expect((await paymentOf(shop))?.ended).toBeNull();
    await monitorAt(shop, day(8));
    expect((await paymentOf(shop))?.ended).toMatchObject({ cause: 'expired' });
  });

  it('ends with a capture, a final end, or a failure that is not older than the debit', async () => {
    const ends: readonly OnlineReport[] = [
      taken('ch_1', '19.50'),
      { ended: { cause: 'cancelled', final: true } },
      failed,
    ];
    for (const end of ends) {
      const shop = await begun();
      await told(shop, [3, pending(8)], [3, end]);
      expect(await statusOn(shop, 4)).not.toBe('pending');
    }
  });

  it('is not ended by the late failure of a debit before it', async () => {
    const shop = await begun();
    await told(shop, [2, pending(6)], [4, pending(9)], [3, failed]);
    expect(await statusOn(shop, 5)).toBe('pending');
  });

  it('is ended by a failure that is reported after another end', async () => {
    const shop = await begun();
    await told(shop, [2, pending(8)], [3, cancelled], [4, failed]);
    expect(await statusOn(shop, 5)).toBe('ended');
  });

  it.each<[string, readonly (readonly [number, OnlineReport])[], readonly [number, OnlineReport]]>([
    ['an end of the debit told before', [[2, pending(8)]], [3, pending(8)]],
    ['an end not later than its report', [], [8, pending(8)]],
    ['one that neither ends nor began later', [[3, pending(8)]], [2, pending(7)]],
    ['one that began before a failure', [[4, failed]], [3, pending(8)]],
    ['one after a capture', [[2, taken('ch_1', '19.50')]], [3, pending(8)]],
    ['one after a final end', [[2, { ended: { cause: 'failed', final: true } }]], [3, pending(8)]],
  ])('has no event for %s', async (_, before, message) => {
    const shop = await begun();
    await told(shop, ...before);
    const count = await eventCount(shop);
    await told(shop, message);
    expect(await eventCount(shop)).toBe(count);
  });

  it('does not hold the fees again if an old message comes after its failure', async () => {
    const shop = await begun();
    await told(shop, [2, pending(8)], [3, failed], [5, pending(8)]);
    expect(await statusOn(shop, 6)).toBe('ended');
  });

  it('takes at most 90 days', async () => {
    const shop = await begun();
    const report = await shop.report('o1', { pending: { until: '2026-06-02T09:00:00Z' } });
    expect(rejectionsOf(report)).toEqual(['InvalidOnlinePayment']);
  });
});

describe('expectedTotal', () => {
  it('must equal the total: if the page showed another one, nothing is stored', async () => {
    const shop = await openShop();
    expect(await shop.start('o1', ann, { expectedTotal: '15.00' })).toMatchObject({
      rejection: { type: 'AmountChanged', expectedTotal: '15.00', total: '15.50' },
    });
    expect(await paymentOf(shop)).toBeNull();
    expect((await shop.stores.office.accounts()).accounts).toEqual([]);
    expect(await shop.start('o1', ann, { expectedTotal: '15.5' })).toMatchObject({ accepted: true });
  });

  it('is compared with a payment in progress that would be returned', async () => {
    const shop = await begun(ann);
    for (const id of ['o1', 'o2'])
      expect(typeOf(await shop.start(id, ann, { expectedTotal: '15.00' }))).toBe('AmountChanged');
    expect(typeOf(await shop.start('o2', ann, { expectedTotal: '15.50' }))).toBe('accepted');
  });
});
