import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { ForeignAccount, ForeignChange } from './foreignAccount.js';
import { findingOf, type ImportFinding } from './importFinding.js';

/** The number of ids in a message. */
const IDS_SHOWN_MAX = 5;

/** Lines that correct a balance are made of no row. */
const ofBalance = /\/(?:correction|settled)\/\d+(?:\/paid\/\d+)?$/;

/**
 * Returns the finding that rows are missing of which earlier imports made events; undefined if all are there.
 *
 * @param recorded - the ids that earlier imports of the system created
 */
export function missingRows(
  { patronId, changes, rowIds = [] }: ForeignAccount,
  recorded: readonly string[],
): ImportFinding | undefined {
  const present = new Set([...rowIds, ...changes.map(idOf)]);
  const missing = recorded.filter((id) => !ofBalance.test(id) && !hasRow(id, present));
  if (missing.length === 0) return undefined;
  const more = missing.length - IDS_SHOWN_MAX;
  const shown = missing.slice(0, IDS_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const row = { table: 'rows', rowId: null, row: { missing } };
  return findingOf(patronId, row, ['ROWS_MISSING', '', 'the rows of earlier imports', `none of ${shown}`]);
}

/** Whether an id is that of a row, or derived from one: `koha/7/credit` and `koha/7~2` from `koha/7`. */
function hasRow(id: string, present: ReadonlySet<string>): boolean {
  for (let base = id; base !== ''; base = base.slice(0, Math.max(0, base.lastIndexOf('/')))) {
    if (present.has(base) || present.has(base.replace(/~\d+$/, ''))) return true;
  }
  return false;
}

function idOf(change: ForeignChange): string {
  if (change.kind === 'charge') return change.feeId;
  if (change.kind === 'payment') return change.paymentId;
  return change.kind === 'credit' ? change.creditId : change.id;
}

/** Returns the id of what an event creates. */
export function createdId({ type, data }: AccountEvent): string {
  return String((data as Readonly<Record<string, unknown>>)[idFields[type]]);
}

/** The field with the id of what an event creates. */
const idFields: Readonly<Record<AccountEvent['type'], string>> = {
  FeeAssessed: 'feeId',
  FeeIncreased: 'increaseId',
  AccrualEnded: 'endId',
  PaymentReceived: 'paymentId',
  FeeWaived: 'waiverId',
  LostItemCreditIssued: 'creditId',
  LostItemReturned: 'returnId',
  FeeTransferred: 'transferId',
  FeeDisputed: 'disputeId',
  DisputeResolved: 'disputeId',
  CreditIssued: 'creditId',
  CreditApplied: 'applicationId',
  CreditRefunded: 'refundId',
  CreditTransferred: 'transferId',
  TransferSettled: 'settlementId',
  SettlementReversed: 'reversalId',
  TransferRecalled: 'recallId',
  FeeCancelled: 'cancellationId',
  PaymentReversed: 'reversalId',
  WaiverReversed: 'reversalId',
  CreditApplicationReversed: 'reversalId',
  RefundReversed: 'reversalId',
  CreditCancelled: 'cancellationId',
  PaymentPlanAgreed: 'planId',
  PaymentPlanEnded: 'planId',
  AccountMerged: 'mergeId',
  AccountJoined: 'mergeId',
  AccountSeparated: 'mergeId',
  AccountPurged: 'purgeId',
};
