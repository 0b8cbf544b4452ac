import type { NamedStream } from '../history/eventStore.js';
import { foldBankAccount } from './bank/bankAccount.js';
import { foldOffice } from './foldOffice.js';
import type { OfficeEvent } from './officeEvents.js';
import { foldedStream } from './officeStream.js';
import { foldOnlinePayment } from './onlinePayments/foldOnlinePayment.js';
import { foldKeptReport } from './onlinePayments/keptReport.js';
import { foldProviderRow } from './onlinePayments/providerRow.js';
import { foldReceiptSeries } from './receipts/receiptIssued.js';
import { foldRemittances } from './remittances/remittance.js';
import { type StreamKind, streamParts } from './streamKinds.js';
import { foldTill } from './till/till.js';

/** The folds of the streams that have one. */
const folds: Partial<Record<StreamKind, (events: readonly never[]) => unknown>> = {
  till: foldTill,
  remittances: foldRemittances,
  bank: foldBankAccount,
  receipts: foldReceiptSeries,
  online: foldOnlinePayment,
  onlineKept: foldKeptReport,
  providerRow: foldProviderRow,
};

/**
 * Folds the events of any stream of the office, by the kind of the stream: a till, a series of receipts, an online
 * payment and so on. So a program can check a whole store of the office, or a file of its events.
 *
 * @param stream - the stream, whose name begins with its kind, such as `till:CIRC`
 * @param events - its events, from the first
 * @returns what the fold of that kind returns, such as a `Till`; undefined for a kind whose events are independent of
 * each other, such as notices
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` with the name of the stream if an event
 * cannot follow the events before it; `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for a value in it
 * that is not an event, if the kind has a fold
 *
 * @example
 * ```ts
 * import { foldOfficeStream } from 'patron-fees/office';
 *
 * const by = { channel: 'desk', userId: 'ana' } as const;
 * const metadata = { commandId: 'CIRC/1', commandDigest: '0123456789abcdef' };
 * const data = { sessionId: 'CIRC/1', currency: 'USD', float: '50.00', floatMethod: 'CASH', at: '2026-03-02T09:00:00Z', by };
 * const opened = { type: 'TillOpened', data, metadata } as const;
 * const till = { institution: 'north', stream: 'till:CIRC' };
 * foldOfficeStream(till, [opened, opened]); //=> throws CORRUPT_HISTORY
 * ```
 */
export function foldOfficeStream(stream: NamedStream, events: readonly OfficeEvent[]): unknown {
  const kind = streamParts(stream)?.kind;
  const fold = kind && folds[kind];
  return foldedStream(stream, () => {
    if (fold !== undefined) return fold(events as readonly never[]);
    foldOffice(events, 0, () => {});
    return undefined;
  });
}
