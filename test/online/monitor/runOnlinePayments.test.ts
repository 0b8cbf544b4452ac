import { PatronFeesError } from 'patron-fees';
import { type OnlinePaymentsReport, type OnlineReport, runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  back,
  begun,
  fee,
  institution,
  openShop,
  postedByPortal,
  type Shop,
  taken,
} from '../shop.js';

const later = '2026-03-02T10:00:00Z';
const final = { ended: { cause: 'expired', final: true } } as const;

const run = (shop: Shop, ask?: () => OnlineReport | null, more: object = {}): Promise<OnlinePaymentsReport> =>
  runOnlinePayments(
    shop.stores,
    shop.policy,
    { institution, at: later, ...more },
    ask === undefined ? {} : { ask },
  );

describe('runOnlinePayments', () => {
  it('finds money that was taken and never reported, asks once a run, and has nothing left to do then', async () => {
    const shop = await begun();
    const early = await run(shop, () => taken('ch_1', '19.50'), { at });
    expect([early.asked, early.payments]).toEqual([0, 1]);
    let asked = 0;
    const ask = () => {
      asked += 1;
      return { ...taken('ch_1', '19.50'), ...final };
    };
    const report = await run(shop, ask, { after: early.cursor });
    expect(report.byCurrency).toEqual({
      USD: {
        captured: '19.50',
        serviceFees: '0.50',
        recorded: '19.00',
        credited: '0.00',
        returned: '0.00',
        takenAndNotRecorded: '0.00',
        returnedAndNotRecorded: '0.00',
      },
    });
    expect([asked, report.findings.count, await active(shop, 'ann')]).toEqual([1, 0, '0.00']);
    // The next run sees what this one wrote, and the one after it nothing.
    const next = await run(shop, ask, { after: report.cursor });
    const last = await run(shop, ask, { after: next.cursor });
    expect([asked, next.payments, last.payments]).toEqual([1, 1, 0]);
  });

  it('reads nothing of finished payments before the cursor, however many there are', async () => {
    const readsWith = async (finished: number): Promise<number> => {
      const shop = await openShop();
      for (let index = 0; index < finished; index += 1) {
        await shop.give(`p${index}`, fee('f1', '1.00'));
        await shop.start(`done${index}`, [{ patronId: `p${index}` }]);
        await shop.report(`done${index}`, { ...taken(`ch${index}`, '1.50'), ...final });
      }
      const { cursor } = await run(shop, undefined, { at });
      await shop.start('o1', ann);
      let reads = 0;
      const counted = <Store extends object>(store: Store): Store =>
        new Proxy(store, {
          get(target, name) {
            if (name === 'read' || name === 'readAll') reads += 1;
            return Reflect.get(target, name);
          },
        });
      const stores = { accounts: counted(shop.stores.accounts), office: counted(shop.stores.office) };
      const report = await runOnlinePayments(stores, shop.policy, { institution, at, after: cursor });
      expect(report.payments).toBe(1);
      return reads;
    };
    const without = await readsWith(0);
    expect(without).toBeGreaterThan(0);
    expect(await readsWith(60)).toBe(without);
  });

  it('checks a final payment again if something is recorded for it later', async () => {
    const shop = await begun();
    const { cursor } = await run(shop, () => final);
    await shop.report('o1', taken('ch_1', '19.50'));
    const report = await run(shop, () => final, { after: cursor });
    expect([report.payments, report.asked, report.byCurrency.USD?.recorded]).toEqual([1, 0, '19.00']);
  });

  it('asks for 30 days, and then reports that the payment never became final', async () => {
    const shop = await begun();
    const nothing = await run(shop, () => null);
    expect([nothing.asked, nothing.findings.count]).toEqual([1, 0]);
    const last = await run(shop, () => null, { after: nothing.cursor, at: '2026-04-01T10:00:00Z' });
    expect([last.asked, last.findings.count]).toEqual([1, 0]);
    const over = await run(shop, () => null, { after: last.cursor, at: '2026-04-01T10:00:01Z' });
    expect(over).toMatchObject({ asked: 0, findings: { byCode: { NEVER_FINAL: 1 } } });
    // It stays until the provider says that it is final.
    const later = await run(shop, () => null, { after: over.cursor, at: '2026-04-02T10:00:00Z' });
    expect(later).toMatchObject({ payments: 1, asked: 0, findings: { byCode: { NEVER_FINAL: 1 } } });
  });

  it('reports contradictory answers of the provider, and continues if it cannot be asked', async () => {
    const shop = await begun();
    const refused = await run(shop, () => taken('ch_1', '19.50', 'EUR'));
    expect(refused.findings.first).toMatchObject([{ code: 'REPORT_REFUSED', externalTransactionId: 'ch_1' }]);
    const failed = await run(shop, () => {
      throw new Error('503');
    });
    expect(failed.findings.first).toMatchObject([
      { code: 'ASK_FAILED', message: expect.stringContaining('503') },
      { code: 'REPORT_REFUSED', keptId: expect.any(String) },
    ]);
    const silent = await run(shop, () => undefined as never, { after: failed.cursor });
    expect(silent.findings.first).toMatchObject([
      { code: 'ASK_FAILED', message: expect.stringContaining('found undefined') },
      { code: 'REPORT_REFUSED' },
    ]);
    expect(
      (await run(shop, () => taken('ch_1', '19.50'), { after: failed.cursor })).byCurrency.USD?.recorded,
    ).toBe('19.00');
  });

  it('reports a waiting part, keeps the cursor before it, and records it as soon as possible', async () => {
    const shop = await begun();
    const { accounts } = shop.stores;
    const read: typeof accounts.read = (stream, options) =>
      stream.patronId === 'ann'
        ? Promise.reject(new PatronFeesError('CORRUPT_HISTORY', 'unreadable'))
        : accounts.read(stream, options);
    Object.assign(shop.stores, { accounts: { ...accounts, read } });
    const first = await run(shop, () => ({ ...taken('ch_1', '19.50'), ...final }));
    expect(first.byCurrency.USD).toMatchObject({ recorded: '4.00', takenAndNotRecorded: '15.00' });
    expect(first.findings.first).toMatchObject([{ code: 'TAKEN_NOT_RECORDED', patronId: 'ann' }]);
    Object.assign(shop.stores, { accounts });
    const second = await run(shop, () => null, { after: first.cursor });
    expect(second.byCurrency.USD).toMatchObject({ recorded: '19.00', takenAndNotRecorded: '0.00' });
  });

  it('finishes a report after the process died at any write', async () => {
    for (let dies = 1; dies <= 8; dies++) {
      const shop = await begun();
      const { accounts, office } = shop.stores;
      let writes = 0;
      const dyingStore = <Store extends { append: (...given: never[]) => Promise<unknown> }>(
        store: Store,
      ) => ({
        ...store,
        append: (...given: never[]) => {
          writes += 1;
          return writes > dies ? Promise.reject(new Error('killed')) : store.append(...given);
        },
      });
      Object.assign(shop.stores, { accounts: dyingStore(accounts), office: dyingStore(office) });
      await shop.report('o1', taken('ch_1', '20.50')).catch(() => undefined);
      await shop.report('o1', back('re_1', 'ch_1', '5.00')).catch(() => undefined);
      Object.assign(shop.stores, { accounts, office });
      const { byCurrency } = await run(shop);
      expect(byCurrency.USD).toMatchObject({ takenAndNotRecorded: '0.00', returnedAndNotRecorded: '0.00' });
      // The end of the report that died is told again.
      await shop.report('o1', { ...taken('ch_1', '20.50'), ...back('re_1', 'ch_1', '5.00') });
      expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
    }
  });

  it('names the fees of a credit', async () => {
    const shop = await begun();
    await shop.give('ben', { type: 'DisputeFee', id: 'd1', feeId: 'g1', at });
    await shop.report('o1', taken('ch_1', '19.50'));
    const { credits } = await run(shop);
    expect(credits).toEqual([
      { onlinePaymentId: 'o1', patronId: 'ben', amount: '4.00', currency: 'USD', feeIds: ['g1'] },
    ]);
  });

  it('reports what another program recorded too much', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.give('ann', postedByPortal);
    await shop.report('o1', taken('ch_1', '15.50'));
    const { findings } = await run(shop);
    expect(findings.first).toMatchObject([
      { code: 'RECORDED_TOO_MUCH', message: expect.stringContaining('reverse 0.50 of the payment portal') },
    ]);
  });

  it('reports a payment that cannot be read, and looks at the others', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.start('o2', [{ patronId: 'ben' }]);
    const stream = { institution, stream: 'online:o1' };
    const [started] = (await shop.stores.office.read(stream)).events;
    await shop.stores.office.append(stream, [started?.event as never], { expectedVersion: 1 });
    const report = await run(shop);
    expect(report.findings.first).toMatchObject([{ code: 'CORRUPT_HISTORY', onlinePaymentId: 'o1' }]);
    expect(report.payments).toBe(1);
  });

  it('divides payments into shards', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.start('o2', [{ patronId: 'ben' }]);
    let payments = 0;
    for (const index of [0, 1, 2]) {
      const shard = { index, of: 3 };
      payments += (await runOnlinePayments(shop.stores, shop.policy, { institution, at: later }, { shard }))
        .payments;
    }
    expect(payments).toBe(2);
  });

  it('rejects wrong arguments', async () => {
    const stores = { accounts: {}, office: {} } as never;
    await expect(runOnlinePayments(stores, {} as never, {} as never)).rejects.toThrow('INVALID_POLICY');
  });

  it('records the valid parts of an answer with a malformed part, and reports that part once a run', async () => {
    const shop = await begun();
    const answer = { ...taken('ch_1', '19.50'), ...back('re_0', 'ch_1', '0.00') };
    const { findings, byCurrency } = await run(shop, () => answer);
    expect([byCurrency.USD?.recorded, await active(shop, 'ann')]).toEqual(['19.00', '0.00']);
    expect(findings.first).toMatchObject([
      {
        code: 'REPORT_REFUSED',
        message: expect.stringContaining('returns[0].amount: expected an amount above 0'),
      },
    ]);
  });
});
