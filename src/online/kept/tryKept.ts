import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { KeptCapture, KeptReport, KeptRow } from '../../office/onlinePayments/keptReport.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { type OnlineFinding, refusedFinding } from '../onlineFinding.js';
import type { ReportRejection } from '../onlineRejections.js';
import { recordOtherRow } from '../payouts/otherRows.js';
import { recordRow } from '../payouts/recordPayout.js';
import { type RowFinding, unknown } from '../payouts/rowFindings.js';
import type { PaymentRow } from '../payouts/rowTransaction.js';
import { unlessUnreadable } from '../record/readAccount.js';
import { recordParts } from '../record/recordParts.js';
import { reportCapture } from '../report/reportCapture.js';
import { reportReturn } from '../report/reportReturn.js';
import { everyKeptId, isRecorded, methodOf, noteFits, readKept } from './keptReports.js';

/** Something kept that does not fit, and the finding of it. */
export type StillKept = { readonly kept: KeptReport; readonly finding: OnlineFinding };

/**
 * Tries what is kept again: captures, returns, rows of charges, rows of returns, what came back, until nothing more
 * fits.
 *
 * @param at - the present time
 * @returns what is open and does not fit, with its finding; and the kept reports that cannot be read
 */
export async function tryKept(
  context: OnlineContext,
  keptIds: Iterable<string>,
  at: string,
): Promise<{ readonly open: readonly StillKept[]; readonly unreadable: readonly OnlineFinding[] }> {
  const { found, unreadable } = await readOpen(context, keptIds);
  let left: readonly KeptReport[] = found.sort((one, other) => orderOf(one) - orderOf(other));
  for (;;) {
    const open: StillKept[] = [];
    for (const kept of left) {
      const finding = await tryOne(context, kept, at, left);
      if (finding !== null) open.push({ kept, finding });
    }
    if (open.length === left.length || open.length === 0) return { open, unreadable };
    left = open.map(({ kept }) => kept);
  }
}

async function readOpen(context: OnlineContext, keptIds: Iterable<string>) {
  const unreadable: OnlineFinding[] = [];
  const found: KeptReport[] = [];
  const { institution } = context;
  for (const keptId of keptIds) {
    const read = await unlessUnreadable(async () => ({ kept: await readKept(context, keptId) }));
    if ('because' in read) {
      const { code, message } = read.because;
      unreadable.push({ institution, onlinePaymentId: null, code, keptId, message });
    } else if (read.kept?.state === 'open') found.push(read.kept);
  }
  return { found, unreadable };
}

/** Returns what is kept and open beside a row of a capture: the capture is taken with the sum of its rows. */
export async function keptBeside(
  context: OnlineContext,
  { keptId, kind, told }: KeptReport,
): Promise<readonly KeptReport[]> {
  if (kind !== 'row' || told.type !== 'capture') return [];
  const others = (await everyKeptId(context)).filter((one) => one !== keptId);
  return (await readOpen(context, others)).found;
}

function orderOf({ kind, told }: KeptReport): number {
  if (kind !== 'row') return kind === 'capture' ? 0 : 1;
  if (told.type === 'other') return 5;
  if (told.type !== 'capture') return 3;
  return told.of === undefined ? 2 : 4;
}

/**
 * Tries something kept once, under every payment that it was told of. What fits is noted.
 *
 * @param together - what is kept beside it: an untold capture is taken with the sum of its rows
 * @returns the finding if it does not fit; null if it does
 */
export async function tryOne(
  context: OnlineContext,
  kept: KeptReport,
  at: string,
  together: readonly KeptReport[] = [kept],
): Promise<OnlineFinding | null> {
  const { institution } = context;
  const { keptId } = kept;
  const onlinePaymentId = kept.names[0]?.onlinePaymentId ?? null;
  const of = { institution, onlinePaymentId };
  const tried = await unlessUnreadable(async () => ({
    finding:
      kept.kind === 'row'
        ? await tryRow(context, kept.names, kept.told, at, together)
        : await tryReport(context, kept, at),
  }));
  const finding = 'because' in tried ? tried.because : tried.finding;
  if (finding === null) {
    await noteFits(context, keptId, { at, by: { channel: 'job' } });
    return null;
  }
  if ('code' in finding) {
    const { code, message, ...about } = finding;
    const id = 'externalTransactionId' in about && { externalTransactionId: about.externalTransactionId };
    return { ...of, code, message, ...id, keptId } as OnlineFinding;
  }
  const named = kept.kind !== 'row' && { externalTransactionId: kept.told.externalTransactionId };
  return { ...named, ...refusedFinding(of, finding), keptId };
}

async function tryReport(
  context: OnlineContext,
  kept: KeptReport,
  at: string,
): Promise<ReportRejection | null> {
  let because: ReportRejection | null = null;
  for (const { onlinePaymentId, of } of kept.names) {
    const named = onlinePaymentId as string;
    const result =
      kept.kind === 'return'
        ? await reportReturn(context, named, {
            ...kept.told,
            of: of ?? kept.told.of,
            at: kept.at,
            by: kept.by,
          })
        : await reportCapture(
            context,
            named,
            { ...(kept.told as KeptCapture), at: kept.at, by: kept.by },
            [],
          );
    if (!('type' in result)) {
      await recordParts(context, result, at);
      return null;
    }
    because = result;
    if (await isRecorded(context, kept)) return null;
  }
  return because;
}

async function tryRow(
  context: OnlineContext,
  names: KeptReport['names'],
  { method, ...row }: KeptRow,
  at: string,
  together: readonly KeptReport[],
): Promise<RowFinding | null> {
  const how = { method: method ?? methodOf(context), at, taken: sumOfRows(row, together) };
  if (!isPaymentRow(row)) {
    const result = await recordOtherRow(context, row, how);
    return 'code' in result ? result : null;
  }
  let because: RowFinding = unknown(row);
  for (const { onlinePaymentId: reference, of } of names) {
    const result = await recordRow(context, { ...row, reference, ...(of !== undefined && { of }) }, how);
    if (result !== null && !('code' in result)) return null;
    if (result !== null) because = result;
  }
  return because;
}

function isPaymentRow<Row extends Pick<KeptRow, 'type'>>(row: Row): row is Row & Pick<PaymentRow, 'type'> {
  return row.type !== 'other';
}

/** Returns what all kept rows of a transaction have together, each row once. */
function sumOfRows(row: Pick<KeptRow, 'transaction' | 'currency'>, together: readonly KeptReport[]): string {
  const sum = together.reduce((total, { kind, told }) => {
    const isOne = kind === 'row' && told.type === 'capture' && told.transaction === row.transaction;
    return isOne && told.currency === row.currency ? total + minorUnits(told.amount) : total;
  }, 0n);
  return formatAmount(sum, digitsOf(row.currency));
}
