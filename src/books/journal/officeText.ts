import type { NamedStream, RecordedEvent } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import type { RemittanceEvent } from '../../office/remittances/remittance.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import { type AccountText, type JournalPeriod, type StreamEntry, streamText } from './accountText.js';
import type { AccountNames } from './chart.js';
import type { LedgerText } from './ledgerText.js';
import { officePostings } from './officePostings.js';
import type { TillPostings } from './tillPostings.js';

type PostedEvent = TillEvent | RemittanceEvent | OnlinePaymentEvent | KeptReportEvent | ProviderRowEvent;

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
    const posted = officePostings(
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
