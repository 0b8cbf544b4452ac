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
