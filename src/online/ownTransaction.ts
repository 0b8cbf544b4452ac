import { untilNoConflict } from '../history/retry.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import { type TransactionIds, transactionNamed } from '../office/onlinePayments/transactionIds.js';
import { transactionStream } from '../office/streamKinds.js';
import type { OnlineContext } from './loadOnlinePayment.js';

/** The event of a transaction. */
type TransactionEvent = OnlinePaymentCaptured | OnlinePaymentReturned;

/** A transaction, and under which payment method. */
type Transaction = TransactionIds & { readonly method: string };

/**
 * Returns the event by which a transaction belongs to a payment, under any of its ids; undefined if it is not known.
 */
export async function knownTransaction(
  context: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  transaction: Transaction,
): Promise<TransactionEvent | undefined> {
  const found: TransactionEvent[] = [];
  for (const id of idsIn(transaction)) {
    const { event } = await inStreamOf(context, kind, transaction, id);
    if (event?.data.externalTransactionId === transaction.externalTransactionId) return event;
    if (event !== undefined) found.push(event);
  }
  return eventNamed(found, transaction);
}

/**
 * Returns the event by which a transaction belongs to a payment, under the first of some methods that has it, else
 * under the only one.
 */
export async function transactionOfAny(
  context: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  ids: TransactionIds,
  methods: readonly (string | undefined)[],
): Promise<TransactionEvent | undefined> {
  const found = await transactionsOf(context, kind, ids);
  for (const method of methods) {
    const event = eventNamed(
      found.filter(({ data }) => data.method === method),
      ids,
    );
    if (event !== undefined) return event;
  }
  const [only, ...others] = new Set(found.map(({ data }) => data.method));
  return only === undefined || others.length > 0 ? undefined : eventNamed(found, ids);
}

/** Returns the events of a transaction, under any of its ids and any method. */
export async function transactionsOf(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  ids: TransactionIds,
): Promise<readonly TransactionEvent[]> {
  const found: TransactionEvent[] = [];
  for (const id of idsIn(ids)) {
    const { events } = await office.read(transactionStream(institution, kind, id));
    found.push(...events.map(({ event }) => event as TransactionEvent));
  }
  return found;
}

function eventNamed(events: readonly TransactionEvent[], ids: TransactionIds): TransactionEvent | undefined {
  const all: readonly TransactionIds[] = events.map(({ data }) => data);
  const named = transactionNamed(all, ids);
  return events.find(({ data }) => data === named);
}

export function idsIn({ externalTransactionId, otherIds = [] }: TransactionIds): readonly string[] {
  return [externalTransactionId, ...otherIds];
}

async function inStreamOf(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  transaction: Transaction,
  id: string,
): Promise<{ readonly event: TransactionEvent | undefined; readonly version: number }> {
  const { method } = transaction;
  const { version, events } = await office.read(transactionStream(institution, kind, id));
  // Several methods, and transactions with long ids or with another id in common, may share a stream.
  const ofMethod = events
    .map((one) => one.event as TransactionEvent)
    .filter(({ data }) => data.method === method);
  return { event: eventNamed(ofMethod, transaction), version };
}

/**
 * Records in the stream of each id of a transaction that it belongs to a payment, unless it belongs to one. The
 * payment's own stream follows; its event decides how the amount is divided.
 *
 * @returns the event that is there
 */
export async function ownTransaction(
  context: OnlineContext,
  kind: 'capture' | 'return',
  event: TransactionEvent,
): Promise<TransactionEvent> {
  const ids = idsIn(event.data);
  const found: TransactionEvent[] = [];
  const before = ids.length > 1 ? await knownTransaction(context, kind, event.data) : undefined;
  if (before !== undefined) found.push(before);
  let owned = before ?? event;
  // In one order, so that two reports of the same ids meet in the first stream.
  for (const id of [...ids].sort()) {
    const stream = transactionStream(context.institution, kind, id);
    const wanted = namedBy(owned, ids);
    const there = await untilNoConflict<TransactionEvent | undefined>(async (write) => {
      const known = await inStreamOf(context, kind, event.data, id);
      if (known.event !== undefined) return known.event;
      await write(() => context.office.append(stream, [wanted], { expectedVersion: known.version }), wanted);
      return undefined;
    }, context.retry);
    if (there !== undefined) found.push(there);
    owned = eventNamed(found, event.data) ?? event;
  }
  return namedBy(owned, ids);
}

/** Returns the event of a transaction with more ids: it may have been recorded by one of them. */
export function namedBy<Event extends TransactionEvent>(event: Event, ids: readonly string[]): Event {
  const known: TransactionIds = event.data;
  const otherIds = [...new Set([...(known.otherIds ?? []), ...ids])].filter(
    (id) => id !== known.externalTransactionId,
  );
  if (otherIds.length === (known.otherIds ?? []).length) return event;
  return { ...event, data: { ...event.data, otherIds } } as Event;
}
