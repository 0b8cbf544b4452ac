import * as v from 'valibot';
import type { RecordedActor } from '../account/circumstances.js';
import { nameField } from '../account/fieldSchemas.js';
import type { ReadAppendStore } from '../history/eventStore.js';
import { type Retry, untilNoConflict } from '../history/retry.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertOfficeStore } from '../job/jobStores.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { foldedStream } from '../office/officeStream.js';
import { foldOnlinePayment } from '../office/onlinePayments/foldOnlinePayment.js';
import type { OnlinePayment } from '../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentEvent,
  OnlinePaymentRecorded,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';

/** The key of an online payment. */
export type OnlinePaymentId = {
  /** The institution. */
  readonly institution: string;
  /** The id with which it was started. */
  readonly onlinePaymentId: string;
};

const idSchema = v.strictObject({ institution: nameField, onlinePaymentId: nameField });

/**
 * Reads an online payment.
 *
 * @param office - the store of the office
 * @param id - the payment
 * @returns the payment; null if the office has no such payment
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`; `CORRUPT_HISTORY`; errors of the store
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { loadOnlinePayment } from 'patron-fees/online';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * await loadOnlinePayment(office, { institution: 'north', onlinePaymentId: 'o1' }); //=> null
 * ```
 */
export async function loadOnlinePayment(
  office: OfficeStore,
  id: OnlinePaymentId,
): Promise<OnlinePayment | null> {
  assertOfficeStore(office);
  const { institution, onlinePaymentId } = checkedArgument(idSchema, id, 'id');
  return readOnlinePayment({ office, institution }, onlinePaymentId);
}

/** Where online payments and accounts are stored, and under which policy. */
export type OnlineContext = {
  readonly accounts: ReadAppendStore;
  readonly office: Pick<OfficeStore, 'read' | 'append' | 'accounts'>;
  readonly policy: FeePolicy;
  readonly institution: string;
  readonly retry: Retry;
  readonly onRecorded?: OnRecorded | undefined;
};

/** What an account has recorded of a capture. */
export type RecordedOnline = {
  /** The institution. */
  readonly institution: string;
  /** The payment after it. */
  readonly payment: OnlinePayment;
  /** The account's part, and the payment in the account. */
  readonly recorded: OnlinePaymentRecorded['data'];
};

/**
 * Called once an account has recorded its part of a capture: to send the payer a receipt, for example. It is called
 * once, or not at all if the process dies before the call. Where every payer must get a message, use the notice `paid`
 * of `runNotices`. An error that it throws is passed on to the caller; the payment is still recorded.
 */
export type OnRecorded = (recorded: RecordedOnline) => void | Promise<void>;

/** The schema of {@link OnRecorded}. */
export const onRecordedField = v.optional(
  v.custom<OnRecorded>((input) => typeof input === 'function', 'a function'),
);

/** Reads an online payment; null if its stream is empty. */
export async function readOnlinePayment(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  onlinePaymentId: string,
): Promise<OnlinePayment | null> {
  const stream = streamOfKind(institution, 'online', onlinePaymentId);
  const { events } = await office.read(stream);
  return foldedStream(stream, () =>
    foldOnlinePayment(events.map(({ event }) => event as OnlinePaymentEvent)),
  );
}

/**
 * Reads an online payment, decides, and appends at most one event to it. If another writer appended first, reads and
 * decides again.
 *
 * @param decide - returns the event, or a result if there is nothing to append
 * @returns the payment after the event, or the result
 */
export async function appendToPayment<Result>(
  context: OnlineContext,
  onlinePaymentId: string,
  decide: (payment: OnlinePayment | null) => OnlinePaymentEvent | { readonly result: Result },
): Promise<{ readonly payment: OnlinePayment } | { readonly result: Result }> {
  const stream = streamOfKind(context.institution, 'online', onlinePaymentId);
  return untilNoConflict(async (write) => {
    const before = await readOnlinePayment(context, onlinePaymentId);
    const event = decide(before);
    if ('result' in event) return event;
    const expectedVersion = before?.eventCount ?? 0;
    await write(() => context.office.append(stream, [event], { expectedVersion }), event);
    return { payment: foldOnlinePayment([event], before) as OnlinePayment };
  }, context.retry);
}

/** Returns an actor without a user where the patron acts. */
export function withoutPatron(by: RecordedActor): RecordedActor {
  if (by.channel !== 'online' && by.channel !== 'selfCheck') return by;
  const { userId: _userId, ...actor } = by;
  return actor;
}
