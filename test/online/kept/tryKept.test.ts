import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  back,
  begun,
  institution,
  monitor,
  monitorAt,
  openShop,
  paymentOf,
  reconcile,
  row,
  taken,
} from '../shop.js';

describe('what is kept', () => {
  it('is reported and counted in every run, until it can be recorded', async () => {
    const shop = await openShop();
    await shop.report('o1', taken('ch_1', '15.50'));
    const first = await monitor(shop);
    const second = await monitorAt(shop, at, { after: first.cursor });
    for (const { findings, byCurrency } of [first, second]) {
      expect(findings.first).toMatchObject([
        { code: 'REPORT_REFUSED', externalTransactionId: 'ch_1', keptId: expect.any(String) },
      ]);
      expect(byCurrency.USD?.takenAndNotRecorded).toBe('15.50');
    }
    await shop.start('o1', ann);
    const third = await monitorAt(shop, at, { after: second.cursor });
    expect([third.findings.count, third.byCurrency.USD?.takenAndNotRecorded ?? '0.00']).toEqual([0, '0.00']);
    expect(await active(shop, 'ann')).toBe('0.00');
    // It is recorded for good.
    expect((await monitorAt(shop, at, { after: third.cursor })).kept).toBe(0);
  });

  it('is recorded in the right order: a return that came before its capture, whose payment was unknown', async () => {
    const shop = await openShop();
    await shop.report('o1', back('re_1', 'ch_1', '5.00'));
    await shop.report('o1', taken('ch_1', '15.50'));
    await shop.start('o1', ann);
    await monitor(shop);
    expect((await paymentOf(shop))?.returns).toMatchObject([{ externalTransactionId: 're_1' }]);
    expect(await active(shop, 'ann')).toBe('5.00');
  });

  it('is recorded for the accounts that the report named, not divided over all accounts', async () => {
    const shop = await begun();
    const accounts = [{ patronId: 'ann', amount: '4.00' }];
    await shop.report('o1', back('re_1', 'ch_1', '4.00', { accounts }));
    await shop.report('o1', taken('ch_1', '19.50'));
    await monitor(shop);
    expect((await paymentOf(shop))?.returns).toMatchObject([{ externalTransactionId: 're_1', accounts }]);
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['4.00', '0.00']);
  });

  it('is tried until nothing more can be recorded: a return whose capture comes from a row that is tried later', async () => {
    const shop = await openShop();
    await shop.report('o1', back('re_1', 'ch_1', '5.00'));
    await reconcile(shop, row('r1', '15.50'));
    await shop.start('o1', ann);
    await reconcile(shop);
    expect((await paymentOf(shop))?.returns).toMatchObject([{ externalTransactionId: 're_1' }]);
  });

  it('is no longer open once its transaction is recorded with its amount, in any payment', async () => {
    const shop = await begun(ann);
    await shop.report('unknown', taken('ch_1', '15.50'));
    await shop.report('o1', taken('ch_1', '15.50'));
    const { kept, findings } = await monitor(shop);
    expect([kept, findings.count]).toEqual([0, 0]);
  });

  it('is tried under every payment that a row named', async () => {
    const shop = await openShop();
    for (const reference of ['wrong', 'o1', 'worse'])
      await reconcile(shop, row('r1', '15.50', { reference }));
    await shop.start('o1', ann);
    expect((await monitor(shop)).findings.count).toBe(0);
    expect((await paymentOf(shop))?.payouts).toMatchObject([{ rowId: 'r1' }]);
  });

  it('is counted in its own currency, each transaction once', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '1300', 'JPY'));
    await reconcile(shop, row('r1', '7.00', { reference: 'x', transaction: 'ch_9' }));
    await shop.report('x', taken('ch_9', '7.00'));
    const { byCurrency, kept } = await monitor(shop);
    expect([byCurrency.JPY?.takenAndNotRecorded, byCurrency.USD?.takenAndNotRecorded, kept]).toEqual([
      '1300',
      '7.00',
      3,
    ]);
  });

  it('is recorded with the sum of its rows, each once, if it is an unreported capture, whatever their method', async () => {
    const shop = await openShop();
    const rows = [row('r1', '10.00'), row('r2', '5.50'), row('r1', '10.00')];
    const report = await reconcile(shop, ...rows);
    expect(report).toMatchObject({ rows: 2, recorded: 0, findings: { byCode: { UNKNOWN_PAYMENT: 2 } } });
    expect(report.kept).toHaveLength(2);
    await shop.start('o1', ann);
    await monitor(shop);
    expect(await paymentOf(shop)).toMatchObject({ captures: [{ amount: '15.50' }], payouts: [{}, {}] });
    expect(await monitor(shop)).toMatchObject({ findings: { count: 0 }, kept: 0 });
  });

  it('is read once if two overlapping pages have the same row', async () => {
    const shop = await begun();
    const one = row('r1', '19.50');
    const report = await reconcile(shop, one, { ...one });
    expect(report).toMatchObject({ rows: 1, recorded: 1 });
    expect(report.byCurrency.USD).toMatchObject({ gross: '19.50' });
    expect(await paymentOf(shop)).toMatchObject({ captures: [{ amount: '19.50' }] });
    expect(institution).toBe('north');
  });
});
