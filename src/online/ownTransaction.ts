import { untilNoConflict } from '../history/retry.js';
import { transactionStream } from '../office/officeEvents.js';
import { isSameTransaction, type TransactionIds } from '../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
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
  const { externalTransactionId, otherIds = [] } = transaction;
  for (const id of [externalTransactionId, ...otherIds]) {
    const { event } = await inStreamOf(context, kind, transaction, id);
    if (event !== undefined) return event;
  }
  return undefined;
}

async function inStreamOf(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  transaction: Transaction,
  id: string,
): Promise<{ readonly event: TransactionEvent | undefined; readonly version: number }> {
  const { method } = transaction;
  const stream = transactionStream(institution, kind, { method, externalTransactionId: id });
  const { version, events } = await office.read(stream);
  // Transactions with long names, or with another id in common, may share a stream.
  const event = events
    .map((one) => one.event as TransactionEvent)
    .find(({ data }) => data.method === method && isSameTransaction(data, transaction));
  return { event, version };
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
  const { method, externalTransactionId, otherIds = [] } = event.data as Transaction;
  let owned = event;
  for (const id of [...otherIds, externalTransactionId]) {
    const stream = transactionStream(context.institution, kind, { method, externalTransactionId: id });
    const wanted = owned;
    owned = await untilNoConflict(async (write) => {
      const known = await inStreamOf(context, kind, event.data, id);
      if (known.event !== undefined) return known.event;
      await write(() => context.office.append(stream, [wanted], { expectedVersion: known.version }), wanted);
      return wanted;
    }, context.retry);
    if (owned.data.externalTransactionId !== externalTransactionId) return owned;
  }
  return owned;
}
