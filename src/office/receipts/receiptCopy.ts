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
  const { kind, subjectId, currency } = issued;
  const digits = digitsOf(currency);
  const contents: ReceiptContent[] = [];
  const lines: ReceiptLine[] = [];
  const reversals: ReceiptReversal[] = [];
  let original: ReceiptOriginal | null = null;
  for (const { patronId, accountVersion } of [issued, ...(issued.others ?? [])]) {
    const { events } = await stores.accounts.read({ institution, patronId });
    // Not all of them after a purge: then the first version is above 1.
    const printed = events.filter(({ version }) => version <= accountVersion);
    const content = contentOf(printed, policy, issued);
    if (content === undefined) throw notFound({ institution, patronId, kind, subjectId });
    contents.push(content);
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
