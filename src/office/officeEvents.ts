import { TEXT_TOO_LONG } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';

import type { EventCodec } from '../history/codec.js';
import type { EventStore, NamedStream } from '../history/eventStore.js';
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
