import { digestOf } from '../account/digest.js';
import { TEXT_TOO_LONG } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';

import type { EventCodec } from '../history/codec.js';
import type { EventStore, NamedStream, StreamId } from '../history/eventStore.js';
import { parsed } from '../input/checkedArgument.js';
import { faultText } from '../input/faults.js';
import { minorDigits } from '../money/currency.js';
import type { BankEvent } from './bank/bankEvents.js';
import type { NoticeSent } from './notices/noticeSent.js';
import { officeEventSchema } from './officeEventSchema.js';
import type { OnlinePaymentEvent } from './onlinePayments/onlinePaymentEvents.js';
import { onlineDigitFaults } from './onlinePayments/onlinePaymentSchemas.js';
import type { PolicyRecorded } from './policyHistory/policyRecorded.js';

import type { ReceiptEvent } from './receipts/receiptIssued.js';
import type { RemittanceEvent } from './remittances/remittance.js';
import type { SealEvent } from './seals/sealEvents.js';
import type { TillEvent } from './till/tillEvents.js';

/**
 * An event of the office: of a till, of a series of receipts, of money that an external system handed over, of an
 * online payment, of the seals of the books, of the policy, or of notices to patrons.
 */
export type OfficeEvent =
  | TillEvent
  | ReceiptEvent
  | RemittanceEvent
  | BankEvent
  | OnlinePaymentEvent
  | SealEvent
  | PolicyRecorded
  | NoticeSent;

/** A store with the events of the office, opened with the codec {@link officeEvents}. */
export type OfficeStore = EventStore<OfficeEvent, NamedStream>;

/**
 * The codec of a store for the events of tills, receipts, remittances, online payments, seals and policies. They are
 * not events of patron accounts, so they need a store of their own: another file of SQLite, another schema of
 * PostgreSQL, another stream of NATS. Its keys are `{ institution, stream }`: `till:CIRC` is a till, `receipts:2026` a
 * series of receipts, `patron:dverma` the receipts of a patron, `remittances:BANNER` an external system, `online:o1` an
 * online payment, `bank:GIRO` an account at a bank, `seals:` the seals of the books, `purges:dverma` the purges of an
 * account, `policies:` the policies and `notices:dverma` the notices that a patron was sent. Copies of an online
 * payment's events are in `onlinePatron:dverma`, the payments begun for a patron, and in a stream of each transaction
 * and return.
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/institution';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * (await office.accounts()).accounts; //=> []
 * officeEvents.decode('{"type":"TillOpened"}'); //=> throws INVALID_EVENT
 * ```
 */
export const officeEvents: EventCodec<OfficeEvent, 'stream'> = {
  encode: (event) => JSON.stringify(checked(event, [])),
  decode: (text) => checked(read(text), [TEXT_TOO_LONG]),
  idField: 'stream',
};

const TILL = 'till:';
const SERIES = 'receipts:';
const PATRON = 'patron:';
const REMITTANCES = 'remittances:';
const BANK = 'bank:';
const SEALS = 'seals:';
const PURGES = 'purges:';
const POLICIES = 'policies:';
const NOTICES = 'notices:';
const ONLINE = 'online:';
const ONLINE_PATRON = 'onlinePatron:';

/** The stream of a till. The prefix keeps it apart from the other streams of the office. */
export function tillStream(institution: string, till: string): NamedStream {
  return { institution, stream: TILL + till };
}

/** The stream of a series of receipts: one event for each number. */
export function receiptSeriesStream(institution: string, series: string): NamedStream {
  return { institution, stream: SERIES + series };
}

/** The stream of one patron's receipts. */
export function patronReceiptsStream({ institution, patronId }: StreamId): NamedStream {
  return { institution, stream: PATRON + patronId };
}

/** The stream of the remittances of an external system. */
export function remittanceStream(institution: string, destination: string | undefined): NamedStream {
  return { institution, stream: REMITTANCES + (destination ?? '') };
}

/** The stream of an account at a bank. */
export function bankStream(institution: string, bank: string): NamedStream {
  return { institution, stream: BANK + bank };
}

/** The stream of the seals of the books. */
export function sealsStream(institution: string): NamedStream {
  return { institution, stream: SEALS };
}

/** The stream of the purges of an account, once its events are sealed. */
export function purgesStream({ institution, patronId }: StreamId): NamedStream {
  return { institution, stream: PURGES + patronId };
}

/** The stream of the policies. */
export function policiesStream(institution: string): NamedStream {
  return { institution, stream: POLICIES };
}

/** The stream of the notices that a patron was sent. */
export function noticesStream({ institution, patronId }: StreamId): NamedStream {
  return { institution, stream: NOTICES + patronId };
}

/** The stream of an online payment. */
export function onlinePaymentStream(institution: string, onlinePaymentId: string): NamedStream {
  return { institution, stream: ONLINE + onlinePaymentId };
}

/** The stream of the online payments that were begun for a patron. */
export function patronOnlinePaymentsStream({ institution, patronId }: StreamId): NamedStream {
  return { institution, stream: ONLINE_PATRON + patronId };
}

/** The maximum length of the name of a transaction's stream, so that it and its prefix are the name of a stream. */
const TRANSACTION_NAME_LENGTH_MAX = 200;

/**
 * The stream of one transaction of a payment provider, a capture or a return: it has the event of the online payment
 * that the transaction belongs to. Those with long names may share a stream.
 */
export function transactionStream(
  institution: string,
  kind: 'capture' | 'return',
  { method, externalTransactionId }: { readonly method: string; readonly externalTransactionId: string },
): NamedStream {
  const name = `${encodeURIComponent(method)}/${externalTransactionId}`;
  const isLong = name.length > TRANSACTION_NAME_LENGTH_MAX;
  const text = isLong ? `#${digestOf([method, externalTransactionId])}` : `:${name}`;
  return { institution, stream: kind + text };
}

/** Returns the online payment that a stream belongs to; null if it is another stream or a copy. */
export function onlinePaymentOfStream({ stream }: NamedStream): string | null {
  return stream.startsWith(ONLINE) ? stream.slice(ONLINE.length) : null;
}

const kinds = new Map([
  [TILL, 'till'],
  [SERIES, 'receipts'],
  [REMITTANCES, 'remittances'],
  [BANK, 'bank'],
  [SEALS, 'seals'],
  [PURGES, 'purges'],
  [POLICIES, 'policies'],
  [ONLINE, 'onlinePayments'],
] as const);

/**
 * Returns what a stream of the office has, and the till, the series, the external system, the online payment or the
 * patron of a purged account; null for copies, the receipts of one patron, which are in their series too, and those of
 * events of online payments; and for the notices of one patron.
 */
export function officeStreamParts({ stream }: NamedStream) {
  const end = stream.indexOf(':') + 1;
  const kind = kinds.get(stream.slice(0, end) as typeof TILL);
  return kind === undefined ? null : { kind, name: stream.slice(end) };
}

/** Returns whether a stream has the remittances of an external system. */
export function isRemittanceStream({ stream }: NamedStream): boolean {
  return stream.startsWith(REMITTANCES);
}

/** Returns the account at a bank that a stream belongs to; null if it belongs to none. */
export function bankOfStream({ stream }: NamedStream): string | null {
  return stream.startsWith(BANK) ? stream.slice(BANK.length) : null;
}

/** Returns the till that a stream belongs to; null if it belongs to no till. */
export function tillOfStream({ stream }: NamedStream): string | null {
  return stream.startsWith(TILL) ? stream.slice(TILL.length) : null;
}

/** Returns an event without faults other than the accepted ones: see `parsePlainEvent`. */
function checked(event: unknown, accepted: readonly string[]): OfficeEvent {
  const result = parsed(officeEventSchema, event, 'described');
  const found = 'faults' in result ? result.faults : [];
  const faulty = found.filter(({ expected }) => !accepted.includes(expected));
  const faults = faulty.length > 0 ? faulty : digitFaults(event as OfficeEvent);
  if (faults.length === 0) return event as OfficeEvent;
  throw new PatronFeesError(
    'INVALID_EVENT',
    faults.map((fault) => faultText(fault, { whole: 'event' })).join('; '),
    {
      faults,
    },
  );
}

/** The amounts of an event must have exactly the decimals of its currency. */
function digitFaults(event: OfficeEvent): readonly Fault[] {
  if ('onlinePaymentId' in event.data) return onlineDigitFaults(event as OnlinePaymentEvent);
  const { data } = event as Exclude<OfficeEvent, OnlinePaymentEvent>;
  if (!('currency' in data)) return [];
  const digits = minorDigits(data.currency);
  if (digits === undefined)
    return [{ path: 'data.currency', expected: 'an ISO 4217 code', found: data.currency }];
  const amounts: [path: string, amount: string][] = [];
  if ('float' in data) amounts.push(['data.float', data.float]);
  if ('amount' in data) amounts.push(['data.amount', data.amount]);
  if ('surplus' in data) {
    amounts.push(['data.commission', data.commission], ['data.surplus', data.surplus]);
  }
  if ('others' in data) {
    for (const [index, part] of (data.others ?? []).entries())
      amounts.push([`data.others[${index}].amount`, part.amount]);
  }
  if ('counts' in data) {
    for (const [index, count] of data.counts.entries()) {
      for (const field of ['takings', 'expected', 'counted', 'difference', 'deposit'] as const) {
        amounts.push([`data.counts[${index}].${field}`, count[field]]);
      }
    }
  }
  if ('items' in data) {
    for (const [index, item] of data.items.entries())
      amounts.push([`data.items[${index}].amount`, item.amount]);
    if (data.difference !== undefined) amounts.push(['data.difference.amount', data.difference.amount]);
  }
  return amounts
    .filter(([, found]) => (found.split('.')[1] ?? '').length !== digits)
    .map(([path, found]) => ({ path, expected: `an amount with ${digits} decimals`, found }));
}

function read(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new PatronFeesError('INVALID_EVENT', 'expected JSON', {
      faults: [{ path: '', expected: 'JSON', found: 'other text' }],
    });
  }
}
