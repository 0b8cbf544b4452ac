import type { NamedStream } from '../../history/eventStore.js';
import type { BankEvent } from '../../office/bank/bankEvents.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import type { RemittanceEvent } from '../../office/remittances/remittance.js';
import { type StreamKind, streamParts } from '../../office/streamKinds.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import { bankPostings } from './bankPostings.js';
import type { Posting } from './ledgerAccount.js';
import { keptPostings, onlinePaymentPostings, providerRowPostings } from './onlinePaymentPostings.js';
import { remittancePostings } from './remittancePostings.js';
import { type TillPostings, tillPostings } from './tillPostings.js';

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
 * Returns the postings of the events of any stream of the office, by the kind of the stream: a till, the remittances of
 * an external system, an account at a bank, or an online payment.
 *
 * @param stream - the stream, whose name begins with its kind, such as `till:CIRC`
 * @param events - all its events, in the stream's order
 * @returns the postings of each event, which sum to zero, and the desk of a till; no postings for a kind that moves no
 * money, such as receipts
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill } from 'patron-fees/office';
 * import { officePostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const open = { type: 'OpenTill', id: 'CIRC/1', float: '50', at: '2026-03-02T09:00:00-05:00', by } as const;
 * const { events } = decideTill(open, emptyTill, definePolicy({ currency: 'USD' }));
 * const till = { institution: 'north', stream: 'till:CIRC' };
 * officePostings(till, events)[0]?.postings.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['cash,CASH', 5000], ['safe', -5000]]
 * ```
 */
export function officePostings(stream: NamedStream, events: readonly OfficeEvent[]): readonly TillPostings[] {
  const parts = streamParts(stream);
  if (parts?.kind === 'till') return tillPostings(events as readonly TillEvent[]);
  return otherPostings(parts, events).map((postings) => ({ postings, desk: undefined }));
}

function otherPostings(
  parts: ReturnType<typeof streamParts>,
  events: readonly OfficeEvent[],
): readonly (readonly Posting[])[] {
  switch (parts?.kind) {
    case 'bank':
      return bankPostings(parts.name, events as readonly BankEvent[]);
    case 'onlineKept':
      return keptPostings(events as readonly KeptReportEvent[]);
    case 'providerRow':
      return providerRowPostings(events as readonly ProviderRowEvent[]);
    case 'remittances':
      return remittancePostings(events as readonly RemittanceEvent[]);
    case 'online':
      return onlinePaymentPostings(events as readonly OnlinePaymentEvent[]);
    default:
      return events.map(() => []);
  }
}
