import type { NamedStream, RecordedEvent } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import type { BankEvent } from '../../office/bank/bankEvents.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import type { RemittanceEvent } from '../../office/remittances/remittance.js';
import { type StreamKind, streamParts } from '../../office/streamKinds.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import { type AccountText, type JournalPeriod, type StreamEntry, streamText } from './accountText.js';
import { bankPostings } from './bankPostings.js';
import type { AccountNames } from './chart.js';
import type { Posting } from './ledgerAccount.js';
import type { LedgerText } from './ledgerText.js';
import { keptPostings, onlinePaymentPostings, providerRowPostings } from './onlinePaymentPostings.js';
import { remittancePostings } from './remittancePostings.js';
import { type TillPostings, tillPostings } from './tillPostings.js';

type PostedEvent = TillEvent | RemittanceEvent | OnlinePaymentEvent | KeptReportEvent | ProviderRowEvent;

/** The kinds of streams whose events are posted. */
const posted: ReadonlySet<StreamKind | undefined> = new Set([
  'till',
  'remittances',
  'bank',
  'online',
  'onlineKept',
  'providerRow',
]);

/** Returns whether the events of a stream of the office are posted: those of receipts, and copies, are not. */
export function isPosted(stream: NamedStream): boolean {
  return posted.has(streamParts(stream)?.kind);
}

/**
 * Returns a function that writes tills, remittances, bank accounts and online payments in a format. It throws
 * `CORRUPT_HISTORY` for events that do not fold.
 */
export function officeWriter(
  format: LedgerText,
  nameOf: AccountNames,
  period: JournalPeriod,
): (stream: NamedStream, events: readonly RecordedEvent<OfficeEvent>[]) => AccountText {
  return (stream, events) => {
    const posted = postingsIn(
      stream,
      events.map(({ event }) => event),
    );
    const entries = events.map(({ event, version, recordedAt }, index): StreamEntry => {
      const { postings, desk } = posted[index] as TillPostings;
      const { currency } = (event as PostedEvent).data;
      const named = postings.map((posting) => ({ ...posting, name: nameOf(posting.account, desk) }));
      const digits = digitsOf(currency);
      return { version, event, recordedAt, currency, minorDigits: digits, postings: named };
    });
    return streamText(format, period, ['office', stream.stream], entries);
  };
}

/**
 * Returns the postings of each event of a till, of the remittances of an external system, of an account at a bank, or
 * of an online payment.
 */
export function postingsIn(stream: NamedStream, events: readonly OfficeEvent[]): readonly TillPostings[] {
  const parts = streamParts(stream);
  if (parts?.kind === 'till') return tillPostings(events as readonly TillEvent[]);
  return otherPostings(parts, events).map((postings) => ({ postings, desk: undefined }));
}

function otherPostings(
  parts: ReturnType<typeof streamParts>,
  events: readonly OfficeEvent[],
): readonly (readonly Posting[])[] {
  if (parts?.kind === 'bank') return bankPostings(parts.name, events as readonly BankEvent[]);
  if (parts?.kind === 'onlineKept') return keptPostings(events as readonly KeptReportEvent[]);
  if (parts?.kind === 'providerRow') return providerRowPostings(events as readonly ProviderRowEvent[]);
  return parts?.kind === 'remittances'
    ? remittancePostings(events as readonly RemittanceEvent[])
    : onlinePaymentPostings(events as readonly OnlinePaymentEvent[]);
}
