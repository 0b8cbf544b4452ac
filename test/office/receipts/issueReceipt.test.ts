import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import {
  foldReceiptSeries,
  issueReceipt,
  type OfficeStore,
  type ReceiptIssued,
  reprintReceipt,
} from '../../../src/institution/index.js';
import { ask, assess, pay } from '../../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { at, by, officeStore } from '../till/tills.js';
import { issue, patronOf, policy, storesWith } from './receiptDesk.js';

async function seriesOf(office: OfficeStore, series = '2026') {
  const { events } = await office.read({ institution: 'north', stream: `receipts:${series}` });
  return events.map(({ event }) => event as ReceiptIssued);
}

describe('a receipt', () => {
  it('gets the next number of its series, once for each payment', async () => {
    const stores = await storesWith(4);
    const first = await issue(stores, 0);
    expect([first.number, first.isCopy, first.amount, first.patronId]).toEqual([1, false, '5.00', 'u0']);
    expect((await issue(stores, 1)).number).toBe(2);
    expect(await issue(stores, 0)).toEqual({ ...first, isCopy: true });
    expect(await issue(stores, 0, '2027')).toEqual({ ...first, isCopy: true });
    expect((await issue(stores, 2, '2027')).number).toBe(1);
    expect((await issue(stores, 3)).number).toBe(3);
  });

  it('continues the numbers of another system', async () => {
    const stores = await storesWith(2);
    const form = {
      institution: 'north',
      series: 'old',
      kind: 'payment',
      at,
      by,
      firstNumber: 4_711,
    } as const;
    await issueReceipt(stores, policy, { ...form, patronId: 'u0', subjectId: 'p0' });
    const next = await issueReceipt(stores, policy, {
      ...form,
      patronId: 'u1',
      subjectId: 'p1',
      firstNumber: 1,
    });
    expect(next.number).toBe(4_712);
  });

  it('is reprinted unchanged, whatever happened since', async () => {
    const stores = await storesWith(0);
    const patron = { institution: 'north', patronId: 'u1' };
    await execute(stores.accounts, policy, patron, [assess('f1', '8.00'), pay('p1', '5.00')]);
    const payment = { ...patron, kind: 'payment', subjectId: 'p1' } as const;
    const printed = await issueReceipt(stores, policy, { ...payment, series: '2026', at, by });
    await execute(stores.accounts, policy, patron, [
      assess('f2', '100.00'),
      ask('ReversePayment', 'r', { paymentId: 'p1' }),
    ]);
    const copy = await reprintReceipt(stores, policy, payment);
    expect(copy).toEqual({ ...printed, isCopy: true });
    expect([copy.remainingPayable, copy.lines[0]?.remaining, copy.accountVersion]).toEqual([
      '3.00',
      '3.00',
      2,
    ]);
  });

  it('is refused for what the account does not have, and cannot be reprinted before it is issued', async () => {
    const stores = await storesWith(1);
    const payment = { institution: 'north', patronId: 'u0', kind: 'payment', subjectId: 'p0' } as const;
    await expect(issue(stores, 9)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(reprintReceipt(stores, policy, payment)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await stores.office.readAll()).events).toEqual([]);
    await expect(
      issueReceipt(stores, policy, { ...payment, series: 's'.repeat(191), at, by }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { faults: [{ path: 'form.series' }] } });
    expect((await stores.office.readAll()).events).toEqual([]);
    await issueReceipt(stores, policy, { ...payment, series: 's'.repeat(190), at, by });
    const nobody = { channel: 'desk' } as never;
    await expect(
      issueReceipt(stores, policy, { ...payment, series: '1', at, by: nobody }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { faults: [{ path: 'form.by' }] } });
  });

  it('gives up after the attempts it was given', async () => {
    const stores = await storesWith(2);
    const office: OfficeStore = {
      ...stores.office,
      append: async (stream, events, options) => {
        if (stream.stream.startsWith('receipts:')) await issue(stores, 1);
        return stores.office.append(stream, events, options);
      },
    };
    await expect(issue({ ...stores, office }, 0, '2026', { attempts: 1 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
  });
});

/** A store whose writers die: at the calls of a list, before or after the append is stored. */
function dyingStore(deaths: readonly number[], pauses: readonly number[]): OfficeStore {
  const store = officeStore();
  const dueDeaths = new Set(deaths);
  let calls = 0;
  const turn = async () => {
    for (let n = pauses[calls % Math.max(1, pauses.length)] ?? 0; n > 0; n--) await Promise.resolve();
  };
  const step = async () => {
    await turn();
    calls += 1;
    if (dueDeaths.has(calls)) throw new Error('killed');
  };
  return {
    ...store,
    read: async (...given) => {
      await turn();
      return store.read(...given);
    },
    append: async (...given) => {
      await step();
      const done = await store.append(...given);
      await step();
      return done;
    },
  };
}

describe('the numbers of a series', () => {
  it(
    'have no gaps, and each payment has one, with 16 writers that are killed at any moment',
    async () => {
      const plan = fc.record({
        deaths: fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 25 }),
        pauses: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
        orders: fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 16, maxLength: 16 }),
        series: fc.array(fc.constantFrom('2026', '2027'), { minLength: 1, maxLength: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ deaths, pauses, orders, series }) => {
          const stores = await storesWith(12, dyingStore(deaths, pauses));
          const seriesAt = (n: number) => series[n % series.length] as string;
          const retry = { attempts: 200, maxPauseMs: 0 };
          const writer = async (payments: readonly number[], index: number) => {
            for (const [turn, n] of payments.entries()) await issue(stores, n, seriesAt(index + turn), retry);
          };
          await Promise.allSettled(orders.map(writer));
          const printed = await Promise.all(
            Array.from({ length: 12 }, (_, n) => retried(() => issue(stores, n, seriesAt(n), retry))),
          );
          let receipts = 0;
          for (const name of ['2026', '2027']) {
            receipts += foldReceiptSeries(await seriesOf(stores.office, name)).receipts;
          }
          expect(receipts).toBe(12);
          for (const [n, { series: name, number }] of printed.entries()) {
            const copy = await retried(() =>
              reprintReceipt(stores, policy, {
                institution: 'north',
                patronId: patronOf(n),
                kind: 'payment',
                subjectId: `p${n}`,
              }),
            );
            expect([copy.series, copy.number]).toEqual([name, number]);
          }
        }),
        seeded('receipt numbers'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

/** Does something again until no writer is killed doing it. */
async function retried<Result>(task: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
    }
  }
}
