import { describe, expect, it } from 'vitest';
import {
  ann,
  apartIn,
  begun,
  diesAfter,
  monitor,
  openShop,
  paymentOf,
  policyOf,
  reconcile,
  row,
  settleKept,
  taken,
} from '../shop.js';

const strange = row('r1', '13.00', {
  reference: null,
  transaction: 'ch_9',
  gross: '13.00',
  fee: '0.40',
  net: '12.60',
});

describe('a row that nobody knows', () => {
  it('is only counted if the account at the provider is shared with other programs', async () => {
    const shop = await openShop(policyOf({ sharedAccount: true }));
    expect(await reconcile(shop, strange)).toMatchObject({ notOurs: 1, kept: [], findings: { count: 0 } });
    expect((await monitor(shop)).kept).toBe(0);
    // Of what names one of our transactions, that it does not fit is a finding.
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const odd = row('r2', '-99.00', { type: 'refund', transaction: 're_1', of: 'ch_1', reference: null });
    expect(await reconcile(shop, odd)).toMatchObject({ notOurs: 0, findings: { count: 1 } });
  });

  it('is kept if it names one of our payments, although the account is shared', async () => {
    const shop = await openShop(policyOf({ sharedAccount: true }));
    await shop.start('o1', ann);
    const refund = row('r1', '-5.00', { type: 'refund', transaction: 're_1' });
    const { kept, notOurs } = await reconcile(shop, refund);
    expect([kept.length, notOurs]).toEqual([1, 0]);
  });

  it('is posted once settled; read again it is a repeat, and it is recorded once its transaction is known', async () => {
    const shop = await openShop();
    const { kept } = await reconcile(shop, strange);
    const [keptId = ''] = kept;
    expect(await settleKept(shop, keptId)).toMatchObject({ accepted: true, status: 'settled' });
    expect(await apartIn(shop)).toEqual([-1_300, 1_260]);
    expect(await reconcile(shop, strange)).toMatchObject({ settled: 1, kept: [], findings: { count: 0 } });
    expect((await monitor(shop)).findings.count).toBe(0);
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_9', '13.00'));
    expect(await reconcile(shop, strange)).toMatchObject({ settled: 0, recorded: 1 });
    expect(await apartIn(shop)).toEqual([0, 1_260]);
  });

  it('is open again if its content changes', async () => {
    const shop = await openShop();
    const { kept } = await reconcile(shop, strange);
    await settleKept(shop, kept[0] ?? '');
    const changed = { ...strange, amount: '14.00', gross: '14.00', net: '13.60' };
    expect(await reconcile(shop, changed)).toMatchObject({
      settled: 0,
      findings: { byCode: { UNKNOWN_PAYMENT: 1 } },
    });
    expect(await apartIn(shop)).toEqual([0, 0]);
  });

  it('is not posted if its row is recorded already', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    await reconcile(shop, row('r1', '15.50'));
    const { kept, findings } = await reconcile(shop, row('r1', '16.50'));
    expect(findings.byCode).toEqual({ ROW_CHANGED: 1 });
    expect(await settleKept(shop, kept[0] ?? '')).toMatchObject({ accepted: true });
    expect(await apartIn(shop)).toEqual([0, 1_550]);
    expect(await reconcile(shop, row('r1', '16.50'))).toMatchObject({ settled: 1, findings: { count: 0 } });
  });
});

it('an untaken part is kept until a row has the charge that it belongs to', async () => {
  const [charge, untaken] = [row('r1', '19.50'), row('r2', '-4.00')];
  let kept = 0;
  for (let writes = 0, died = true; died; writes += 1) {
    const shop = await begun();
    died = await diesAfter(shop, writes, () => reconcile(shop, charge, untaken));
    const { findings, kept: ids } = await reconcile(shop, untaken);
    if (findings.byCode.AMOUNT_DIFFERS === 1) {
      kept += 1;
      const finding = { code: 'AMOUNT_DIFFERS', keptId: ids[0] };
      expect((await monitor(shop)).findings.first).toMatchObject([finding]);
    }
    await reconcile(shop, charge);
    const codes = (await monitor(shop)).findings.byCode;
    expect(codes, `after ${writes} writes`).toEqual({});
    expect((await paymentOf(shop))?.payouts.map(({ rowId }) => rowId).sort()).toEqual(['r1', 'r2']);
  }
  expect(kept).toBeGreaterThan(0);
});
