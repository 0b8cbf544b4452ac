import { untilNoConflict } from '../../history/retry.js';
import { foldedStream } from '../../office/officeStream.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import {
  foldProviderRow,
  type ProviderRow,
  type ProviderRowEvent,
} from '../../office/onlinePayments/providerRow.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { readTransaction } from '../ownTransaction.js';
import { changesOf, isMoved, rowChanged } from './paidOut.js';
import type { RowFinding } from './rowFindings.js';

/** A row that belongs to no payment. */
type OtherRow = Pick<
  PayoutRow,
  'rowId' | 'reference' | 'transaction' | 'net' | 'payoutCurrency' | 'payoutId' | 'paidOn' | 'failedPayout'
>;

/** The payment method of rows of which neither the form nor the policy names one. */
const UNKNOWN_METHOD = 'unknown';

/** Records a row that belongs to no payment, once: what the payout has of it is a cost of the provider. */
export async function recordOtherRow(
  context: OnlineContext,
  row: OtherRow,
  { method = UNKNOWN_METHOD, at }: { readonly method: string | undefined; readonly at: string },
): Promise<{ readonly isRepeat: boolean } | RowFinding> {
  const { rowId, payoutId, paidOn, failedPayout } = row;
  const content = {
    amount: row.net,
    currency: row.payoutCurrency,
    payoutId,
    paidOn,
    ...(failedPayout !== undefined && { failedPayout }),
  };
  if (await isOfPayment(context, row)) return rowChanged(row, ['it was a row of a payment']);
  let isRepeat = true;
  const recorded = await appendToRow(context, rowId, (known) => {
    isRepeat = known !== null && (known.isReversed || !isMoved(known, content));
    if (isRepeat) return null;
    const instead = known === null ? {} : { instead: known.payoutId };
    return {
      type: 'ProviderRowRecorded',
      data: { rowId, method: known?.method ?? method, ...content, ...instead, at, by: { channel: 'job' } },
    };
  });
  if (!isRepeat) return { isRepeat };
  if (recorded?.isReversed) return rowChanged(row, ['it was a row of a payment']);
  const changes = changesOf(recorded as ProviderRow, content);
  return changes.length > 0 ? rowChanged(row, changes) : { isRepeat };
}

/** Takes back that a row belongs to no payment: a later report says which payment it belongs to. */
export async function reverseOtherRow(context: OnlineContext, rowId: string, at: string): Promise<void> {
  await appendToRow(context, rowId, (known) => {
    if (known === null || known.isReversed) return null;
    const { method, amount, currency } = known;
    const data = { rowId, method, amount, currency, at, by: { channel: 'job' } } as const;
    return { type: 'ProviderRowReversed', data };
  });
}

/** Whether a row is recorded in the payment that it names, or whose transaction it names. */
async function isOfPayment(
  context: OnlineContext,
  { rowId, reference, transaction }: OtherRow,
): Promise<boolean> {
  const named = new Set(reference === null ? [] : [reference]);
  if (transaction !== null)
    for (const kind of ['capture', 'return'] as const)
      for (const { data } of (await readTransaction(context, kind, transaction)).events)
        named.add(data.onlinePaymentId);
  for (const onlinePaymentId of named) {
    const payment = await readOnlinePayment(context, onlinePaymentId);
    if (payment?.payouts.some((one) => one.rowId === rowId)) return true;
  }
  return false;
}

/** Reads a row that belongs to no payment, decides, and appends the event. Decides again if another writer was first. */
async function appendToRow(
  { office, institution, retry }: OnlineContext,
  rowId: string,
  decide: (known: ProviderRow | null) => ProviderRowEvent | null,
): Promise<ProviderRow | null> {
  const stream = streamOfKind(institution, 'providerRow', rowId);
  return untilNoConflict(async (write) => {
    const { events } = await office.read(stream);
    const known = foldedStream(stream, () =>
      foldProviderRow(events.map(({ event }) => event as ProviderRowEvent)),
    );
    const event = decide(known);
    if (event === null) return known;
    const expectedVersion = known?.eventCount ?? 0;
    await write(() => office.append(stream, [event], { expectedVersion }), [event]);
    return foldProviderRow([event], known);
  }, retry);
}
