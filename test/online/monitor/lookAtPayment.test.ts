import { runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  back,
  begun,
  diesAfter,
  institution,
  monitor,
  monitorAt,
  openShop,
  paymentOf,
  reconcile,
  row,
  taken,
} from '../shop.js';

const later = '2026-03-05T09:00:00Z';
const completed = { ended: { cause: 'completed', final: true } } as const;

describe('a look at a payment', () => {
  it('reports differing rows in every run, with the cursor of the previous run', async () => {
    const shop = await begun(ann);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ...completed });
    await reconcile(shop, row('r1', '15.50'), row('r2', '15.50'));
    let after: string | null = null;
    for (const _ of [1, 2, 3]) {
      const { findings, cursor } = await monitorAt(shop, later, { after });
      expect(findings.byCode).toEqual({ PAID_OUT_TWICE: 1 });
      after = cursor;
    }
  });

  it('records more than was asked for as a credit at once, and reports it until payouts have all of it', async () => {
    const shop = await begun(ann);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ...completed });
    await shop.report('o1', taken('ch_2', '15.50'));
    expect(await active(shop, 'ann')).toBe('-15.50');
    expect((await monitor(shop)).findings.byCode).toEqual({ CAPTURED_ABOVE_TOTAL: 1 });
    await reconcile(shop, row('r1', '15.50'), row('r2', '15.50', { transaction: 'ch_2' }));
    expect((await monitor(shop)).findings.count).toBe(0);
  });

  it('reports an amount in minor units by mistake, which no payout confirms', async () => {
    const shop = await begun(ann);
    await shop.report('o1', { ...taken('ch_1', '1550.00'), ...completed });
    await reconcile(shop, row('r1', '15.50'));
    expect((await monitor(shop)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1, CAPTURED_ABOVE_TOTAL: 1 });
    await shop.report('o1', back('mistake', 'ch_1', '1534.50'));
    expect((await monitor(shop)).findings.byCode).toEqual({ AMOUNT_DIFFERS: 1 });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('does not look at a finished payment again', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ...completed });
    const first = await monitor(shop);
    const second = await monitorAt(shop, later, { after: first.cursor });
    expect([first.payments, second.payments]).toEqual([1, 0]);
  });

  it('asks again in the next run about a payment if asking failed', async () => {
    const shop = await begun(ann);
    const run = (time: string, after: string | null, ask: () => null) =>
      runOnlinePayments(shop.stores, shop.policy, { institution, at: time, after }, { ask });
    const failed = await run('2026-03-02T10:00:00Z', null, () => {
      throw new Error('503');
    });
    const again = await run('2026-03-02T10:01:00Z', failed.cursor, () => null);
    const third = await run('2026-03-02T10:02:00Z', again.cursor, () => null);
    expect([failed.findings.byCode, again.asked, third.asked, third.payments]).toEqual([
      { ASK_FAILED: 1 },
      1,
      0,
      1,
    ]);
  });

  it('keeps what a dead process wrote only to other streams, if it can no longer be recorded', async () => {
    const shop = await begun(ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    expect(await diesAfter(shop, 1, () => shop.report('o1', back('re_1', 'ch_1', '15.50')))).toBe(true);
    await shop.report('o1', back('re_2', 'ch_1', '10.00'));
    const { findings, byCurrency } = await monitor(shop);
    expect(findings.first).toMatchObject([{ code: 'REPORT_REFUSED', keptId: expect.any(String) }]);
    expect(byCurrency.USD?.returnedAndNotRecorded).toBe('15.50');
    expect((await paymentOf(shop))?.returns).toHaveLength(1);
    expect(at).toBe('2026-03-02T09:00:00Z');
  });
});
