import { describe, expect, it } from 'vitest';
import { rowKeptId } from '../../../src/online/kept/keptReports.js';
import {
  active,
  ann,
  apartIn,
  back,
  clerk,
  meetsAfter,
  monitor,
  openShop,
  paymentOf,
  reconcile,
  row,
  type Shop,
  settleKept,
  taken,
} from '../shop.js';

/** A shop in which a capture was told of a payment that nobody knows. */
async function kept(): Promise<readonly [shop: Shop, keptId: string]> {
  const shop = await openShop();
  await shop.start('o1', ann);
  const report = await shop.report('unknown', taken('ch_1', '15.50'));
  return [shop, report.kept[0]?.keptId ?? ''];
}

it('an unreported capture is recorded with the sum of its kept rows, whichever row is settled', async () => {
  for (const first of ['r1', 'r2']) {
    const shop = await openShop();
    await shop.start('o1', ann);
    const rows = [row('r1', '15.50', { reference: null }), row('r2', '-3.00', { reference: null })];
    await reconcile(shop, ...rows);
    await settleKept(shop, rowKeptId(first), { onlinePaymentId: 'o1' });
    expect((await paymentOf(shop))?.captures.map(({ amount }) => amount)).toEqual(['12.50']);
    expect(await monitor(shop)).toMatchObject({ kept: 0, findings: { count: 0 } });
    expect((await paymentOf(shop))?.payouts.map(({ amount }) => amount).sort()).toEqual(['-3.00', '15.50']);
  }
});

describe('settleOnlineReport', () => {
  it('reports a refused part again with a payment, and tries it at once', async () => {
    const [shop, keptId] = await kept();
    expect(await settleKept(shop, keptId, { onlinePaymentId: 'o1' })).toEqual({
      accepted: true,
      status: 'recorded',
      isRepeat: false,
    });
    expect([await active(shop, 'ann'), (await monitor(shop)).kept]).toEqual(['0.00', 0]);
    expect(await settleKept(shop, keptId)).toMatchObject({ rejection: { type: 'KeptRecorded' } });
  });

  it('returns why it is still refused, and also tries the new payment in later runs', async () => {
    const [shop, keptId] = await kept();
    expect(await settleKept(shop, keptId, { onlinePaymentId: 'o2' })).toMatchObject({
      rejection: { type: 'KeptNotRecorded', because: { code: 'REPORT_REFUSED' } },
    });
    await shop.start('o2', [{ patronId: 'ben' }]);
    await monitor(shop);
    expect(await paymentOf(shop, 'o2')).toMatchObject({ captures: [{ externalTransactionId: 'ch_1' }] });
  });

  it('names the capture of a return', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const report = await shop.report('o1', back('re_1', 'wrong', '5.00'));
    const keptId = report.kept[0]?.keptId ?? '';
    expect(await settleKept(shop, keptId, { onlinePaymentId: 'o1', of: 'ch_1' })).toMatchObject({
      accepted: true,
    });
    expect(await active(shop, 'ann')).toBe('5.00');
  });

  it('tries the part once more, and later runs ignore it; settling it twice is a repeat', async () => {
    const [shop, keptId] = await kept();
    expect(await settleKept(shop, keptId)).toMatchObject({ status: 'settled', isRepeat: false });
    expect(await settleKept(shop, keptId)).toMatchObject({ status: 'settled', isRepeat: true });
    expect(await monitor(shop)).toMatchObject({ kept: 0, findings: { count: 0 } });
    // A report posts nothing, and told again nothing is added.
    expect(await apartIn(shop)).toEqual([0, 0]);
    expect((await shop.report('other', taken('ch_1', '15.50'))).kept).toEqual([
      { keptId, status: 'settled' },
    ]);
  });

  it('is refused if the part can be recorded in the meantime', async () => {
    const [shop, keptId] = await kept();
    await shop.start('unknown', [{ patronId: 'ben' }]);
    expect(await settleKept(shop, keptId)).toMatchObject({ rejection: { type: 'KeptRecorded' } });
  });

  it('can reopen a part, which takes back what was posted', async () => {
    const shop = await openShop();
    const strange = row('r1', '13.00', { reference: null, fee: '0.40' });
    const { kept: ids } = await reconcile(shop, strange);
    await settleKept(shop, ids[0] ?? '');
    expect(await apartIn(shop)).toEqual([-1_300, 1_260]);
    for (const isRepeat of [false, true])
      expect(await settleKept(shop, ids[0] ?? '', { reopen: true })).toMatchObject({
        status: 'open',
        isRepeat,
      });
    expect([await apartIn(shop), (await monitor(shop)).kept]).toEqual([[0, 0], 1]);
  });

  it('posts a row once, by two servers at once and beside a payout that records it', async () => {
    const strange = row('r1', '15.50', { reference: null, transaction: 'ch_1' });
    for (let writes = 0, met = true; met; writes += 1) {
      const shop = await openShop();
      const { kept: ids } = await reconcile(shop, strange);
      const settle = () => settleKept(shop, ids[0] ?? '');
      met = await meetsAfter(shop, writes, settle, async () => {
        await settle();
        await shop.start('o1', ann);
        await shop.report('o1', taken('ch_1', '15.50'));
        await reconcile(shop, strange);
      });
      await reconcile(shop, strange);
      await shop.start('o1', ann);
      await shop.report('o1', taken('ch_1', '15.50'));
      await reconcile(shop, strange);
      expect(await apartIn(shop), `after ${writes} writes`).toEqual([0, 1_550]);
    }
  });

  it('requires the role, and a part that was kept', async () => {
    const [shop, keptId] = await kept();
    expect(await settleKept(shop, keptId, { by: clerk })).toMatchObject({
      rejection: { type: 'MayNotSettle' },
    });
    expect(await settleKept(shop, 'none')).toMatchObject({ rejection: { type: 'KeptUnknown' } });
    await expect(settleKept(shop, keptId, { reason: ' ' })).rejects.toThrow('a reason');
    await expect(settleKept(shop, keptId, { of: 'ch_1' })).rejects.toThrow('only with a payment');
  });
});
