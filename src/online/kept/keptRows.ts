import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import {
  type KeptReport,
  type KeptRow,
  saysMore,
  type ToldAndKept,
} from '../../office/onlinePayments/keptReport.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { readTransaction } from '../ownTransaction.js';
import type { PaymentRow } from '../payouts/rowTransaction.js';
import { appendToKept, keep, keptIdOf, readKept, reopened } from './keptReports.js';

/** Of which payment method a report is, and when it is read. */
type ReadAs = { readonly method: string | undefined; readonly at: string };

/** Keeps a row that is refused. Returns the id under which it is kept. */
export async function keepRow(
  context: OnlineContext,
  row: PayoutRow,
  because: string,
  { method, at }: ReadAs,
): Promise<string> {
  const told = { at, by: { channel: 'job' } } as const;
  const kept = await keep(context, entryOf(row, method), because, told);
  return kept.keptId;
}

/**
 * Reads what is kept of a row; null if nothing is. What a person settled is reopened if the row has new content, or if
 * its transaction is known by now.
 */
export async function keptRow(
  context: OnlineContext,
  row: PayoutRow,
  { method, at }: ReadAs,
): Promise<KeptReport | null> {
  const entry = entryOf(row, method);
  const keptId = keptIdOf(entry);
  const kept = await readKept(context, keptId);
  if (kept?.state !== 'settled') return kept;
  const isKnown = row.type !== 'other' && (await isTold(context, row as PaymentRow));
  // A changed row was recorded before, so its transaction is known.
  const isSame = !saysMore(kept, entry) && (kept.because === 'ROW_CHANGED' || !isKnown);
  if (isSame) return kept;
  return appendToKept(context, keptId, (known) => reopened(known, { at, by: { channel: 'job' } }));
}

async function isTold(context: OnlineContext, row: PaymentRow): Promise<boolean> {
  const kind = row.type === 'capture' ? 'capture' : 'return';
  return (await readTransaction(context, kind, row.transaction as string)).events.length > 0;
}

/** Whether nobody here knows the payment or any transaction of a row. */
export async function isNotOurs(context: OnlineContext, row: PayoutRow): Promise<boolean> {
  const { reference, transaction, of } = row;
  if (reference !== null && (await readOnlinePayment(context, reference)) !== null) return false;
  for (const externalTransactionId of [transaction, of]) {
    if (externalTransactionId == null) continue;
    for (const kind of ['capture', 'return'] as const)
      if ((await readTransaction(context, kind, externalTransactionId)).events.length > 0) return false;
  }
  return true;
}

/** Returns a row as it is kept: without the fields that a program added. */
function entryOf(row: PayoutRow, method: string | undefined): ToldAndKept {
  const { rowId, reference, transaction, of, type, payoutId, paidOn } = row;
  const { amount, currency, gross, fee, net, payoutCurrency, failedPayout } = row;
  const told: KeptRow = {
    rowId,
    reference,
    transaction,
    ...(of !== undefined && { of }),
    type,
    ...{ amount, currency, gross, fee, net, payoutCurrency, payoutId, paidOn },
    ...(failedPayout !== undefined && { failedPayout }),
    ...(method !== undefined && { method }),
  };
  return { kind: 'row', told };
}
