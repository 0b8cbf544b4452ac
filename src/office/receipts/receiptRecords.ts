import type { NamedStream, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { type Retry, untilNoConflict } from '../../history/retry.js';
import { type OfficeStore, patronReceiptsStream } from '../officeEvents.js';
import type { ReceiptEvent, ReceiptIssued, ReceiptRequested } from './receiptIssued.js';

/** The data of a request. */
export type Requested = ReceiptRequested['data'];

/** The data of a numbered receipt. */
export type Issued = ReceiptIssued['data'];

type Subject = Pick<Requested, 'patronId' | 'kind' | 'subjectId'>;

/** Returns the version of a series, and its last receipt. */
export async function lastReceipt(office: OfficeStore, numbers: NamedStream) {
  const { version } = await office.read(numbers, { after: Number.MAX_SAFE_INTEGER, limit: 1 });
  if (version === 0) return { head: version, last: undefined };
  // Reads more than one event if other writers appended meanwhile.
  const { version: head, events } = await office.read(numbers, { after: version - 1 });
  return { head, last: (events.at(-1) as RecordedEvent<ReceiptIssued>).event.data };
}

function isFor(data: Requested, { patronId, kind, subjectId }: Subject): boolean {
  return data.patronId === patronId && data.kind === kind && data.subjectId === subjectId;
}

/** Returns the receipt that was issued for a payment, refund or waiver. */
export async function issuedBefore(
  office: OfficeStore,
  wanted: Subject & StreamId,
): Promise<Issued | undefined> {
  const { events } = await office.read(patronReceiptsStream(wanted));
  const issued = events.map(({ event }) => event as ReceiptEvent).filter(isIssued);
  return issued.find(({ data }) => isFor(data, wanted))?.data;
}

function isIssued(event: ReceiptEvent): event is ReceiptIssued {
  return event.type === 'ReceiptIssued';
}

/**
 * Returns the request that was recorded for the same payment, refund or waiver; otherwise records this one and returns
 * it.
 */
export async function recordRequest(
  office: OfficeStore,
  institution: string,
  data: Requested,
  retry: Retry,
): Promise<Requested> {
  let found: Requested | undefined;
  await appendUnless(office, institution, { type: 'ReceiptRequested', data }, retry, (recorded) => {
    const same = recorded.find((event) => event.type === 'ReceiptRequested' && isFor(event.data, data));
    found = same?.data;
    return same !== undefined;
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
  event: ReceiptEvent,
  retry: Retry,
  isThere: (recorded: readonly ReceiptEvent[]) => boolean,
): Promise<void> {
  const receipts = patronReceiptsStream({ institution, patronId: event.data.patronId });
  await untilNoConflict(async (write) => {
    const { version, events } = await office.read(receipts);
    if (isThere(events.map((recorded) => recorded.event as ReceiptEvent))) return;
    await write(() => office.append(receipts, [event], { expectedVersion: version }), event);
  }, retry);
}
