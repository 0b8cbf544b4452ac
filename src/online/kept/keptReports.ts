import type { RecordedActor } from '../../account/circumstances.js';
import { digestOf } from '../../account/digest.js';
import { untilNoConflict } from '../../history/retry.js';
import type { Shard } from '../../history/shard.js';
import { everyAccount } from '../../job/job.js';
import { foldedStream } from '../../office/officeStream.js';
import {
  foldKeptReport,
  type KeptReport,
  type KeptReportEvent,
  saysMore,
  type ToldAndKept,
} from '../../office/onlinePayments/keptReport.js';
import { transactionOf } from '../../office/onlinePayments/onlinePayment.js';
import { nameOfKind, streamOfKind } from '../../office/streamKinds.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { readTransaction } from '../ownTransaction.js';

/** When and by whom something was told or settled. */
export type ToldBy = { readonly at: string; readonly by: RecordedActor };

/**
 * Returns the id under which something is kept: a capture or return by its transaction, amount and currency, whatever
 * payment it names; a row by its id alone.
 */
export function keptIdOf(entry: ToldAndKept): string {
  if (entry.kind === 'row') return rowKeptId(entry.told.rowId);
  const { externalTransactionId, amount, currency } = entry.told;
  return digestOf([entry.kind, externalTransactionId, amount, currency]);
}

/** Returns the id under which a row of a payout is kept. */
export function rowKeptId(rowId: string): string {
  return digestOf(['row', rowId]);
}

/** Returns the ids of all that was kept, from the names of all streams of the office. */
export async function everyKeptId(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  shard?: Shard,
): Promise<readonly string[]> {
  const keptIds: string[] = [];
  for await (const stream of everyAccount(office, institution, shard)) {
    const keptId = nameOfKind('onlineKept', stream);
    if (keptId !== null) keptIds.push(keptId);
  }
  return keptIds;
}

/** Reads something that was kept; null if nothing is kept under the id. */
export async function readKept(
  { office, institution }: Pick<OnlineContext, 'office' | 'institution'>,
  keptId: string,
): Promise<KeptReport | null> {
  const stream = streamOfKind(institution, 'onlineKept', keptId);
  const { events } = await office.read(stream);
  return foldedStream(stream, () => foldKeptReport(events.map(({ event }) => event as KeptReportEvent)));
}

/** Reads something kept, decides, and appends the events. If another writer appended first, decides again. */
export async function appendToKept(
  context: OnlineContext,
  keptId: string,
  decide: (kept: KeptReport | null) => readonly KeptReportEvent[],
): Promise<KeptReport | null> {
  const stream = streamOfKind(context.institution, 'onlineKept', keptId);
  return untilNoConflict(async (write) => {
    const before = await readKept(context, keptId);
    const events = decide(before);
    if (events.length === 0) return before;
    const expectedVersion = before?.eventCount ?? 0;
    await write(() => context.office.append(stream, events, { expectedVersion }), events);
    return foldKeptReport(events, before);
  }, context.retry);
}

/** Keeps what was refused, unless it is kept already. A row with new content is open again. */
export async function keep(
  context: OnlineContext,
  entry: ToldAndKept,
  because: string,
  { at, by }: ToldBy,
): Promise<KeptReport> {
  const keptId = keptIdOf(entry);
  const { currency } = entry.told;
  const kept = await appendToKept(context, keptId, (known) => {
    if (!saysMore(known, entry)) return [];
    const data = { keptId, currency, ...entry, because, at, by } as const;
    return [...reopened(known, { at, by }), { type: 'OnlineReportKept', data }];
  });
  return kept as KeptReport;
}

/** Returns the event that something settled is open again; none for what is open. */
export function reopened(
  kept: KeptReport | null,
  { reason, ...told }: ToldBy & { readonly reason?: string },
): readonly KeptReportEvent[] {
  if (kept?.state !== 'settled') return [];
  const { keptId, posted } = kept;
  const { currency } = kept.told;
  const data = {
    keptId,
    currency,
    how: 'reopened',
    ...(reason && { reason }),
    ...(posted && { posted }),
    ...told,
  };
  return [{ type: 'OnlineReportSettled', data } as KeptReportEvent];
}

/** Notes that something kept is recorded; what was settled is reopened first, which takes back what was posted. */
export async function noteFits(context: OnlineContext, keptId: string, told: ToldBy): Promise<void> {
  await appendToKept(context, keptId, (kept) => {
    if (kept === null || kept.state === 'recorded') return [];
    const data = { keptId, currency: kept.told.currency, how: 'recorded', ...told } as const;
    return [...reopened(kept, told), { type: 'OnlineReportSettled', data }];
  });
}

/** Whether the transaction of a report is recorded with its amount and currency, in whatever payment. */
export async function isRecorded(context: OnlineContext, entry: ToldAndKept): Promise<boolean> {
  if (entry.kind === 'row') return false;
  const { kind, told } = entry;
  const { events } = await readTransaction(context, kind, told.externalTransactionId);
  for (const { data } of events) {
    if (data.amount !== told.amount || data.currency !== told.currency) continue;
    const payment = await readOnlinePayment(context, data.onlinePaymentId);
    if (payment !== null && transactionOf(payment, kind, data.externalTransactionId) !== undefined)
      return true;
  }
  return false;
}

/** Returns the payment method of the policy's online payments; undefined if it has none. */
export function methodOf({ policy: { onlinePayments } }: Pick<OnlineContext, 'policy'>): string | undefined {
  return onlinePayments === false ? undefined : onlinePayments?.method;
}
