import { untilNoConflict } from '../history/retry.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import { transactionStream } from '../office/streamKinds.js';
import type { OnlineContext } from './loadOnlinePayment.js';

/** The event of a transaction. */
type TransactionEvent = OnlinePaymentCaptured | OnlinePaymentReturned;

/** A transaction, and under which payment method. */
type Transaction = { readonly externalTransactionId: string; readonly method: string };

/** Returns the event by which a transaction belongs to a payment; undefined if it is not known. */
export async function knownTransaction(
  context: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  { externalTransactionId, method }: Transaction,
): Promise<TransactionEvent | undefined> {
  const { events } = await readTransaction(context, kind, externalTransactionId);
  return events.find(({ data }) => data.method === method);
}

/**
 * Returns the event by which a transaction belongs to a payment, under the first of some methods that has it, else
 * under the only one.
 */
export async function transactionOfAny(
  context: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  externalTransactionId: string,
  methods: readonly (string | undefined)[],
): Promise<TransactionEvent | undefined> {
  const { events } = await readTransaction(context, kind, externalTransactionId);
  for (const method of methods) {
    const event = events.find(({ data }) => data.method === method);
    if (event !== undefined) return event;
  }
  return events.length === 1 ? events[0] : undefined;
}

/** Reads the events of a transaction, one for each method. Several long ids may share a stream. */
export async function readTransaction(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  externalTransactionId: string,
): Promise<{ readonly events: readonly TransactionEvent[]; readonly version: number }> {
  const { version, events } = await office.read(transactionStream(institution, kind, externalTransactionId));
  const all = events.map(({ event }) => event as TransactionEvent);
  return { version, events: all.filter(({ data }) => data.externalTransactionId === externalTransactionId) };
}

/**
 * Records in the stream of a transaction that it belongs to a payment, unless it belongs to one. The payment's own
 * stream follows; its event decides how the amount is divided.
 *
 * @returns the event that is there
 */
export function ownTransaction(
  context: OnlineContext,
  kind: 'capture' | 'return',
  event: TransactionEvent,
): Promise<TransactionEvent> {
  const { externalTransactionId, method } = event.data;
  const { office, institution, retry } = context;
  const stream = transactionStream(institution, kind, externalTransactionId);
  return untilNoConflict<TransactionEvent>(async (write) => {
    const { events, version } = await readTransaction(context, kind, externalTransactionId);
    const known = events.find(({ data }) => data.method === method);
    if (known !== undefined) return known;
    await write(() => office.append(stream, [event], { expectedVersion: version }), event);
    return event;
  }, retry);
}
