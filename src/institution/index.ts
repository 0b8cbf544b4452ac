/**
 * Jobs, plans and reports over all patron accounts of an institution.
 *
 * @module institution
 */

// Every job: progress, stopping, directories, files.

export type { AccountJobOptions, JobOptions, JobProgress } from './job.js';
export type { JobHead, JobOrder, JobReport, OrderedForm } from './jobHead.js';
export { type Shard, shardOf } from './shard.js';
export type { AccountFinding } from './accountFinding.js';
export type { CountedAmount, FindingOptions, FindingsReport } from './tallies.js';
export type { CsvOptions } from './csv.js';
export { writeTextFile } from './textFile.js';
export type { DirectoryPatron, PatronDirectory } from './patronDirectory.js';

// Bulk waive

export type { BulkWaiveActor, BulkWaiveForm } from './bulkWaive/bulkWaiveForm.js';
export type {
  ActorLacksRole,
  BulkWaiveRefusal,
  AccountBusy,
  AccountUnreadable,
  GroupNotChosen,
  HasOverdueLoans,
  NoAccount,
  NothingToWaive,
  NotWaived,
  NotWaivedType,
  OtherInstitution,
  OwedAboveThreshold,
  PatronInvalid,
  PatronRepeated,
} from './bulkWaive/notWaived.js';
export type {
  BulkWaiveEntry,
  BulkWaiveFee,
  BulkWaivePlanned,
  BulkWaiveResult,
} from './bulkWaive/bulkWaiveEntry.js';
export type { AccountBulkWaive } from './bulkWaive/bulkWaiveOfAccount.js';
export { bulkWaiveOfAccount } from './bulkWaive/bulkWaiveOfAccount.js';
export type { BulkWaive, BulkWaiveOptions } from './bulkWaive/runBulkWaive.js';
export type { BulkWaiveTotals } from './bulkWaive/bulkWaiveReport.js';
export { planBulkWaive, runBulkWaive } from './bulkWaive/runBulkWaive.js';
export { bulkWaiveCsv, bulkWaiveJsonLines } from './bulkWaive/bulkWaiveReport.js';

// Households: one payment for several patrons.

export type {
  HouseholdPaid,
  HouseholdPart,
  HouseholdPayment,
  HouseholdPaymentOptions,
} from './household/payHousehold.js';
export { payHousehold } from './household/payHousehold.js';

// Merges: one patron with several accounts.

export type { AccountMerge } from './merge/mergeAccounts.js';
export { mergeAccounts } from './merge/mergeAccounts.js';
export type { AccountSeparation } from './merge/separateAccounts.js';
export { separateAccounts } from './merge/separateAccounts.js';
export type { MergeResult } from './merge/writeInSteps.js';
export type {
  MergeAcrossInstitutions,
  MergeIntoItself,
  MergeLeadsBack,
  MergeNotFound,
  MergeRejection,
  SeparationRejection,
} from './merge/mergeRejection.js';
export type { JoinedAccount } from './merge/accountsOf.js';
export { accountsOf } from './merge/accountsOf.js';

// Payment plans

export type { PlanBehind, PlansBehindForm } from './paymentPlans/runPlansBehind.js';
export { runPlansBehind } from './paymentPlans/runPlansBehind.js';

// Retention: erase what is settled
export type { PurgeForm, RetentionActor, RetentionForm } from './retention/retentionForm.js';
export type { ErasureOptions, ErasureReport, ErasureResult } from './retention/erasure.js';
export {
  planRetention,
  type RetainedAccount,
  type RetentionOptions,
  type RetentionReport,
  type RetentionResult,
  runRetention,
} from './retention/runRetention.js';
export type { KeptRow, RetentionReason, RetentionRow } from './retention/settledRows.js';
export type { PurgeReason } from './retention/purgeGroup.js';
export {
  type PurgedAccount,
  type PurgeOptions,
  type PurgeReport,
  type PurgeResult,
  planPurge,
  runPurge,
} from './retention/runPurge.js';

// Overdue fines

export type { AccrualForm } from './accrual/accrualForm.js';
export type { AccruingLoan } from './accrual/accruingLoan.js';
export { overdueFeeId } from './accrual/accruingLoan.js';
export type {
  AccrualFigures,
  AccrualFinding,
  AccrualReport,
  AccrualRow,
  AccruedLoan,
  FineRefused,
  LoanInvalid,
} from './accrual/accrualReport.js';
export type { AccrualOptions } from './accrual/runAccrual.js';
export { planAccrual, runAccrual } from './accrual/runAccrual.js';

// Journal

export type { AccountJournalOptions, JournalEntry } from './journal/journal.js';
export { journal } from './journal/journal.js';
export { journalViolations } from './journal/journalViolations.js';
export type { LedgerAccount, Posting } from './journal/ledgerAccount.js';
export { ledgerAccountName } from './journal/ledgerAccount.js';
export type { PostingOptions } from './journal/postingsOf.js';
export { postingsOf } from './journal/postingsOf.js';
export type { ChartRule } from './journal/chart.js';
export type { JournalForm, JournalFormat, JournalOptions } from './journal/journalText.js';
export { remittancePostings } from './journal/remittancePostings.js';
export { tillPostings } from './journal/tillPostings.js';
export type { TillPostings } from './journal/tillPostings.js';
export { journalFormats, journalText } from './journal/journalText.js';
export type { JournalTotals, LedgerBalance } from './journal/journalTotals.js';
export type { JournalExportOptions } from './journal/runJournalExport.js';
export { runJournalExport } from './journal/runJournalExport.js';

// Payments report

export type {
  PaymentsColumn,
  PaymentsReportForm,
  PaymentsReportJobForm,
} from './paymentsReport/paymentsReportForm.js';
export { paymentsColumns } from './paymentsReport/paymentsReportForm.js';
export type { PaymentsFigures, PaymentsRow } from './paymentsReport/tillTally.js';
export type { AccountHistory, PaymentsReport } from './paymentsReport/paymentsReport.js';
export { paymentsReport, groupedPayments, paymentsReportCsv } from './paymentsReport/paymentsReport.js';
export type {
  PaymentsJobReport,
  PaymentsReportOptions,
  TillIndex,
} from './paymentsReport/runPaymentsReport.js';
export { runPaymentsReport } from './paymentsReport/runPaymentsReport.js';

export type { PaymentLine } from './paymentsReport/runPaymentsList.js';
export { paymentsListCsv, runPaymentsList } from './paymentsReport/runPaymentsList.js';
export type { TillMovementKind } from './paymentsReport/tillMovements.js';
export { tillMovementKinds } from './paymentsReport/tillMovements.js';

// The office: the store of the events of tills, receipts and remittances.

export type { OfficeEvent } from './officeEvents.js';
export { officeEvents } from './officeEvents.js';
export type {
  InvalidOfficeCommand,
  OfficeDecision,
  OfficeIdAlreadyUsed,
  OfficeInOtherCurrency,
  OfficeRejection,
} from './officeDecision.js';
export type {
  InstitutionRejection,
  OfficeRejectionTextOptions,
  OfficeRejectionType,
  OfficeRejectionWords,
} from './officeRejectionText.js';
export { englishOfficeRejectionWords, officeRejectionText } from './officeRejectionText.js';

// Till sessions

export type {
  TillActor,
  TillClosed,
  TillCount,
  TillEvent,
  TillEventMetadata,
  TillMoneyMoved,
  TillOpened,
  TillEventBase,
} from './till/tillEvents.js';
export type {
  CloseTill,
  MethodAmount,
  MoveTillMoney,
  OpenTill,
  TillCommand,
  TillCommandActor,
  TillCommandBase,
} from './till/tillCommands.js';
export type {
  TillAlreadyOpen,
  TillDepositExceedsCount,
  TillMethodNotCounted,
  TillMethodUnknown,
  TillRejection,
  TillSessionClosed,
  TillSessionNotFound,
} from './till/tillRejection.js';
export type { Till, TillClosing, TillSession } from './till/till.js';
export { emptyTill, foldTill } from './till/till.js';
export type { TillDecision } from './till/decideTill.js';
export { decideTill } from './till/decideTill.js';
export type { ExecutedTill, TillId } from './till/executeTill.js';
export { executeTill, loadTill } from './till/executeTill.js';
export type { TillReport, TillReportForm, TillReportOptions, TillReportRow } from './till/runTillReport.js';
export { runTillReport, tillTakings } from './till/runTillReport.js';
export { tillReportCsv } from './till/tillReportCsv.js';

// Receipts

export type {
  ReceiptEvent,
  ReceiptIssued,
  ReceiptKind,
  ReceiptRequested,
  ReceiptSeries,
} from './receipts/receiptIssued.js';
export { foldReceiptSeries, receiptKinds } from './receipts/receiptIssued.js';
export type { NumberedReceipt, ReceiptLine } from './receipts/numberedReceipt.js';
export type { ReceiptForm, ReceiptStores, ReceiptSubject } from './receipts/issueReceipt.js';
export { issueReceipt, reprintReceipt } from './receipts/issueReceipt.js';

// Bursar

export type { BursarCodes, BursarForm, WholeAccounts } from './bursar/bursarForm.js';
export type { BursarPatron, BursarPatrons } from './bursar/bursarPatron.js';
export type { BursarReferenceParts } from './bursar/bursarReference.js';
export { bursarReference, parseBursarReference } from './bursar/bursarReference.js';
export type { BursarSubject, BursarTransfer } from './bursar/bursarTransfer.js';
export type {
  BursarFinding,
  EventWithoutRow,
  FileNotCompared,
  IdentifierEscaped,
  RowWithoutEvent,
  PatronNotInDirectory,
  RecalledSince,
  TransferRefused,
  TypeNotMapped,
} from './bursar/bursarFinding.js';
export type { BursarPlan } from './bursar/planBursarExport.js';
export { planBursarExport } from './bursar/planBursarExport.js';
export type {
  BursarExportReport,
  BursarFileOptions,
  BursarRewriteForm,
} from './bursar/runBursarExport.js';
export { runBursarExport, rewriteBursarFile } from './bursar/runBursarExport.js';
export type { SettlementRow, SettlementFinding } from './bursar/settlementRow.js';
export type { SettlementCsvOptions } from './bursar/readSettlementCsv.js';
export type {
  SettlementCsvFile,
  SettlementRows,
  SettlementSource,
  SettlementXmlFile,
} from './bursar/settlementSource.js';
export type {
  SettlementForm,
  SettlementImportOptions,
  SettlementReport,
} from './bursar/runSettlementImport.js';
export { runSettlementImport } from './bursar/runSettlementImport.js';

export type { BursarChange, BursarChangesForm, BursarChangesOptions } from './bursar/runBursarChanges.js';
export { bursarChangesCsv, runBursarChanges } from './bursar/runBursarChanges.js';
export type { BursarDifference } from './bursar/bursarDifference.js';
export type {
  BursarReconciliation,
  BursarReconciliationForm,
  BursarReconciliationOptions,
} from './bursar/runBursarReconciliation.js';
export { runBursarReconciliation } from './bursar/runBursarReconciliation.js';
export type { OpenItem, OpenItemsForm } from './bursar/runOpenItems.js';
export { openItemsCsv, runOpenItems } from './bursar/runOpenItems.js';
export type {
  BursarBalance,
  BursarBalances,
  BursarBalancesForm,
  BursarBalancesOptions,
  BursarBatch,
  BursarFigures,
} from './bursar/runBursarBalances.js';
export { runBursarBalances } from './bursar/runBursarBalances.js';

// Remittances: money that a bursar or an agency hands over.

export type {
  Remittance,
  RemittanceEvent,
  RemittanceEventBase,
  RemittanceRecorded,
  RemittanceReversed,
  Remittances,
} from './remittances/remittance.js';
export { foldRemittances, noRemittances } from './remittances/remittance.js';
export type {
  RecordRemittance,
  RemittanceCommand,
  RemittanceCommandBase,
  RemittanceDecision,
  ReverseRemittance,
} from './remittances/decideRemittance.js';
export type {
  RemittanceAlreadyReversed,
  RemittanceDestinationUnknown,
  RemittanceNotFound,
  RemittanceRejection,
  RemittanceSurplusExceedsAmount,
} from './remittances/remittanceRejection.js';
export { decideRemittance } from './remittances/decideRemittance.js';
export type { ExecutedRemittance, RemittancesId } from './remittances/executeRemittance.js';
export { executeRemittance, loadRemittances } from './remittances/executeRemittance.js';

// Statements

export type {
  AccountStatement,
  StatementBalances,
  StatementInput,
} from './statement/accountStatement.js';
export { accountStatement } from './statement/accountStatement.js';
export type {
  HouseholdStatement,
  HouseholdStatementBalances,
  HouseholdStatementInput,
  HouseholdStatementLine,
  StatementMember,
  TimeOfRecording,
} from './statement/householdStatement.js';
export { householdStatement } from './statement/householdStatement.js';
export type { StatementFee, StatementLine } from './statement/statementLine.js';
export type { StatementKind } from './statement/statementMovement.js';
export type { StatementOfAccount, StatementsForm, StatementsOptions } from './statement/runStatements.js';
export { runStatements } from './statement/runStatements.js';
export { statementText } from './statement/statementText.js';
export { statementHtml } from './statement/statementHtml.js';
export type { StatementOptions, StatementWords } from './statement/statementFormat.js';
export { englishStatementWords } from './statement/statementFormat.js';

// Words

export type { Words } from './words.js';
export { englishWords } from './words.js';

// Aged debt

export type { AgeBand, AgedDebtForm, AgedDebtJobForm } from './agedDebt/agedDebtForm.js';
export type { DebtFigures, DebtRow } from './agedDebt/debtTally.js';
export type { AccountOfPatron, AgedDebt } from './agedDebt/agedDebt.js';
export { agedDebt, agedDebtCsv } from './agedDebt/agedDebt.js';
export type { AgedDebtJobReport } from './agedDebt/runAgedDebt.js';
export { runAgedDebt } from './agedDebt/runAgedDebt.js';
export type { AgedDebtorsForm, Debtor } from './agedDebt/runAgedDebtors.js';
export { agedDebtorsCsv, runAgedDebtors } from './agedDebt/runAgedDebtors.js';

// Audit trail

export type { AuditLine } from './auditTrail/auditLine.js';
export type { AuditTrailForm, AuditTrailOptions } from './auditTrail/runAuditTrail.js';
export { auditTrailCsv, runAuditTrail } from './auditTrail/runAuditTrail.js';
