import { expect } from 'vitest';
import { apply } from '../../src/account/apply.js';
import type { HistoryFault } from '../../src/account/corruptHistory.js';
import type { AccountEvent, AccountEventType, EventOf } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import type { Transaction } from '../../src/account/transaction.js';

/** The default time of events. */
export const at = '2026-03-02T09:00:00Z';

const withoutMoney: readonly AccountEventType[] = [
  'FeeDisputed',
  'DisputeResolved',
  'LostItemReturned',
  'PaymentPlanEnded',
  'AccountMerged',
  'AccountJoined',
  'AccountSeparated',
  'AccountPurged',
];

type Data<Type extends AccountEventType> = EventOf<Type>['data'];
type Fields<Type extends AccountEventType> = Omit<Data<Type>, 'at' | 'currency'> & {
  readonly at?: string;
  readonly currency?: string;
};

/** Returns an event, by default in dollars and at the default time. */
export function event<Type extends AccountEventType>(
  type: Type,
  fields: Fields<Type>,
  metadata?: AccountEvent['metadata'],
): EventOf<Type> {
  const currency = withoutMoney.includes(type) ? {} : { currency: 'USD' };
  const data = { at, ...currency, ...fields };
  return (metadata === undefined ? { type, data } : { type, data, metadata }) as unknown as EventOf<Type>;
}

/** Returns the event of a fee of the main library. The total of a growing fine is its amount. */
export function assessed(feeId: string, amount: string, more: Partial<Data<'FeeAssessed'>> = {}) {
  const ofFine = more.accruing === true ? { total: amount } : {};
  return event('FeeAssessed', { feeId, amount, feeType: 'OTHER', owner: 'MAIN', ...ofFine, ...more });
}

/** Returns the event of a lost-item fee of the main library. */
export function lost(feeId: string, amount: string) {
  return assessed(feeId, amount, { feeType: 'LOSTITEMREPLACEMENTFEE', lostItem: true });
}

/** Returns the event of a cash payment of one fee. */
export function paid(paymentId: string, feeId: string, amount: string) {
  return event('PaymentReceived', { paymentId, amount, method: 'CASH', allocations: [{ feeId, amount }] });
}

/** Returns the event of a cash payment that becomes a credit. */
export function prepaid(paymentId: string, creditId: string, amount: string) {
  const overpayment = { creditId, amount };
  return event('PaymentReceived', { paymentId, amount, method: 'CASH', allocations: [], overpayment });
}

/** Returns the event of a fee's transfer to a system that reports payment. */
export function transferred(transferId: string, feeId: string, amount: string) {
  return event('FeeTransferred', { transferId, feeId, amount, expectsSettlement: true });
}

/** Returns the event of an external credit, issued for the waiver of a transferred fee. */
export function reversedByCredit(creditId: string, feeId: string, amount: string) {
  return event('CreditIssued', { creditId, feeId, amount, cause: 'waived', purpose: 'external' });
}

/**
 * Returns the changes of an event in an account, except the event count and the index of ids: new values by path, with
 * the ids of rows, and new rows of lists.
 */
export function changesBy(history: readonly AccountEvent[], next: AccountEvent): Record<string, unknown> {
  const before = fold(history);
  const changes: Record<string, unknown> = {};
  collectChanges(before, fold([next], before), '', changes);
  const { eventCount, ...others } = changes;
  expect(eventCount).toBe(history.length + 1);
  return Object.fromEntries(Object.entries(others).filter(([path]) => path !== 'ids'));
}

function collectChanges(
  before: unknown,
  after: unknown,
  path: string,
  changes: Record<string, unknown>,
): void {
  if (before === after) return;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    changes[path] = after;
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    before.forEach((row, index) => {
      collectChanges(row, after[index], rowPath(row, `${path}[${index}]`), changes);
    });
    if (after.length > before.length) changes[path] = after.slice(before.length).map(shortly);
    return;
  }
  for (const key of Object.keys(after)) {
    const [old, now] = [before, after].map((data) => (data as Record<string, unknown>)[key]);
    collectChanges(old, now, path === '' ? key : `${path}.${key}`, changes);
  }
}

/** Returns the path of a row: the first field of a row is its id. */
function rowPath(row: object, path: string): string {
  return /^\w+\[/.test(path) ? String(Object.values(row)[0]) : path;
}

/** Returns a transaction in one line; anything else unchanged. */
function shortly(row: unknown): unknown {
  const { kind, id, amount, method, references } = row as Transaction;
  if (kind === undefined) return row;
  const details = [method, ...Object.values(references ?? {})].filter((detail) => detail !== null);
  return [kind, id, amount, ...details].join(' ');
}

/** The fault of an event. */
export type FoundFault = {
  readonly fault: HistoryFault;
  readonly expected: unknown;
  readonly found: unknown;
};

/**
 * Returns the fault of an event that cannot follow a history. Also checks that fold, evolve and a held account agree on
 * it, that the error has every figure, and that nothing was applied.
 */
export function faultOf(history: readonly AccountEvent[] | PatronAccount, next: unknown): FoundFault {
  const before = 'length' in history ? fold(history) : history;
  const held = mutableCopy(before);
  const bad = next as AccountEvent;
  const folding = errorOf(() => fold([bad], before));
  const { fault, expected, found } = folding.details;
  expect(folding).toMatchObject({ name: 'PatronFeesError', code: 'CORRUPT_HISTORY' });
  expect(folding.details.position).toBe(before.eventCount + 1);
  expect(folding.message).toContain(`event ${before.eventCount + 1} (`);
  expect(folding.message).toContain(`: ${fault}: expected `);
  expect(errorOf(() => evolve(before, bad)).details).toEqual(folding.details);
  const ofStream = errorOf(() => fold([bad], before, { stream: 'north/p1' }));
  expect(ofStream.details).toEqual({ ...folding.details, stream: 'north/p1' });
  expect(ofStream.message).toMatch(/^CORRUPT_HISTORY: north\/p1: event \d+ /);
  expect(() => apply(held, bad)).toThrow();
  expect(held).toStrictEqual(mutableCopy(before));
  return { fault, expected, found } as FoundFault;
}

type Thrown = Error & { readonly code: string; readonly details: Readonly<Record<string, unknown>> };

/** Returns the error that a function throws. */
export function errorOf(run: () => unknown): Thrown {
  try {
    run();
  } catch (error) {
    return error as Thrown;
  }
  throw new Error('nothing was thrown');
}

/** Returns the account of a history. */
export function accountOf(...history: readonly AccountEvent[]): PatronAccount {
  return fold(history, emptyAccount());
}
