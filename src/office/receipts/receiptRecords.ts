import type { NamedStream, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { type Retry, untilNoConflict } from '../../history/retry.js';
import type { OfficeStore } from '../officeEvents.js';
import { streamOfKind } from '../streamKinds.js';
import type { ReceiptEvent, ReceiptIssued, ReceiptRequested, ReceiptSeriesClosed } from './receiptIssued.js';

/** The data of a request. */
export type Requested = ReceiptRequested['data'];

/** The data of a numbered receipt. */
export type Issued = ReceiptIssued['data'];

type Subject = Pick<Requested, 'patronId' | 'kind' | 'subjectId'>;

/**
 * Returns the version of a series, and its last receipt, or its closing. A closing added the last receipt to those of its
 * patron.
 */
export async function lastReceipt(office: OfficeStore, numbers: NamedStream) {
  const { version } = await office.read(numbers, { after: Number.MAX_SAFE_INTEGER, limit: 1 });
  if (version === 0) return { head: version, last: undefined, closed: undefined };
  // Reads more than one event if other writers appended meanwhile.
  const { version: head, events } = await office.read(numbers, { after: version - 1 });
  const { event } = events.at(-1) as RecordedEvent<ReceiptIssued | ReceiptSeriesClosed>;
  return event.type === 'ReceiptSeriesClosed'
    ? { head, last: undefined, closed: event.data }
    : { head, last: event.data, closed: undefined };
}

function isFor(data: Requested, { patronId, kind, subjectId }: Subject): boolean {
  return data.patronId === patronId && data.kind === kind && data.subjectId === subjectId;
}

type PatronEvent = Exclude<ReceiptEvent, ReceiptSeriesClosed>;

/** Returns the receipts of a patron: what was requested, and what has a number. */
export async function receiptsOf(office: OfficeStore, patron: StreamId): Promise<readonly PatronEvent[]> {
  const { events } = await office.read(streamOfKind(patron.institution, 'patron', patron.patronId));
  return events.map(({ event }) => event as PatronEvent);
}

/** Returns the last request that was recorded for the same subject. */
export async function requestedBefore(
  office: OfficeStore,
  wanted: Subject & StreamId,
): Promise<Requested | undefined> {
  return requestIn(await receiptsOf(office, wanted), wanted);
}

function requestIn(receipts: readonly PatronEvent[], wanted: Subject): Requested | undefined {
  const requests = receipts.filter(({ type, data }) => type === 'ReceiptRequested' && isFor(data, wanted));
  return requests.at(-1)?.data;
}

/**
 * Returns the receipt that was issued for the same subject: its own, that of a payment made together with it, or that of
 * the payer of a payment for several patrons.
 *
 * @param receipts - the patron's receipts
 */
export async function issuedAmong(
  receipts: readonly PatronEvent[],
  office: OfficeStore,
  wanted: Subject & StreamId,
): Promise<Issued | undefined> {
  const own = receipts.filter(({ data }) => isFor(data, wanted));
  const issued = own.find(isIssued);
  if (issued !== undefined) return issued.data;
  const paidWith = own.map(({ data }) => (data as Requested).paidWith).find((id) => id !== undefined);
  if (paidWith !== undefined) {
    const together = receipts.filter(isIssued).map(({ data }) => data);
    return together.find(
      (data) => isFor(data, { ...wanted, subjectId: paidWith }) && hasPayment(data, wanted.subjectId),
    );
  }
  const payer = own.map(({ data }) => (data as Requested).payer).find((patronId) => patronId !== undefined);
  if (payer === undefined) return undefined;
  const ofPayer = { ...wanted, patronId: payer };
  const whole = (await receiptsOf(office, ofPayer)).filter(isIssued).find(({ data }) => isFor(data, ofPayer));
  return whole && includes(whole.data, wanted.patronId) ? whole.data : undefined;
}

/** Returns the receipt that was issued for the same subject. */
export async function issuedBefore(
  office: OfficeStore,
  wanted: Subject & StreamId,
): Promise<Issued | undefined> {
  return issuedAmong(await receiptsOf(office, wanted), office, wanted);
}

/** Returns whether a receipt has the part of another patron. */
export function includes({ others = [] }: Pick<Requested, 'others'>, patronId: string): boolean {
  return others.some((part) => part.patronId === patronId);
}

/** Returns whether a receipt has another payment of its patron. */
export function hasPayment({ payments = [] }: Pick<Requested, 'payments'>, id: string): boolean {
  return payments.some(({ paymentId }) => paymentId === id);
}

function isIssued(event: PatronEvent): event is ReceiptIssued {
  return event.type === 'ReceiptIssued';
}

/**
 * Returns the request that was recorded for the same subject; otherwise records this one and returns
 * it.
 *
 * @param closed - the series that was closed before it gave a number: a request in it is replaced
 */
export async function recordRequest(
  office: OfficeStore,
  institution: string,
  data: Requested,
  retry: Retry,
  closed?: string,
): Promise<Requested> {
  let found: Requested | undefined;
  await appendUnless(office, institution, { type: 'ReceiptRequested', data }, retry, (recorded) => {
    const same = requestIn(recorded, data);
    found = same?.series === closed ? undefined : same;
    return found !== undefined;
  });
  return found ?? data;
}

/** Adds a receipt to its patron's receipts, unless it is there. */
export async function addToPatron(
  office: OfficeStore,
  institution: string,
  data: Issued,
  retry: Retry,
): Promise<void> {
  const { series, number } = data;
  await appendUnless(office, institution, { type: 'ReceiptIssued', data }, retry, (recorded) =>
    recorded.some((event) => isIssued(event) && event.data.series === series && event.data.number === number),
  );
}

/** Appends an event to a patron's receipts, unless it is there. */
async function appendUnless(
  office: OfficeStore,
  institution: string,
  event: PatronEvent,
  retry: Retry,
  isThere: (recorded: readonly PatronEvent[]) => boolean,
): Promise<void> {
  const receipts = streamOfKind(institution, 'patron', event.data.patronId);
  await untilNoConflict(async (write) => {
    const { version, events } = await office.read(receipts);
    if (isThere(events.map((recorded) => recorded.event as PatronEvent))) return;
    await write(() => office.append(receipts, [event], { expectedVersion: version }), event);
  }, retry);
}
