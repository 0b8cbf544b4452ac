import { execute, memoryEventStore } from '../../../src/history/index.js';
import { issueReceipt, type OfficeStore, type ReceiptStores } from '../../../src/office/index.js';
import { pay, policyWith } from '../../support/account.js';
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
