import type { RecordedEvent, StreamId } from '../../history/eventStore.js';
import { minorDigits } from '../../money/currency.js';
import { type OfficeEvent, tillOfStream } from '../officeEvents.js';
import type { TillEvent } from '../till/tillEvents.js';
import {
  type AccountText,
  type JournalPeriod,
  knownIn,
  type StreamEntry,
  streamText,
} from './accountText.js';
import type { AccountNames } from './chart.js';
import type { LedgerText } from './ledgerText.js';
import { tillPostings } from './tillPostings.js';

/** Returns whether the events of a stream of the office are posted: those of tills are, those of receipts are not. */
export function isPosted(stream: StreamId): boolean {
  return tillOfStream(stream) !== null;
}

/** Returns a function that writes tills in a format. It throws `CORRUPT_HISTORY` for events that do not fold. */
export function officeWriter(
  format: LedgerText,
  nameOf: AccountNames,
  period: JournalPeriod,
): (stream: StreamId, events: readonly RecordedEvent<OfficeEvent>[]) => AccountText {
  return (stream, events) => {
    const known = knownIn(period, events);
    const posted = tillPostings(known.map(({ event }) => event as TillEvent));
    const entries = known.map(({ event, version, recordedAt }, index): StreamEntry => {
      const { postings, desk } = posted[index] as (typeof posted)[number];
      const { currency } = event.data;
      const named = postings.map((posting) => ({ ...posting, name: nameOf(posting.account, desk) }));
      const digits = minorDigits(currency) as number;
      return { version, event, recordedAt, currency, minorDigits: digits, postings: named };
    });
    return streamText(format, period, ['office', stream.patronId], entries);
  };
}
