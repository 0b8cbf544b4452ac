/**
 * Across accounts: what an institution does over all its patrons, as plans that are data and jobs that run them.
 *
 * @module institution
 */

// Every job: progress, stopping, directories, files.

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
} from './bulkWaive/bulkWaiveEntry.js';
export type {
  AccountContested,
  AccountUnreadable,
  GroupNotChosen,
  HasOverdueLoans,
  NoAccount,
  NothingToWaive,
  NotWaived,
  OtherInstitution,
  OwedAboveThreshold,
  PatronInvalid,
} from './bulkWaive/notWaived.js';
export type { AccountBulkWaive } from './bulkWaive/bulkWaiveOfAccount.js';
export { bulkWaiveOfAccount } from './bulkWaive/bulkWaiveOfAccount.js';
export type { BulkWaive } from './bulkWaive/bulkWaiveJob.js';
export type { BulkWaiveTotals } from './bulkWaive/bulkWaiveTotals.js';
export { planBulkWaive } from './bulkWaive/planBulkWaive.js';
export { runBulkWaive } from './bulkWaive/runBulkWaive.js';
export { bulkWaiveCsv, bulkWaiveJsonLines } from './bulkWaive/bulkWaiveReport.js';

// Journal

export type { JournalEntry } from './journal/journal.js';
export { journal } from './journal/journal.js';
export { journalViolations } from './journal/journalViolations.js';
export type { LedgerAccount } from './journal/ledgerAccount.js';
export { ledgerAccountName } from './journal/ledgerAccount.js';
export type { Posting } from './journal/posting.js';
export { postingsOf } from './journal/postingsOf.js';
export type { JournalForm, JournalFormat } from './journal/journalForm.js';
export { journalFormats } from './journal/journalForm.js';
export type { JournalTotals, LedgerBalance } from './journal/journalTotals.js';
export { journalText } from './journal/journalText.js';
export { exportJournal } from './journal/exportJournal.js';

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

// Bursar

export type { BursarCodes, BursarForm } from './bursar/bursarForm.js';
export type { BursarPatron, BursarPatrons } from './bursar/bursarPatron.js';
export type { BursarReferenceParts } from './bursar/bursarReference.js';
export { bursarReference, parseBursarReference } from './bursar/bursarReference.js';
export type { BursarSubject, BursarTransfer } from './bursar/bursarTransfer.js';
export type {
  AccountBusy,
  BursarFinding,
  PatronNotInDirectory,
  RecalledSince,
  TransferRefused,
  TypeNotMapped,
} from './bursar/bursarFinding.js';
export type { BursarPlan } from './bursar/planBursarExport.js';
export { planBursarExport } from './bursar/planBursarExport.js';
export type { CountedAmount } from './bursar/amountTally.js';
export type { FindingsReport } from './bursar/findingTally.js';
export type {
  BursarExportOptions,
  BursarExportReport,
  BursarFileOptions,
  BursarRewriteOptions,
} from './bursar/exportToBursar.js';
export { exportToBursar, rewriteBursarFile } from './bursar/exportToBursar.js';
export type { SettlementRow } from './bursar/settlementRow.js';
export type { SettlementCsvOptions } from './bursar/readSettlementCsv.js';
export type {
  SettlementCsvFile,
  SettlementRows,
  SettlementSource,
  SettlementXmlFile,
} from './bursar/settlementSource.js';
export type { SettlementFinding } from './bursar/settlementFinding.js';
export type { SettlementOptions, SettlementReport } from './bursar/importSettlements.js';
export { importSettlements } from './bursar/importSettlements.js';

// Statements

export type {
  AccountStatement,
  StatementBalances,
  StatementInput,
} from './statement/accountStatement.js';
export { accountStatement } from './statement/accountStatement.js';
export type { StatementFee, StatementLine } from './statement/statementLine.js';
export type { StatementKind } from './statement/statementMovement.js';
export type { StatementOfAccount, StatementsForm } from './statement/runStatements.js';
export { runStatements } from './statement/runStatements.js';
export { statementText } from './statement/statementText.js';
export { statementHtml } from './statement/statementHtml.js';
export type { StatementOptions } from './statement/statementFormat.js';
export type { StatementWords } from './statement/statementWords.js';
export { englishStatementWords } from './statement/statementWords.js';

// Aged debt

export type { AgeBand } from './agedDebt/ageBands.js';
export type { AgedDebtForm } from './agedDebt/agedDebtForm.js';
export type { DebtFigures, DebtRow } from './agedDebt/debtTally.js';
export type { AccountOfPatron, AgedDebt } from './agedDebt/agedDebt.js';
export { agedDebt } from './agedDebt/agedDebt.js';
export type { AgedDebtOptions } from './agedDebt/runAgedDebt.js';
export { runAgedDebt } from './agedDebt/runAgedDebt.js';
export { agedDebtCsv } from './agedDebt/agedDebtCsv.js';
