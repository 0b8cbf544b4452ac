import type { NamedStream, RecordedEvent } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import type { BankEvent } from '../../office/bank/bankEvents.js';
import {
  bankOfStream,
  isRemittanceStream,
  type OfficeEvent,
  onlinePaymentOfStream,
  tillOfStream,
} from '../../office/officeEvents.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { RemittanceEvent } from '../../office/remittances/remittance.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import { type AccountText, type JournalPeriod, type StreamEntry, streamText } from './accountText.js';
import { bankPostings } from './bankPostings.js';
import type { AccountNames } from './chart.js';
import type { Posting } from './ledgerAccount.js';
import type { LedgerText } from './ledgerText.js';
import { onlinePaymentPostings } from './onlinePaymentPostings.js';
import { remittancePostings } from './remittancePostings.js';
import { type TillPostings, tillPostings } from './tillPostings.js';

/** Returns whether the events of a stream of the office are posted: those of receipts, and copies, are not. */
export function isPosted(stream: NamedStream): boolean {
  return (
    tillOfStream(stream) !== null ||
    isRemittanceStream(stream) ||
    bankOfStream(stream) !== null ||
    onlinePaymentOfStream(stream) !== null
  );
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
      const { currency } = (event as TillEvent | RemittanceEvent | OnlinePaymentEvent).data;
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
  if (tillOfStream(stream) !== null) return tillPostings(events as readonly TillEvent[]);
  return otherPostings(stream, events).map((postings) => ({ postings, desk: undefined }));
}

function otherPostings(stream: NamedStream, events: readonly OfficeEvent[]): readonly (readonly Posting[])[] {
  const bank = bankOfStream(stream);
  if (bank !== null) return bankPostings(bank, events as readonly BankEvent[]);
  return isRemittanceStream(stream)
    ? remittancePostings(events as readonly RemittanceEvent[])
    : onlinePaymentPostings(events as readonly OnlinePaymentEvent[]);
}
