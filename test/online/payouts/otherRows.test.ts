import { describe, expect, it } from 'vitest';
import { providerRowPostings } from '../../../src/books/journal/onlinePaymentPostings.js';
import type { ProviderRowEvent } from '../../../src/online/index.js';
import { reconcilePayouts } from '../../../src/online/index.js';
import {
  ann,
  apartIn,
  at,
  institution,
  monitor,
  openShop,
  policyOf,
  reconcile,
  row,
  type Shop,
  settleKept,
  taken,
} from '../shop.js';

const monthly = row('fee_1', '-2.00', { type: 'other', reference: null, transaction: null });

/** Returns the balances of `paidOut` and `providerFees` by rows that belong to no payment, in minor units. */
async function costsIn({ stores: { office } }: Shop): Promise<readonly [paidOut: number, fees: number]> {
  const sums = new Map([
    ['paidOut', 0],
    ['providerFees', 0],
  ]);
  for (const stream of (await office.accounts()).accounts) {
    if (!stream.stream.startsWith('providerRow:')) continue;
    const events = (await office.read(stream)).events.map(({ event }) => event as ProviderRowEvent);
    for (const { account, amountMinor } of providerRowPostings(events).flat())
      sums.set(account[0], (sums.get(account[0]) ?? 0) + amountMinor);
  }
  return [sums.get('paidOut') as number, sums.get('providerFees') as number];
}

describe('a row of a payout that belongs to no payment', () => {
  it('is recorded once, as a cost of the provider', async () => {
    const shop = await openShop();
    expect(await reconcile(shop, monthly)).toMatchObject({
      recorded: 1,
      repeated: 0,
      findings: { count: 0 },
    });
    expect(await reconcile(shop, monthly)).toMatchObject({
      recorded: 0,
      repeated: 1,
      findings: { count: 0 },
    });
    expect(await costsIn(shop)).toEqual([-200, 200]);
  });

  it('with other content is kept until a person settles it, and posted once', async () => {
    const shop = await openShop();
    await reconcile(shop, monthly);
    const { findings, kept } = await reconcile(shop, {
      ...monthly,
      amount: '-3.00',
      gross: '-3.00',
      net: '-3.00',
    });
    expect(findings.first).toMatchObject([
      { code: 'ROW_CHANGED', message: expect.stringContaining('amount was -2.00, is -3.00') },
    ]);
    expect((await monitor(shop)).findings.byCode).toEqual({ ROW_CHANGED: 1 });
    await settleKept(shop, kept[0] ?? '');
    expect((await monitor(shop)).findings.count).toBe(0);
    expect([await costsIn(shop), await apartIn(shop)]).toEqual([
      [-200, 200],
      [0, 0],
    ]);
  });

  it('becomes a row of a payment if a later report says so, but never the reverse', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const misread = row('r1', '15.50', { type: 'other' });
    await reconcile(shop, misread);
    expect(await costsIn(shop)).toEqual([1_550, -1_550]);
    await reconcile(shop, row('r1', '15.50'));
    expect([await costsIn(shop), await apartIn(shop)]).toEqual([
      [0, 0],
      [0, 1_550],
    ]);
    expect((await reconcile(shop, misread)).findings.byCode).toEqual({ ROW_CHANGED: 1 });
    expect((await reconcile(shop, row('r1', '15.50'))).findings.count).toBe(0);
    expect([await costsIn(shop), await apartIn(shop)]).toEqual([
      [0, 0],
      [0, 1_550],
    ]);
  });

  it('has the method of the form, and is only counted if the account at the provider is shared', async () => {
    const shop = await openShop(policyOf({ sharedAccount: true }));
    expect(await reconcile(shop, monthly)).toMatchObject({ recorded: 0, notOurs: 1 });
    const other = await openShop();
    await reconcilePayouts(
      other.stores,
      other.policy,
      { institution, at, method: 'CARD' },
      { rows: [monthly] },
    );
    const { events } = await other.stores.office.read({ institution, stream: 'providerRow:fee_1' });
    expect(events.map(({ event }) => event.data)).toMatchObject([{ method: 'CARD', amount: '-2.00' }]);
  });
});

describe('a payout that failed at the bank', () => {
  const again = { payoutId: 'po_2', paidOn: '2026-03-06' };

  it('comes again with the same rows: they belong to the last payout, and are posted once', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    const rows = [row('r1', '15.50'), monthly] as const;
    await reconcile(shop, ...rows);
    const moved = rows.map((one) => ({ ...one, ...again }));
    expect(await reconcile(shop, ...moved)).toMatchObject({ recorded: 2, findings: { count: 0 } });
    // Reports overlap: that of the payout which failed is read again.
    expect(await reconcile(shop, ...rows)).toMatchObject({ repeated: 2, findings: { count: 0 } });
    expect(await reconcile(shop, ...moved)).toMatchObject({ repeated: 2, findings: { count: 0 } });
    expect([await costsIn(shop), await apartIn(shop)]).toEqual([
      [-200, 200],
      [0, 1_550],
    ]);
    const { events } = await shop.stores.office.read({ institution, stream: 'online:o1' });
    expect(
      events.map(({ event }) => 'payoutId' in event.data && event.data.payoutId).filter(Boolean),
    ).toEqual(['po_1', 'po_2']);
  });

  it('reopens a settled row once, not each time that both reports are read', async () => {
    const shop = await openShop();
    const strange = row('r9', '13.00', { reference: null, transaction: 'ch_9' });
    const moved = { ...strange, ...again };
    const settled = async (...rows: Parameters<typeof reconcile>[1][]) => {
      const { kept } = await reconcile(shop, ...rows);
      for (const keptId of kept) await settleKept(shop, keptId);
      return kept.length;
    };
    expect([
      await settled(strange),
      await settled(moved),
      await settled(strange),
      await settled(moved),
    ]).toEqual([1, 1, 0, 0]);
    expect(await apartIn(shop)).toEqual([-1_300, 1_300]);
  });

  it('may come as one row of another payout, which is no cost of the provider', async () => {
    const shop = await openShop();
    const failed = row('fail_1', '12.60', { type: 'other', reference: null, transaction: 'po_1', ...again });
    const report = await reconcile(shop, { ...failed, failedPayout: 'po_1' });
    expect(report).toMatchObject({ recorded: 1, findings: { count: 0 } });
    expect(await costsIn(shop)).toEqual([0, 0]);
    expect((await reconcile(shop, { ...failed, failedPayout: 'po_0' })).findings.byCode).toEqual({
      ROW_CHANGED: 1,
    });
  });
});
