import { foldBankAccount } from '../../src/office/bank/bankAccount.js';
import { type OfficeEvent, officeEvents } from '../../src/office/officeEvents.js';
import { foldOnlinePayment } from '../../src/office/onlinePayments/foldOnlinePayment.js';
import { foldKeptReport } from '../../src/office/onlinePayments/keptReport.js';
import { foldProviderRow } from '../../src/office/onlinePayments/providerRow.js';
import { foldReceiptSeries } from '../../src/office/receipts/receiptIssued.js';
import { foldRemittances } from '../../src/office/remittances/remittance.js';
import { type StreamKind, streamParts } from '../../src/office/streamKinds.js';
import { foldTill } from '../../src/office/till/till.js';

/** Writes events of the office, one a line. */
export function officeLines(events: readonly OfficeEvent[]): string {
  return events.map((event) => `${officeEvents.encode(event)}\n`).join('');
}

/** Reads events of the office, one a line. */
export function officeEventsOf(lines: string): OfficeEvent[] {
  return lines.trimEnd().split('\n').map(officeEvents.decode);
}

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

/** Returns a stream of the office with what it folds to, as plain JSON; the names of its events if it has no fold. */
export function officeFigures(stream: string, events: readonly OfficeEvent[]): { readonly stream: string } {
  const kind = streamParts({ institution: 'north', stream })?.kind;
  const fold = kind && folds[kind];
  const folded = fold === undefined ? events.map(({ type }) => type) : fold(events as readonly never[]);
  return plain({ stream, folded }) as { readonly stream: string };
}

function plain(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (_, value) => (value instanceof Map || value instanceof Set ? [...value] : value)),
  );
}
