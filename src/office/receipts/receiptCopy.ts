import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { OfficeStore } from '../officeEvents.js';
import {
  type NumberedReceipt,
  type ReceiptContent,
  type ReceiptLine,
  type ReceiptMethod,
  type ReceiptOriginal,
  type ReceiptReversal,
  receiptContent,
  vatOfLines,
} from './numberedReceipt.js';
import type { ReceiptKind } from './receiptIssued.js';
import { type Issued, issuedAmong, receiptsOf } from './receiptRecords.js';
import { undoingsOf, undoneBy } from './receiptSubject.js';

/** Both stores of {@link issueReceipt}. */
export type ReceiptStores = {
  /** The store with the events of patron accounts. */
  readonly accounts: EventStore;
  /** The store with the events of tills and receipts, opened with the codec `officeEvents`. */
  readonly office: OfficeStore;
};

/** What a receipt is for. */
export type ReceiptSubject = StreamId & {
  /** The kind of receipt. */
  readonly kind: ReceiptKind;
  /** The id of what the receipt is for: see {@link ReceiptKind}. */
  readonly subjectId: string;
};

/** Returns the content of a receipt; undefined if the account has nothing to print. */
export function contentOf(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  { kind, subjectId }: Pick<ReceiptSubject, 'kind' | 'subjectId'>,
): ReceiptContent | undefined {
  return receiptContent(eventsIn(events), policy, kind, subjectId);
}

function eventsIn(events: readonly RecordedEvent[]): readonly AccountEvent[] {
  return events.map(({ event }) => event);
}

/**
 * Returns a receipt as a copy: as it was printed, from the accounts at those versions, and what has undone it since.
 */
export async function copyOf(
  { stores, policy }: { readonly stores: ReceiptStores; readonly policy: FeePolicy },
  institution: string,
  issued: Issued,
): Promise<NumberedReceipt> {
  const { kind, currency, patronId: payer, accountVersion: printedAt } = issued;
  const digits = digitsOf(currency);
  const contents: ReceiptContent[] = [];
  const methods: ReceiptMethod[] = [];
  const lines: ReceiptLine[] = [];
  const reversals: ReceiptReversal[] = [];
  let original: ReceiptOriginal | null = null;
  const parts = [
    { patronId: payer, accountVersion: printedAt, subjectId: issued.subjectId },
    ...(issued.others ?? []).map((part) => ({ ...part, subjectId: issued.subjectId })),
    ...(issued.payments ?? []).map(({ paymentId }) => ({
      patronId: payer,
      accountVersion: printedAt,
      subjectId: paymentId,
    })),
  ];
  for (const { patronId, accountVersion, subjectId } of parts) {
    const { events } = await stores.accounts.read({ institution, patronId });
    // Not all of them after a purge: then the first version is above 1.
    const printed = events.filter(({ version }) => version <= accountVersion);
    const content = contentOf(printed, policy, { kind, subjectId });
    if (content === undefined) throw notFound({ institution, patronId, kind, subjectId });
    // What can still be paid is that of an account, however many payments it has here.
    if (patronId !== payer || contents.length === 0) contents.push(content);
    addMethod(methods, subjectId, content);
    lines.push(...content.lines.map((line) => ({ ...line, patronId })));
    const receipts = await receiptsOf(stores.office, { institution, patronId });
    const numberOf = async (subject: Pick<ReceiptSubject, 'kind' | 'subjectId'>) => {
      const wanted = { institution, patronId, ...subject };
      const { series, number } = (await issuedAmong(receipts, stores.office, wanted)) ?? {};
      return series === undefined || number === undefined ? null : { series, number };
    };
    for (const undoing of undoingsOf(eventsIn(events), kind, subjectId, digits)) {
      const receipt = await numberOf({ kind: 'reversal', subjectId: undoing.id });
      reversals.push({ patronId, ...undoing, receipt });
    }
    const undone = kind === 'reversal' ? undoneBy(eventsIn(printed), subjectId, digits) : undefined;
    if (undone !== undefined) original = { ...undone, receipt: await numberOf(undone) };
  }
  const [first] = contents as [ReceiptContent];
  return {
    ...first,
    ...issued,
    institution,
    isCopy: true,
    methods,
    lines,
    vat: vatOfLines(lines, digits),
    remainingPayable: sumOf(
      contents.map((content) => ({ amount: content.remainingPayable })),
      currency,
    ),
    reversals,
    reversed: sumOf(reversals, currency),
    original,
  };
}

/** Adds how a part of a receipt was paid: the parts of several patrons are one payment. */
function addMethod(methods: ReceiptMethod[], subjectId: string, content: ReceiptContent): void {
  const { method, methodLabel, amount, reference, externalTransactionId, currency } = content;
  if (method === null) return;
  const index = methods.findIndex((one) => one.subjectId === subjectId);
  const before = methods[index];
  const added = { subjectId, method, methodLabel, amount, reference, externalTransactionId };
  if (before === undefined) methods.push(added);
  else methods[index] = { ...before, amount: sumOf([before, content], currency) };
}

/** Returns the sum of amounts. */
export function sumOf(parts: readonly { readonly amount: string }[], currency: string): string {
  const digits = digitsOf(currency);
  const minor = parts.map(({ amount }) => minorUnits(amount));
  return formatAmount(
    minor.reduce((sum, part) => sum + part, 0n),
    digits,
  );
}

/** Returns the error for a subject without a receipt. */
export function notFound(
  { institution, patronId, kind, subjectId }: ReceiptSubject,
  what: 'thing' | 'receipt' = 'thing',
): PatronFeesError {
  const subject = `${kind} ${subjectId}`;
  const missing = what === 'thing' ? `there is no ${subject}` : `no receipt was issued for ${subject}`;
  return new PatronFeesError('NOT_FOUND', `${institution}/${patronId}: ${missing}`, {
    institution,
    patronId,
    kind,
    subjectId,
  });
}
