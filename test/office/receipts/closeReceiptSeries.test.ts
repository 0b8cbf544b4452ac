import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  closeReceiptSeries,
  foldReceiptSeries,
  type OfficeStore,
  type ReceiptIssued,
  reprintReceipt,
} from '../../../src/office/index.js';
import { recordRequest } from '../../../src/office/receipts/receiptRecords.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { at, by, officeStore } from '../till/tills.js';
import { dyingStore, issue, patronOf, policy, retried, storesWith } from './receiptDesk.js';

const [institution, retry] = ['north', { attempts: 200, maxPauseMs: 0 }];
const close = async (office: OfficeStore, series = '2026', when = at) => {
  const closed = await closeReceiptSeries(office, policy, { institution, series, at: when, by });
  if (!closed.accepted) throw new Error(closed.rejection.type);
  return closed.closing;
};

async function seriesOf(office: OfficeStore, series: string) {
  const { events } = await office.read({ institution, stream: `receipts:${series}` });
  return events.map(({ event }) => event as ReceiptIssued);
}

describe('a closed series', () => {
  it('gives no number, and records nothing of the receipt that it refuses', async () => {
    const stores = await storesWith(3);
    await issue(stores, 0);
    await issue(stores, 1);
    expect(await close(stores.office)).toEqual({ series: '2026', lastNumber: 2, at, by });
    const before = await stores.office.readAll();
    await expect(issue(stores, 2)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'INVALID_ARGUMENT: form.series: the series 2026 is closed, its last number is 2',
      details: { institution, series: '2026', lastNumber: 2 },
    });
    expect(await stores.office.readAll()).toEqual(before);
    expect(await issue(stores, 2, '2027')).toMatchObject({ series: '2027', number: 1 });
  });

  it('prints its receipts again', async () => {
    const stores = await storesWith(1);
    const first = await issue(stores, 0);
    await close(stores.office);
    const copy = { ...first, isCopy: true };
    expect(await issue(stores, 0)).toEqual(copy);
    expect(await issue(stores, 0, '2027')).toEqual(copy);
    const subject = { institution, patronId: 'u0', kind: 'payment', subjectId: 'p0' } as const;
    expect(await reprintReceipt(stores, policy, subject)).toEqual(copy);
  });

  it('keeps its first closing', async () => {
    const stores = await storesWith(1);
    await issue(stores, 0);
    const first = await close(stores.office);
    expect(await close(stores.office, '2026', '2026-04-01T09:00:00Z')).toEqual(first);
    expect(await seriesOf(stores.office, '2026')).toHaveLength(2);
  });

  it.each([
    [{}, [], true],
    [{ permissions: { OpenTill: { CLERK: {} } } }, [], true],
    [{ permissions: { CloseReceiptSeries: { CHIEF: {} } } }, ['CHIEF'], true],
    [{ permissions: { CloseReceiptSeries: { CHIEF: {} } } }, ['CLERK'], false],
    [{ approvals: { Purge: { roles: ['ARCHIVE'] } } }, ['ARCHIVE'], true],
    [{ approvals: { Purge: { roles: ['ARCHIVE'] } } }, [], false],
    [
      {
        approvals: { Purge: { roles: ['ARCHIVE'] } },
        permissions: { CloseReceiptSeries: { CHIEF: {} } },
      },
      ['ARCHIVE'],
      false,
    ],
  ] as const)('is closed by who may: %j, %j: %s', async (rules, roles, accepted) => {
    const stores = await storesWith(1);
    await issue(stores, 0);
    const may = definePolicy({ currency: 'USD', ...rules });
    const form = { institution, series: '2026', at, by: { ...by, roles } };
    const closed = await closeReceiptSeries(stores.office, may, form);
    const [, recorded] = await seriesOf(stores.office, '2026');
    if (accepted) expect([closed.accepted, recorded?.data.by]).toEqual([true, by]);
    else {
      expect(closed).toMatchObject({
        accepted: false,
        rejection: { type: 'NotPermitted', commandType: 'CloseReceiptSeries', limit: null },
      });
      expect(recorded).toBeUndefined();
    }
  });

  it('must have at least one receipt', async () => {
    await expect(close(officeStore(), '2062')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gives a request without a number to the series of the next form, once', async () => {
    const stores = await storesWith(2);
    await issue(stores, 1);
    const request = { series: '2026', patronId: 'u0', kind: 'payment', subjectId: 'p0' } as const;
    const printed = { accountVersion: 1, amount: '5.00', currency: 'USD', at, by };
    await recordRequest(stores.office, institution, { ...request, ...printed }, retry);
    await close(stores.office);
    await expect(issue(stores, 0)).rejects.toThrow('the series 2026 is closed, its last number is 1');
    const [one, other] = await Promise.all([issue(stores, 0, '2027'), issue(stores, 0, '2028')]);
    expect([other.series, other.number]).toEqual([one.series, one.number]);
    expect(one.number).toBe(1);
  });

  it(
    'records the last number, and each payment gets one number, while writers issue, close and are killed',
    async () => {
      const plan = fc.record({
        deaths: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
        pauses: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
        writers: fc.array(fc.array(fc.integer({ min: -1, max: 7 }), { maxLength: 5 }), {
          minLength: 6,
          maxLength: 6,
        }),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ deaths, pauses, writers }) => {
          const stores = await storesWith(8, dyingStore(deaths, pauses));
          const work = async (turns: readonly number[], index: number) => {
            for (const turn of turns) {
              if (turn < 0) await close(stores.office);
              else await issue(stores, turn, index < 3 ? '2026' : '2027', retry);
            }
          };
          await retried(() => issue(stores, 0, '2026', retry));
          await Promise.allSettled(writers.map(work));
          const closing = await retried(() => close(stores.office));
          for (let n = 0; n < 8; n++) await retried(() => issue(stores, n, '2028', retry));
          const series = await Promise.all(
            ['2026', '2027', '2028'].map((name) => seriesOf(stores.office, name)),
          );
          expect(series.reduce((sum, events) => sum + foldReceiptSeries(events).receipts, 0)).toBe(8);
          expect(closing.lastNumber).toBe(foldReceiptSeries(series[0] ?? []).last);
          const subjects = series.flat().filter(({ type }) => type === 'ReceiptIssued');
          expect(new Set(subjects.map(({ data }) => data.subjectId)).size).toBe(8);
          for (let n = 0; n < 8; n++) expect((await issue(stores, n)).patronId).toBe(patronOf(n));
        }),
        seeded('closed series'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
