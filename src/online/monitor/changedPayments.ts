import type { OfficeStore } from '../../office/officeEvents.js';
import { type OnlinePayment, transactionOf } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentEvent,
  OnlinePaymentReturned,
  OnlinePaymentStarted,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import { nameOfKind, streamOfKind } from '../../office/streamKinds.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import type { ReportRejection } from '../onlineRejections.js';
import { knownTransaction } from '../ownTransaction.js';
import type { HowCaptured } from '../report/perhapsReported.js';
import { addCapture } from '../report/reportCapture.js';
import { addReturn } from '../report/reportReturn.js';
import { begin } from '../start/holdFees.js';

/** An online payment with events since a cursor. */
export type ChangedPayment = {
  readonly onlinePaymentId: string;
  /** The cursor before the first of these events; undefined for the beginning. */
  readonly before: string | undefined;
  /** The first patron whose account has a copy of the payment's start among these events; undefined if none has. */
  readonly patronId: string | undefined;
  /** The captures and returns of which a copy is among these events. */
  readonly transactions: readonly {
    readonly kind: 'capture' | 'return';
    readonly method: string;
    readonly externalTransactionId: string;
  }[];
};

/** A capture or return whose payment cannot take it, although its transaction belongs to it. */
export type RefusedTransaction = {
  readonly rejection: ReportRejection;
  readonly event: OnlinePaymentCaptured | OnlinePaymentReturned;
};

/** The number of events read at a time: the cursor of a report is one before such a page. */
const PAGE_SIZE = 200;

/** Reads which online payments of an institution have events since a cursor. Keeps their ids in memory. */
export async function changedPayments(
  office: Pick<OfficeStore, 'readAll'>,
  institution: string,
  after: string | undefined,
): Promise<{
  readonly payments: readonly ChangedPayment[];
  /** What was kept, and the cursor before its first event. */
  readonly kept: ReadonlyMap<string, string | undefined>;
  /** The cursors before the pages that were read, in order. */
  readonly pages: readonly (string | undefined)[];
  readonly cursor: string;
}> {
  const payments = new Map<string, ChangedPayment>();
  const kept = new Map<string, string | undefined>();
  const pages: (string | undefined)[] = [];
  let before = after;
  for (;;) {
    pages.push(before);
    const options = {
      limit: PAGE_SIZE,
      onUnreadable: 'list',
      ...(before !== undefined && { after: before }),
    } as const;
    const { events, unreadable = [], cursor } = await office.readAll(options);
    for (const { event, ...key } of events) {
      if (key.institution !== institution) continue;
      if ('keptId' in event.data && !kept.has(event.data.keptId)) kept.set(event.data.keptId, before);
      if (!('onlinePaymentId' in event.data)) continue;
      const { data, type } = event as OnlinePaymentEvent;
      const { onlinePaymentId } = data;
      const known = payments.get(onlinePaymentId) ?? unchanged(onlinePaymentId, before);
      payments.set(onlinePaymentId, known);
      if (nameOfKind('online', key) !== null) continue;
      // The copies are written in the order of these ids, so the first patron has one if any has.
      if (type === 'OnlinePaymentStarted')
        payments.set(onlinePaymentId, {
          ...known,
          patronId: data.parts.map((part) => part.patronId).sort()[0],
        });
      if (type !== 'OnlinePaymentCaptured' && type !== 'OnlinePaymentReturned') continue;
      const kind = type === 'OnlinePaymentCaptured' ? 'capture' : 'return';
      const { method, externalTransactionId } = data;
      const transactions = [...known.transactions, { kind, method, externalTransactionId } as const];
      payments.set(onlinePaymentId, { ...known, transactions });
    }
    for (const key of unreadable) {
      const onlinePaymentId = key.institution === institution ? nameOfKind('online', key) : null;
      if (onlinePaymentId !== null && !payments.has(onlinePaymentId))
        payments.set(onlinePaymentId, unchanged(onlinePaymentId, before));
    }
    if (events.length + unreadable.length === 0)
      return { payments: [...payments.values()], kept, pages, cursor };
    before = cursor;
  }
}

function unchanged(onlinePaymentId: string, before: string | undefined): ChangedPayment {
  return { onlinePaymentId, before, patronId: undefined, transactions: [] };
}

/**
 * Adds to a payment what a process that died had added only to other streams.
 *
 * @param how - how its captures come to be recorded
 */
export async function complete(
  context: OnlineContext,
  { onlinePaymentId, patronId, transactions }: ChangedPayment,
  how: HowCaptured = {},
): Promise<{ readonly payment: OnlinePayment | null; readonly refused: readonly RefusedTransaction[] }> {
  let payment = await readOnlinePayment(context, onlinePaymentId);
  if (payment === null && patronId !== undefined) {
    const { institution, office } = context;
    const { events } = await office.read(streamOfKind(institution, 'onlinePatron', patronId));
    const started = events.map(({ event }) => event as OnlinePaymentStarted);
    const own = started.find(({ data }) => data.onlinePaymentId === onlinePaymentId);
    if (own !== undefined) payment = await begin(context, own);
  }
  const refused: RefusedTransaction[] = [];
  for (const { kind, ...transaction } of transactions) {
    if (payment === null) break;
    if (transactionOf(payment, kind, transaction.externalTransactionId) !== undefined) continue;
    const event = await knownTransaction(context, kind, transaction);
    if (event === undefined) continue;
    if (refused.some((one) => one.event.data.externalTransactionId === event.data.externalTransactionId))
      continue;
    if (event.data.onlinePaymentId !== onlinePaymentId) continue;
    const added =
      kind === 'capture'
        ? await addCapture(context, event.data as OnlinePaymentCaptured['data'], how)
        : await addReturn(context, event.data as OnlinePaymentReturned['data']);
    if (!('type' in added)) payment = added;
    else refused.push({ rejection: added, event });
  }
  return { payment, refused };
}
