import fc from 'fast-check';
import { expect } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import {
  foldReceiptSeries,
  issueReceipt,
  type NumberedReceipt,
  type OfficeStore,
  type ReceiptIssued,
  type ReceiptStores,
} from '../../../src/office/index.js';
import { pay, policyWith } from '../../support/account.js';
import { seeded } from '../../support/seeded.js';
import { at, by, officeStore } from '../till/tills.js';

/** The policy of receipts. */
export const policy = policyWith({ overpayment: 'credit' });

/** Stores with payments `p0`, `p1` and so on, dealt out to three patrons. */
export async function storesWith(payments: number, office: OfficeStore = officeStore()) {
  const accounts = memoryEventStore({ now: () => '2026-03-02T14:00:00Z' });
  for (let n = 0; n < payments; n++) {
    await execute(accounts, policy, { institution: 'north', patronId: patronOf(n) }, pay(`p${n}`, '5.00'));
  }
  return { accounts, office };
}

/** The patron of a payment. */
export function patronOf(n: number): string {
  return `u${n % 3}`;
}

/** Issues the receipt of a payment. */
export function issue(stores: ReceiptStores, n: number, series = '2026', retry = {}) {
  const payment = {
    institution: 'north',
    patronId: patronOf(n),
    kind: 'payment',
    subjectId: `p${n}`,
  } as const;
  return issueReceipt(stores, policy, { ...payment, series, at, by }, { retry });
}

/** A store whose writers die: at the calls of a list, before or after the append is stored. */
export function dyingStore(deaths: readonly number[], pauses: readonly number[]): OfficeStore {
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

/** Does something again until no writer is killed doing it. */
export async function retried<Result>(task: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
    }
  }
}

/** Reads the numbers of a series. */
export async function seriesOf(office: OfficeStore, series = '2026'): Promise<readonly ReceiptIssued[]> {
  const { events } = await office.read({ institution: 'north', stream: `receipts:${series}` });
  return events.map(({ event }) => event as ReceiptIssued);
}

/**
 * Fails unless each of three parts is on one receipt, whatever is issued at once in two series, alone or with the others,
 * and whenever writers are killed.
 */
export async function coversEachOnce(
  name: string,
  {
    open,
    issue,
    amount,
  }: {
    readonly open: (office: OfficeStore) => Promise<ReceiptStores>;
    readonly issue: (
      stores: ReceiptStores,
      index: number,
      isWhole: boolean,
      how: { readonly form: { readonly series: string }; readonly options: object },
    ) => Promise<NumberedReceipt>;
    readonly amount: string;
  },
): Promise<void> {
  const options = { retry: { attempts: 200, maxPauseMs: 0 } };
  const plan = fc.record({
    deaths: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 15 }),
    pauses: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
    calls: fc.array(fc.tuple(fc.nat(2), fc.boolean(), fc.constantFrom('2026', '2027')), {
      minLength: 2,
      maxLength: 8,
    }),
  });
  const covers = fc.asyncProperty(plan, async ({ deaths, pauses, calls }) => {
    const stores = await open(dyingStore(deaths, pauses));
    const call = (index: number, isWhole: boolean, series: string) =>
      issue(stores, index, isWhole, { form: { series }, options });
    await Promise.allSettled(calls.map((each) => call(...each)));
    for (const index of [0, 1, 2]) await retried(() => call(index, false, '2026'));
    let [minor, parts] = [0, 0];
    for (const series of ['2026', '2027']) {
      const issued = await seriesOf(stores.office, series);
      foldReceiptSeries(issued);
      for (const { data } of issued) {
        minor += Number(data.amount) * 100;
        parts += 1 + (data.others?.length ?? 0) + (data.payments?.length ?? 0);
      }
    }
    expect([parts, minor]).toEqual([3, Number(amount) * 100]);
  });
  await fc.assert(covers, seeded(name));
}
