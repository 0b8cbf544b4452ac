import { untilNoConflict } from '../history/retry.js';
import { transactionStream } from '../office/officeEvents.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from './loadOnlinePayment.js';
import type { ProviderTransaction } from './planCapture.js';

/** The event of a transaction. */
type TransactionEvent = OnlinePaymentCaptured | OnlinePaymentReturned;

/** Returns the event by which a transaction belongs to a payment; undefined if it is not known. */
export async function knownTransaction(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  kind: 'capture' | 'return',
  transaction: ProviderTransaction,
): Promise<{ readonly event: TransactionEvent | undefined; readonly version: number }> {
  const { version, events } = await office.read(transactionStream(institution, kind, transaction));
  // Transactions with long names may share a stream.
  const found = events
    .map(({ event }) => event as TransactionEvent)
    .find(
      ({ data }) =>
        data.method === transaction.method &&
        data.externalTransactionId === transaction.externalTransactionId,
    );
  return { event: found, version };
}

/**
 * Records in the stream of a transaction that it belongs to a payment, unless it belongs to one. The payment's own stream
 * follows; its event decides how the amount is divided.
 *
 * @returns the event that is there
 */
export function ownTransaction(
  context: OnlineContext,
  kind: 'capture' | 'return',
  event: TransactionEvent,
): Promise<TransactionEvent> {
  const stream = transactionStream(context.institution, kind, event.data);
  return untilNoConflict(async (write) => {
    const known = await knownTransaction(context, kind, event.data);
    if (known.event !== undefined) return known.event;
    await write(() => context.office.append(stream, [event], { expectedVersion: known.version }), event);
    return event;
  }, context.retry);
}
