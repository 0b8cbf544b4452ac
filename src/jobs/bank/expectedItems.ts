import type { RecordedEvent } from '../../history/eventStore.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { type BankAccount, bankItemKey, isAbove } from '../../office/bank/bankAccount.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import { foldOnlinePayment } from '../../office/onlinePayments/foldOnlinePayment.js';
import {
  foldKeptReport,
  type KeptReport,
  type KeptReportEvent,
} from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment, PaidOutRow } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import {
  foldProviderRow,
  type ProviderRow,
  type ProviderRowEvent,
} from '../../office/onlinePayments/providerRow.js';
import {
  foldRemittances,
  type RemittanceEvent,
  type Remittances,
} from '../../office/remittances/remittance.js';
import type { StreamKind } from '../../office/streamKinds.js';
import type { Till } from '../../office/till/till.js';
import { foldTill } from '../../office/till/till.js';
import type { TillEvent } from '../../office/till/tillEvents.js';

/** Money that the bank should have, with the first day on which it can be there. */
export type ExpectedItem = {
  /** The item. */
  readonly item: BankItem;
  /** The local day on which it was deposited, reversed or handed over. */
  readonly day: string;
  /** The reference; null if it has none. */
  readonly reference: string | null;
};

/** Returns what left a till as deposits. */
export function depositsOf(
  till: string,
  { sessions }: Pick<Till, 'sessions'>,
  dayOf: (at: string) => string,
): readonly ExpectedItem[] {
  return sessions.flatMap(({ sessionId, closing }) =>
    (closing?.counts ?? [])
      .filter(({ deposit }) => minorUnits(deposit) !== 0n)
      .map(({ method, deposit: amount }) => ({
        item: { kind: 'deposit', till, sessionId, method, amount } as const,
        day: dayOf(closing?.closedAt as string),
        reference: closing?.depositReference ?? null,
      })),
  );
}

/** Returns what was deposited from the safe. */
export function safeDepositsOf(
  { records, reversed }: BankAccount,
  dayOf: (at: string) => string,
): readonly ExpectedItem[] {
  return [...records.values()].flatMap((record) => {
    if (record.type !== 'SafeDeposited' || reversed.has(record.data.depositId)) return [];
    const { depositId, method, amount, at, reference = null } = record.data;
    return [{ item: { kind: 'safeDeposit', depositId, method, amount } as const, day: dayOf(at), reference }];
  });
}

/** Returns what an external system handed over or was paid. */
export function remittancesOf(
  { destination, remittances }: Remittances,
  dayOf: (at: string) => string,
): readonly ExpectedItem[] {
  return remittances
    .filter(({ isReversed }) => !isReversed)
    .map(({ remittanceId, direction, amount, at, reference = null }) => {
      const signed = direction === 'received' ? amount : `-${amount}`;
      const item: BankItem = {
        kind: 'remittance',
        remittanceId,
        ...(destination !== null && { destination }),
        amount: signed,
      };
      return { item, day: dayOf(at), reference };
    });
}

/**
 * Returns the payments of some methods that were reversed without a till session: those that the bank returned. The
 * reference is that of the payment, such as the number of the cheque.
 */
export function returnedOf(
  patronId: string,
  events: readonly RecordedEvent[],
  methods: ReadonlySet<string>,
  dayOf: (at: string) => string,
): readonly ExpectedItem[] {
  const references = new Map<string, string | null>();
  return events.flatMap(({ event }) => {
    if (event.type === 'PaymentReceived') {
      references.set(event.data.paymentId, event.data.reference ?? null);
      return [];
    }
    if (event.type !== 'PaymentReversed' || !methods.has(event.data.method)) return [];
    const { reversalId, paymentId, method, amount, at, by } = event.data;
    if (by?.tillSession !== undefined) return [];
    const item: BankItem = { kind: 'returned', patronId, reversalId, method, amount: `-${amount}` };
    return [{ item, day: dayOf(at), reference: references.get(paymentId) ?? null }];
  });
}

/** Adds what a stream of online payments has of payouts in a currency: a payment, a row that was kept, or one of no payment. */
function addOfOnline(
  payouts: Map<string, ExpectedItem>,
  kind: StreamKind,
  events: readonly OfficeEvent[],
  { currency, digits }: { readonly currency: string; readonly digits: number },
): void {
  if (kind === 'onlineKept') {
    const kept = foldKeptReport(events as readonly KeptReportEvent[]);
    if (kept?.posted?.currency === currency) addKeptRow(payouts, kept, digits);
  } else if (kind === 'providerRow') {
    const row = foldProviderRow(events as readonly ProviderRowEvent[]);
    if (row?.currency === currency) addProviderRow(payouts, row, digits);
  } else {
    const payment = foldOnlinePayment(events as readonly OnlinePaymentEvent[]);
    if (payment?.currency === currency) addPayouts(payouts, payment, digits);
  }
}

/** What a payout has of a row, in minor units. */
type InPayout = Pick<PaidOutRow, 'payoutId' | 'paidOn'> & { readonly method: string; readonly minor: bigint };

/**
 * Adds what was paid out of an online payment to the payouts. A payout in another currency than the payment's is left
 * out: the journal posts it as it was charged.
 */
export function addPayouts(payouts: Map<string, ExpectedItem>, payment: OnlinePayment, digits: number): void {
  const { method, currency } = payment;
  for (const { gross, fee, payoutCurrency, ...row } of payment.payouts) {
    if (payoutCurrency !== currency) continue;
    addToPayout(payouts, { ...row, method, minor: minorUnits(gross) - minorUnits(fee) }, digits);
  }
}

/** Adds a row that was refused and that a person settled to the payouts. */
export function addKeptRow(
  payouts: Map<string, ExpectedItem>,
  { kind, told, posted }: KeptReport,
  digits: number,
): void {
  if (kind !== 'row' || posted === undefined || told.payoutCurrency !== posted.currency) return;
  const minor = minorUnits(posted.gross) - minorUnits(posted.fee);
  addToPayout(payouts, { ...told, method: posted.method, minor }, digits);
}

/** Adds a row that belongs to no payment to the payouts; money of a payout that failed is no longer in that one. */
export function addProviderRow(
  payouts: Map<string, ExpectedItem>,
  { isReversed, amount, failedPayout, ...row }: ProviderRow,
  digits: number,
): void {
  if (isReversed) return;
  const minor = minorUnits(amount);
  addToPayout(payouts, { ...row, minor }, digits);
  if (failedPayout !== undefined)
    addToPayout(payouts, { ...row, payoutId: failedPayout, minor: -minor }, digits);
}

function addToPayout(
  payouts: Map<string, ExpectedItem>,
  { method, payoutId, paidOn: day, minor }: InPayout,
  digits: number,
): void {
  const key = JSON.stringify([method, payoutId]);
  const amount = formatAmount(minorUnits(payouts.get(key)?.item.amount ?? '0') + minor, digits);
  const item: BankItem = { kind: 'payout', method, payoutId, amount };
  payouts.set(key, { item, day, reference: payoutId });
}

/**
 * Returns the confirmed or ended items that the books do not have, or have with another amount. Only deposits and
 * remittances: payouts still change, and returned payments are in the accounts ({@link confirmedReturns}).
 *
 * @param items - what the bank should have of any day, confirmed or not
 */
export function wronglyConfirmed(account: BankAccount, items: readonly ExpectedItem[]): readonly BankItem[] {
  const amounts = new Map(items.map(({ item }) => [bankItemKey(item), item.amount]));
  const kinds: ReadonlySet<BankItem['kind']> = new Set(['deposit', 'safeDeposit', 'remittance']);
  return confirmedItems(account).filter(
    (item) => kinds.has(item.kind) && amounts.get(bankItemKey(item)) !== item.amount,
  );
}

/** Returns the returned payments that entries confirm, by the patrons whose accounts must have them. */
export function confirmedReturns(account: BankAccount): Map<string, readonly Returned[]> {
  const byPatron = new Map<string, readonly Returned[]>();
  for (const item of confirmedItems(account)) {
    if (item.kind !== 'returned') continue;
    byPatron.set(item.patronId, [...(byPatron.get(item.patronId) ?? []), item]);
  }
  return byPatron;
}

type Returned = Extract<BankItem, { kind: 'returned' }>;

/** Returns whether an account has a returned payment. What a purge has left of an account contradicts nothing. */
export function hasReturned(events: readonly RecordedEvent[], { reversalId, amount }: Returned): boolean {
  return events.some(
    ({ event: { type, data } }) =>
      type === 'AccountPurged' ||
      (type === 'PaymentReversed' && data.reversalId === reversalId && `-${data.amount}` === amount),
  );
}

/** Returns the items that are confirmed or ended, or parts of them, with the amounts of the whole. */
function confirmedItems({ items }: BankAccount): readonly BankItem[] {
  return [...items.values()].map(({ item }) => item);
}

/** Returns the sum of items. */
export function sumOfItems(items: readonly BankItem[], digits: number): string {
  return formatAmount(
    items.reduce((sum, { amount }) => sum + minorUnits(amount), 0n),
    digits,
  );
}

/** Returns no books: the other bank accounts, the tills and the remittances, before any is read. */
export function noBooks() {
  return {
    others: new Map<string, BankAccount>(),
    tills: new Map<string, Till>(),
    remittances: new Map<string, Remittances>(),
  };
}

/**
 * Returns what a stream of the office says that the bank should have. Payouts are added to `payouts`, tills and
 * remittances to `books`.
 */
export function itemsOfStream(
  { kind, name }: { readonly kind: StreamKind; readonly name: string },
  events: readonly OfficeEvent[],
  payouts: Map<string, ExpectedItem>,
  {
    currency,
    digits,
    dayOf,
    books,
  }: {
    readonly currency: string;
    readonly digits: number;
    readonly dayOf: (at: string) => string;
    readonly books: ReturnType<typeof noBooks>;
  },
): readonly ExpectedItem[] | null {
  if (kind === 'till') {
    const till = foldTill(events as readonly TillEvent[]);
    books.tills.set(name, till);
    return depositsOf(name, till, dayOf);
  }
  if (kind === 'remittances') {
    const remittances = foldRemittances(events as readonly RemittanceEvent[]);
    books.remittances.set(remittances.destination ?? '', remittances);
    return remittancesOf(remittances, dayOf);
  }
  addOfOnline(payouts, kind, events, { currency, digits });
  return null;
}

/** What is settled of items at all accounts, by key, in minor units. */
export type Settled = ReadonlyMap<string, { readonly whole: bigint; readonly minor: bigint }>;

/**
 * Returns what is settled with what another account has confirmed or ended. Ids of its own deposits from the safe may be
 * ours too.
 *
 * @returns all of it, and the items of which now more is settled than they are
 */
export function settledWith(
  settled: Settled,
  account: BankAccount,
): { readonly settled: Settled; readonly twice: readonly BankItem[] } {
  const sums = new Map(settled);
  const twice = [...account.items].flatMap(([key, { item, settled: more }]) => {
    if (item.kind === 'safeDeposit') return [];
    const { whole, minor } = sums.get(key) ?? { whole: minorUnits(item.amount), minor: 0n };
    const sum = minor + minorUnits(more);
    sums.set(key, { whole, minor: sum });
    return isAbove(sum, whole) ? [item] : [];
  });
  return { settled: sums, twice };
}

/** Returns what is settled at one account. */
export function settledAt({ items }: BankAccount): Settled {
  return new Map(
    [...items].map(([key, { item, settled }]) => [
      key,
      { whole: minorUnits(item.amount), minor: minorUnits(settled) },
    ]),
  );
}

/** Returns what is left of an item: the item, a part of it, or null for nothing. */
export function leftOf(expected: ExpectedItem, settled: Settled): ExpectedItem | null {
  const { whole, minor } = settled.get(bankItemKey(expected.item)) ?? { whole: 0n, minor: 0n };
  if (minor === 0n) return expected;
  const left = whole - minor;
  if (left === 0n || isAbove(minor, whole)) return null;
  const digits = (expected.item.amount.split('.')[1] ?? '').length;
  const [amount, of] = [formatAmount(left, digits), formatAmount(whole, digits)];
  return { ...expected, item: { ...expected.item, amount, of } };
}
