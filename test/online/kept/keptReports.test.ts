import { describe, expect, it } from 'vitest';
import { keptIdOf } from '../../../src/online/kept/keptReports.js';
import {
  ann,
  at,
  back,
  begun,
  capturesOf,
  diesAfter,
  institution,
  monitor,
  openShop,
  reconcile,
  row,
  taken,
} from '../shop.js';

const capture = { onlinePaymentId: 'o1', externalTransactionId: 'ch_1', amount: '5.00', currency: 'USD' };

it('a refused part is tried again at the end of a payouts run, whichever run kept it', async () => {
  const shop = await openShop();
  await shop.report('o1', taken('ch_1', '15.50'));
  await shop.start('o1', ann);
  expect(await reconcile(shop)).toMatchObject({ kept: [], findings: { count: 0 } });
  expect(await capturesOf(shop)).toEqual(['ch_1']);
});

describe('what a report refuses', () => {
  it('is kept once, even if the webhook and the monitor name different payments', async () => {
    const shop = await begun();
    const first = await shop.report('x1', taken('ch_1', '5.00'));
    const second = await shop.report('x2', taken('ch_1', '5.00', 'usd'));
    expect([first.kept, first.rejections.map(({ type }) => type)]).toEqual([
      [{ keptId: expect.any(String), status: 'open' }],
      ['OnlinePaymentUnknown'],
    ]);
    expect(second.kept).toEqual(first.kept);
    const { events } = await shop.stores.office.read({
      institution,
      stream: `onlineKept:${first.kept[0]?.keptId}`,
    });
    // The second name is added, and told a third time nothing is.
    expect(events.map(({ event }) => event.type)).toEqual(['OnlineReportKept', 'OnlineReportKept']);
    await shop.report('x1', taken('ch_1', '5.00'));
    expect((await monitor(shop)).kept).toBe(1);
  });

  it('is not kept if it is malformed, or recorded with its amount in another payment', async () => {
    const shop = await openShop();
    await shop.start('o1', [{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    expect((await shop.report('o2', taken('ch_1', '15.50'))).kept).toEqual([]);
    expect((await shop.report('o2', taken('ch_2', '1.005'))).kept).toEqual([]);
    expect((await shop.report('o2', taken('ch_1', '15.00'))).kept).toHaveLength(1);
    expect((await shop.report('o2', taken('ch_3', '4.50', 'XXY'))).kept).toEqual([]);
  });

  it('has an id made of kind, transaction, amount and currency; the id of a row is made of the row id alone', () => {
    const id = (kind: 'capture', told: object) => keptIdOf({ kind, told: { ...capture, ...told } } as never);
    expect(id('capture', { onlinePaymentId: 'o2' })).toBe(id('capture', {}));
    for (const other of [{ amount: '6.00' }, { currency: 'EUR' }, { externalTransactionId: 'ch_9' }])
      expect(id('capture', other)).not.toBe(id('capture', {}));
    const rowId = (more: object) =>
      keptIdOf({ kind: 'row', told: { ...row('r1', '5.00'), ...more } } as never);
    expect(rowId({ amount: '9.00', method: 'OTHER' })).toBe(rowId({}));
  });

  it('is kept before the provider gets an answer, wherever the process dies', async () => {
    for (let writes = 0, died = true; died; writes += 1) {
      const shop = await openShop();
      died = await diesAfter(shop, writes, () => shop.report('x', back('re_1', 'ch_1', '5.00')));
      if (!died) expect((await monitor(shop)).byCurrency.USD?.returnedAndNotRecorded).toBe('5.00');
    }
    expect(at).toBeTruthy();
  });
});
