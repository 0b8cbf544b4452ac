/**
 * Across accounts: what an institution does over all its patrons, as plans that are data and jobs that run them.
 *
 * @module institution
 */

export type { JobOptions, JobProgress } from './job.js';
export { writeTextFile } from './textFile.js';
export type { DirectoryPatron, PatronDirectory } from './patronDirectory.js';

// Bulk waive

export type { BulkWaiveActor, BulkWaiveForm } from './bulkWaive/bulkWaiveForm.js';
export type { ActorLacksRole, BulkWaiveRefusal } from './bulkWaive/bulkWaiveRefusal.js';
export type {
  BulkWaiveEntry,
  BulkWaiveFee,
  BulkWaivePlanned,
  BulkWaiveResult,
  NotWaived,
} from './bulkWaive/bulkWaiveEntry.js';
export type { AccountBulkWaive } from './bulkWaive/bulkWaiveOfAccount.js';
export { bulkWaiveOfAccount } from './bulkWaive/bulkWaiveOfAccount.js';
export type { BulkWaive } from './bulkWaive/bulkWaiveJob.js';
export type { BulkWaiveTotals } from './bulkWaive/bulkWaiveTotals.js';
export { planBulkWaive } from './bulkWaive/planBulkWaive.js';
export { runBulkWaive } from './bulkWaive/runBulkWaive.js';
export { bulkWaiveCsv, bulkWaiveJsonLines } from './bulkWaive/bulkWaiveReport.js';
export type { JournalEntry } from './journal/journal.js';
export { journal } from './journal/journal.js';
export { journalViolations } from './journal/journalViolations.js';
export type { LedgerAccount } from './journal/ledgerAccount.js';
export { ledgerAccountName } from './journal/ledgerAccount.js';
export type { Posting } from './journal/posting.js';
export { postingsOf } from './journal/postingsOf.js';

// Payments report

export type { AccountFinding } from './accountFinding.js';
export type { PaymentsColumn, PaymentsReportForm } from './paymentsReport/paymentsReportForm.js';
export { paymentsColumns } from './paymentsReport/paymentsReportForm.js';
export type { PaymentsFigures, PaymentsRow } from './paymentsReport/paymentsRow.js';
export type { AccountHistory, PaymentsReport } from './paymentsReport/paymentsReport.js';
export { paymentsReport } from './paymentsReport/paymentsReport.js';
export { runPaymentsReport } from './paymentsReport/runPaymentsReport.js';
export { groupedPayments } from './paymentsReport/groupedPayments.js';
export { paymentsReportCsv } from './paymentsReport/paymentsReportCsv.js';
