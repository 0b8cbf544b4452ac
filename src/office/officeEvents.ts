import { type EventCodec, eventCodec } from '../history/codec.js';
import { eventParser } from '../history/eventParser.js';
import type { EventStore, NamedStream } from '../history/eventStore.js';
import type { BankEvent } from './bank/bankEvents.js';
import type { FileImported } from './files/fileImported.js';
import type { NoticeSent } from './notices/noticeSent.js';
import { officeEventSchemas } from './officeEventSchemas.js';
import { officeFields } from './officeFields.js';
import type { KeptReportEvent } from './onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from './onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from './onlinePayments/providerRow.js';
import type { PolicyRecorded } from './policyHistory/policyRecorded.js';
import type { ReceiptEvent } from './receipts/receiptIssued.js';
import type { RemittanceEvent } from './remittances/remittance.js';
import type { SealEvent } from './seals/sealEvents.js';
import type { TillEvent } from './till/tillEvents.js';

/**
 * An event of the office: of a till, of a series of receipts, of money that an external system handed over, of an
 * online payment, of the seals of the books, of the policy, of notices to patrons, or of imported files.
 */
export type OfficeEvent =
  | TillEvent
  | ReceiptEvent
  | RemittanceEvent
  | BankEvent
  | OnlinePaymentEvent
  | KeptReportEvent
  | ProviderRowEvent
  | SealEvent
  | PolicyRecorded
  | NoticeSent
  | FileImported;

/** A store with the events of the office, opened with the codec {@link officeEvents}. */
export type OfficeStore = EventStore<OfficeEvent, NamedStream>;

/**
 * The codec of a store for the events of tills, receipts, remittances, online payments, seals and policies. They are
 * not events of patron accounts, so they need a store of their own: another file of SQLite, another schema of
 * PostgreSQL, another stream of NATS. Its keys are `{ institution, stream }`: `till:CIRC` is a till, `receipts:2026` a
 * series of receipts, `patron:dverma` the receipts of a patron, `remittances:BANNER` an external system, `online:o1` an
 * online payment, `bank:GIRO` an account at a bank, `seals:` the seals of the books, `closings:` the files of closed
 * months, `purges:dverma` the purges of an account, `policies:` the policies, `notices:dverma` the notices that a patron was sent and `files:HASH` the imports of a
 * file. Copies of an online
 * payment's events are in `onlinePatron:dverma`, the payments begun for a patron, and in a stream of each transaction
 * and return; what a report or a payout was refused of is in `onlineKept:ID`, a row of a payout that belongs to no payment in
 * `providerRow:ID`.
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * (await office.accounts()).accounts; //=> []
 * officeEvents.decode('{"type":"TillOpened"}'); //=> throws INVALID_EVENT
 * ```
 */
export const officeEvents: EventCodec<OfficeEvent, 'stream'> = /* @__PURE__ */ eventCodec(
  /* @__PURE__ */ eventParser<OfficeEvent>({
    schemas: (digits) => officeEventSchemas(officeFields(digits)),
    retired: [],
  }),
  'stream',
);
