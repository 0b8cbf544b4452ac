/**
 * Jobs, plans and reports over all patron accounts of an institution.
 *
 * @module institution
 */

// Charge and waive in all accounts: fines that grow each night, bulk waives.

export type { AccrualForm } from '../jobs/accrual/accrualForm.js';
export type { AccruingLoan } from '../jobs/accrual/accruingLoan.js';
export { overdueFeeId } from '../jobs/accrual/accruingLoan.js';
export type {
  AccrualFigures,
  AccrualFinding,
  AccrualReport,
  AccrualRow,
  AccruedLoan,
  FineRefused,
  LoanInvalid,
} from '../jobs/accrual/accrualReport.js';
export type { AccrualOptions } from '../jobs/accrual/runAccrual.js';
export { planAccrual, runAccrual } from '../jobs/accrual/runAccrual.js';

export type { BulkWaiveForm } from '../jobs/bulkWaive/bulkWaiveForm.js';
export type {
  ActorLacksRole,
  BulkWaiveRefusal,
  AccountBusy,
  AccountUnreadable,
  GroupNotChosen,
  HasOverdueLoans,
  NoAccount,
  NotInFile,
  NotInSet,
  NothingToWaive,
  NotWaived,
  NotWaivedType,
  OtherInstitution,
  OwedAboveThreshold,
  PatronInvalid,
  PatronRepeated,
} from '../jobs/bulkWaive/notWaived.js';
export type {
  BulkWaiveEntry,
  BulkWaiveFee,
  BulkWaivePlanned,
  BulkWaiveResult,
} from '../jobs/bulkWaive/bulkWaiveEntry.js';
export type {
  BulkWaiveFeeRow,
  BulkWaiveFinding,
  BulkWaiveOptions,
  BulkWaiveRowFinding,
  BulkWaiveRows,
  BulkWaiveSetRow,
} from '../jobs/bulkWaive/chosenRows.js';
export type { AccountBulkWaive, BulkWaiveContext } from '../jobs/bulkWaive/bulkWaiveOfAccount.js';
export { bulkWaiveOfAccount } from '../jobs/bulkWaive/bulkWaiveOfAccount.js';
export type { BulkWaive } from '../jobs/bulkWaive/runBulkWaive.js';
export type { BulkWaiveTotals } from '../jobs/bulkWaive/bulkWaiveReport.js';
export { planBulkWaive, runBulkWaive } from '../jobs/bulkWaive/runBulkWaive.js';
export { bulkWaiveCsv, bulkWaiveJsonLines } from '../jobs/bulkWaive/bulkWaiveReport.js';

// Take money: till sessions, numbered receipts, and the office that records them.

export type {
  TillActor,
  TillClosed,
  TillCount,
  TillEvent,
  TillEventMetadata,
  TillMoneyMoved,
  TillOpened,
  TillEventBase,
} from '../office/till/tillEvents.js';
export type {
  CloseTill,
  MethodAmount,
  MoveTillMoney,
  OpenTill,
  TillCommand,
  TillCommandActor,
  TillCommandBase,
} from '../office/till/tillCommands.js';
export type {
  TillAlreadyOpen,
  TillDepositExceedsCount,
  TillMethodNotCounted,
  TillMethodUnknown,
  TillRejection,
  TillSessionClosed,
  TillSessionNotFound,
} from '../office/till/tillRejection.js';
export type { Till, TillClosing, TillSession } from '../office/till/till.js';
export { emptyTill, foldTill } from '../office/till/till.js';
export type { TillDecision } from '../office/till/decideTill.js';
export { decideTill } from '../office/till/decideTill.js';
export type { ExecutedTill, TillId } from '../office/till/executeTill.js';
export { executeTill, loadTill } from '../office/till/executeTill.js';
export type { OfficeExecuteOptions } from '../office/officeStream.js';
export type {
  TillReport,
  TillReportFinding,
  TillReportForm,
  TillReportOptions,
} from '../jobs/reports/runTillReport.js';
export type { TillReportRow } from '../jobs/reports/tillReportRow.js';
export type { TillSessionUnknown } from '../jobs/reports/unknownSession.js';
export { runTillReport } from '../jobs/reports/runTillReport.js';
export { tillTakings } from '../books/payments/tillTakings.js';
export { tillReportCsv } from '../jobs/reports/tillReportCsv.js';

export type {
  ReceiptEvent,
  ReceiptIssued,
  ReceiptKind,
  ReceiptPart,
  ReceiptRequested,
  ReceiptSeries,
} from '../office/receipts/receiptIssued.js';
export { foldReceiptSeries, receiptKinds } from '../office/receipts/receiptIssued.js';
export type {
  NumberedReceipt,
  ReceiptLine,
  ReceiptNumber,
  ReceiptOriginal,
  ReceiptReversal,
} from '../office/receipts/numberedReceipt.js';
export type { ReceiptStores, ReceiptSubject } from '../office/receipts/receiptCopy.js';
export type { ReceiptForm } from '../office/receipts/issueReceipt.js';
export { issueReceipt, reprintReceipt } from '../office/receipts/issueReceipt.js';
export type { ReceiptTextOptions, ReceiptWords } from '../office/receipts/receiptLetter.js';
export { englishReceiptWords } from '../office/receipts/receiptLetter.js';
export { receiptHtml } from '../office/receipts/receiptHtml.js';
export { receiptText } from '../office/receipts/receiptText.js';

export type { OfficeEvent, OfficeStore } from '../office/officeEvents.js';
export { officeEvents } from '../office/officeEvents.js';
export type {
  InvalidOfficeCommand,
  OfficeDecideOptions,
  OfficeDecision,
  OfficeIdAlreadyUsed,
  OfficeInOtherCurrency,
  OfficeRejection,
} from '../office/officeDecision.js';
export type {
  InstitutionRejection,
  OfficeRejectionTextOptions,
  OfficeRejectionType,
  OfficeRejectionWords,
} from './officeRejectionText.js';
export { englishOfficeRejectionWords, officeRejectionText } from './officeRejectionText.js';

// Tell patrons what they owe: statements, notices, payment plans that are behind.

export type {
  AccountStatement,
  StatementBalances,
  StatementInput,
} from '../books/statement/accountStatement.js';
export { accountStatement } from '../books/statement/accountStatement.js';
export type {
  HouseholdStatement,
  HouseholdStatementBalances,
  HouseholdStatementInput,
  HouseholdStatementLine,
  StatementMember,
  TimeOfRecording,
} from '../books/statement/householdStatement.js';
export { householdStatement } from '../books/statement/householdStatement.js';
export type { StatementFee, StatementLine } from '../books/statement/statementLine.js';
export type { StatementKind } from '../books/statement/statementMovement.js';
export type { StatementOfAccount, StatementsForm, StatementsOptions } from '../jobs/reports/runStatements.js';
export { runStatements } from '../jobs/reports/runStatements.js';
export { statementText } from '../books/statement/statementText.js';
export { statementHtml } from '../books/statement/statementHtml.js';
export type { StatementOptions, StatementWords } from '../books/statement/statementLetter.js';
export { englishStatementWords } from '../books/statement/statementLetter.js';

export type {
  NoticeFinding,
  NoticePatron,
  NoticesForm,
  NoticesOptions,
  NoticesReport,
} from '../jobs/notices/runNotices.js';
export { runNotices } from '../jobs/notices/runNotices.js';
export type { Notice, NoticeFee, NoticeInstalment } from '../notices/notice.js';
export type { NoticeOptions } from '../notices/noticesOf.js';
export { noticesOf } from '../notices/noticesOf.js';
export type { NoticeTextOptions, NoticeWords } from '../notices/noticeLetter.js';
export { englishNoticeWords } from '../notices/noticeLetter.js';
export { noticeHtml } from '../notices/noticeHtml.js';
export { noticeText } from '../notices/noticeText.js';
export type { NoticeSent } from '../office/notices/noticeSent.js';

export type { PlanBehind, PlansBehindForm } from '../jobs/lists/runPlansBehind.js';
export { runPlansBehind } from '../jobs/lists/runPlansBehind.js';

// Report money and debt: payments, aged debt, the journal of the ledger, the audit trail.

export type {
  PaymentsColumn,
  PaymentsReportForm,
  PaymentsListForm,
  PaymentsReportJobForm,
} from '../books/payments/paymentsReportForm.js';
export { paymentsColumns } from '../books/payments/paymentsReportForm.js';
export type { PaymentsFigures, PaymentsRow } from '../books/payments/tillTally.js';
export type { AccountHistory, PaymentsReport } from '../books/payments/paymentsReport.js';
export { paymentsReport, groupedPayments, paymentsReportCsv } from '../books/payments/paymentsReport.js';
export type {
  PaymentsJobReport,
  PaymentsReportOptions,
  TillIndex,
} from '../jobs/reports/runPaymentsReport.js';
export { runPaymentsReport } from '../jobs/reports/runPaymentsReport.js';

export type { PaymentLine } from '../jobs/lists/runPaymentsList.js';
export { paymentsListCsv, runPaymentsList } from '../jobs/lists/runPaymentsList.js';
export type { TillMovementKind } from '../books/payments/tillMovements.js';
export { tillMovementKinds } from '../books/payments/tillMovements.js';

export type { AgeBand, AgedDebtForm, AgedDebtJobForm } from '../books/agedDebt/agedDebtForm.js';
export type { DebtFigures, DebtRow } from '../books/agedDebt/debtTally.js';
export type { AccountOfPatron, AgedDebt } from '../books/agedDebt/agedDebt.js';
export { agedDebt, agedDebtCsv } from '../books/agedDebt/agedDebt.js';
export type { AdjustmentKind } from '../jobs/reports/adjustments.js';
export type {
  AdjustmentSums,
  AdjustmentsForm,
  AdjustmentsReport,
  RoleAdjustments,
  UserAdjustments,
} from '../jobs/reports/runAdjustments.js';
export { runAdjustments } from '../jobs/reports/runAdjustments.js';
export type { AgedDebtJobReport } from '../jobs/reports/runAgedDebt.js';
export { runAgedDebt } from '../jobs/reports/runAgedDebt.js';
export type { AgedDebtorsForm, Debtor } from '../jobs/lists/runAgedDebtors.js';
export { agedDebtorsCsv, runAgedDebtors } from '../jobs/lists/runAgedDebtors.js';

export type {
  UnclaimedCredit,
  UnclaimedCreditsForm,
  UnclaimedCreditsReport,
} from '../jobs/lists/runUnclaimedCredits.js';
export { runUnclaimedCredits, unclaimedCreditsCsv } from '../jobs/lists/runUnclaimedCredits.js';

export type { AccountJournalOptions, JournalEntry } from '../books/journal/journal.js';
export { journal } from '../books/journal/journal.js';
export { journalViolations } from '../books/journal/journalViolations.js';
export type { LedgerAccount, Posting } from '../books/journal/ledgerAccount.js';
export { ledgerAccountName } from '../books/journal/ledgerAccount.js';
export type { PostingOptions } from '../books/journal/postingsOf.js';
export { postingsOf } from '../books/journal/postingsOf.js';
export type { ChartRule } from '../books/journal/chart.js';
export type { JournalForm, JournalFormat } from '../jobs/reports/journalText.js';
export { bankPostings } from '../books/journal/bankPostings.js';
export { onlinePaymentPostings } from '../books/journal/onlinePaymentPostings.js';
export { remittancePostings } from '../books/journal/remittancePostings.js';
export { tillPostings } from '../books/journal/tillPostings.js';
export type { TillPostings } from '../books/journal/tillPostings.js';
export { journalFormats, journalText } from '../jobs/reports/journalText.js';
export type { JournalTotals, LedgerBalance } from '../books/journal/journalTotals.js';
export type { JournalExportOptions } from '../jobs/reports/runJournalExport.js';
export { runJournalExport } from '../jobs/reports/runJournalExport.js';

export type { AuditLine } from '../jobs/lists/auditLine.js';
export type { AuditTrailForm, AuditTrailOptions } from '../jobs/lists/runAuditTrail.js';
export { auditTrailCsv, runAuditTrail } from '../jobs/lists/runAuditTrail.js';

// Close the books: seals, which prove that nothing was changed.

export type {
  MonthClosed,
  MonthFile,
  PeriodSealed,
  PurgeRecorded,
  SealEvent,
  SealHead,
  SealedSum,
} from '../office/seals/sealEvents.js';
export type { SealedCsvOptions, SealMark } from '../office/seals/sealMark.js';
export type { KnownSealFinding, SealFinding, SealFindingCode } from '../seals/sealFinding.js';
export type {
  SealFileExists,
  SealForm,
  SealMonthLeftOut,
  SealNotAfterLast,
  SealTermsDiffer,
  SealTooEarly,
} from '../seals/sealForm.js';
export type { BooksDiffer, SealRejection, SealReport, SealResult } from '../seals/sealReport.js';
export type { VerifySignature } from '../seals/sealBook.js';
export type { SealOptions } from '../seals/sealPeriod.js';
export { sealPeriod } from '../seals/sealPeriod.js';
export type { VerifiedSeals, VerifySealsForm, VerifySealsOptions } from '../seals/verifySeals.js';
export { verifySeals } from '../seals/verifySeals.js';
export type {
  MonthFileFinding,
  VerifiedMonthFiles,
  VerifyMonthFilesForm,
} from '../jobs/closing/verifyMonthFiles.js';
export { verifyMonthFiles } from '../jobs/closing/verifyMonthFiles.js';
export type {
  ClosedMonth,
  CloseMonthForm,
  CloseMonthOptions,
  CloseMonthResult,
  MissingInMonth,
} from '../jobs/closing/closeMonth.js';
export { closeMonth } from '../jobs/closing/closeMonth.js';

// The history of the policy: which rules were in force at a time.

export type { PolicyRecorded } from '../office/policyHistory/policyRecorded.js';
export type {
  PolicyInForce,
  PolicyQuestion,
  RecordedPolicy,
  RecordPolicyForm,
} from '../office/policyHistory/recordPolicy.js';
export { policyInForce, recordPolicy } from '../office/policyHistory/recordPolicy.js';

// Hand debts over: to a bursar or an agency, and what comes back.

export type { BursarCodes, BursarForm, WholeAccounts } from '../bursar/bursarForm.js';
export type { BursarPatron, BursarPatrons } from '../bursar/bursarPatron.js';
export type { BursarReferenceParts } from '../bursar/bursarReference.js';
export { bursarReference, parseBursarReference } from '../bursar/bursarReference.js';
export type { BursarSubject, BursarTransfer } from '../bursar/bursarTransfer.js';
export type {
  BursarFinding,
  EventWithoutFileRow,
  FileNotCompared,
  IdentifierEscaped,
  FileRowWithoutEvent,
  PatronNotInDirectory,
  RecalledSince,
  TransferRefused,
  TypeNotMapped,
} from '../bursar/bursarFinding.js';
export type { BursarPlan } from '../bursar/bursarExportOfAccount.js';
export { bursarExportOfAccount } from '../bursar/bursarExportOfAccount.js';
export type {
  BursarExportReport,
  BursarFileOptions,
  BursarRewriteForm,
} from '../bursar/runBursarExport.js';
export { runBursarExport, rewriteBursarFile } from '../bursar/runBursarExport.js';
export type { SettlementRow, SettlementFinding } from '../bursar/settlementRow.js';
export type { SettlementCsvOptions } from '../bursar/readSettlementCsv.js';
export type {
  SettlementCsvFile,
  SettlementRows,
  SettlementSource,
  SettlementXmlFile,
} from '../bursar/settlementSource.js';
export type {
  SettlementForm,
  SettlementImportOptions,
  SettlementReport,
} from '../bursar/runSettlementImport.js';
export { runSettlementImport } from '../bursar/runSettlementImport.js';

export type { BursarChange, BursarChangesForm, BursarChangesOptions } from '../bursar/runBursarChanges.js';
export { bursarChangesCsv, runBursarChanges } from '../bursar/runBursarChanges.js';
export type { BursarDifference } from '../bursar/bursarDifference.js';
export type {
  BursarReconciliation,
  BursarReconciliationForm,
  BursarReconciliationOptions,
} from '../bursar/runBursarReconciliation.js';
export { runBursarReconciliation } from '../bursar/runBursarReconciliation.js';
export type { OpenItem, OpenItemsForm } from '../bursar/runOpenItems.js';
export { openItemsCsv, runOpenItems } from '../bursar/runOpenItems.js';
export type {
  BursarBalance,
  BursarBalances,
  BursarBalancesForm,
  BursarBalancesOptions,
  BursarBatch,
  BursarFigures,
  RemittedAboveDue,
} from '../bursar/runBursarBalances.js';
export { runBursarBalances } from '../bursar/runBursarBalances.js';

export type {
  Remittance,
  RemittanceEvent,
  RemittanceEventBase,
  RemittanceRecorded,
  RemittanceReversed,
  Remittances,
} from '../office/remittances/remittance.js';
export { foldRemittances, noRemittances } from '../office/remittances/remittance.js';
export type {
  RecordRemittance,
  RemittanceCommand,
  RemittanceCommandBase,
  RemittanceDecision,
  ReverseRemittance,
} from '../office/remittances/decideRemittance.js';
export type {
  RemittanceAlreadyReversed,
  RemittanceDestinationUnknown,
  RemittanceNotFound,
  RemittanceRejection,
  RemittanceSurplusExceedsAmount,
} from '../office/remittances/remittanceRejection.js';
export { decideRemittance } from '../office/remittances/decideRemittance.js';
export type { ExecutedRemittance, RemittancesId } from '../office/remittances/executeRemittance.js';
export { executeRemittance, loadRemittances } from '../office/remittances/executeRemittance.js';

// The bank: deposits, returned payments and remittances, confirmed by its statements.

export type { BankAccount, BankRecord } from '../office/bank/bankAccount.js';
export { foldBankAccount, noBankAccount } from '../office/bank/bankAccount.js';
export type {
  BankDifference,
  BankEntryConfirmed,
  BankEvent,
  BankEventBase,
  BankItem,
  BankRecordReversed,
  SafeDeposited,
} from '../office/bank/bankEvents.js';
export type {
  BankAmountsDiffer,
  BankEntryAlreadyConfirmed,
  BankItemAlreadyConfirmed,
  BankMethodUnknown,
  BankRecordClosed,
  BankRecordNotFound,
  BankRejection,
} from '../office/bank/bankRejection.js';
export type {
  BankCommand,
  BankCommandBase,
  BankDecideOptions,
  BankDecision,
  ConfirmBankEntry,
  DepositFromSafe,
  ReverseBankRecord,
} from '../office/bank/decideBank.js';
export { decideBank } from '../office/bank/decideBank.js';
export type { BankId, ExecutedBank } from '../office/bank/executeBank.js';
export { executeBank, loadBankAccount } from '../office/bank/executeBank.js';
export type { DayOrder } from '../job/dayOrder.js';
export type { TextSource, UnreadableRow } from '../job/csvRows.js';
export type { DecimalMark } from '../money/reportedAmount.js';
export type { BankEntry, BankEntryPart } from '../jobs/bank/bankEntry.js';
export type { BankCsvForm } from '../jobs/bank/bankRows.js';
export { bankRows } from '../jobs/bank/bankRows.js';
export { readCamt053 } from '../jobs/bank/readCamt053.js';
export type {
  BankFigures,
  BankFinding,
  BankReconciliation,
  BankReconciliationForm,
  BankReconciliationOptions,
} from '../jobs/bank/bankReconciliationForm.js';
export { runBankReconciliation } from '../jobs/bank/runBankReconciliation.js';

// Patrons with several accounts, and households: merge them, pay for them.

export type { AccountMerge } from '../patron/mergeAccounts.js';
export { mergeAccounts } from '../patron/mergeAccounts.js';
export type { AccountSeparation } from '../patron/separateAccounts.js';
export { separateAccounts } from '../patron/separateAccounts.js';
export type { MergeResult } from '../patron/writeInSteps.js';
export type {
  MergeAcrossInstitutions,
  MergeIntoItself,
  MergeLeadsBack,
  MergeNotFound,
  MergeRejection,
  SeparationRejection,
} from '../patron/mergeRejection.js';
export type { JoinedAccount } from '../patron/accountsOf.js';
export { accountsOf } from '../patron/accountsOf.js';

export type { HouseholdPaid, HouseholdPart } from '../patron/payAccounts.js';
export type { HouseholdPayment, HouseholdPaymentOptions } from '../patron/payHousehold.js';
export { payHousehold } from '../patron/payHousehold.js';

// Erase: the texts of what is settled, and whole accounts.

export type { PurgeForm, RetentionForm } from '../jobs/retention/retentionForm.js';
export type {
  ErasingStores,
  ErasureOptions,
  ErasureReport,
  ErasureResult,
} from '../jobs/retention/erasure.js';
export {
  planRetention,
  type RetainedAccount,
  type RetentionOptions,
  type RetentionReport,
  type RetentionResult,
  runRetention,
} from '../jobs/retention/runRetention.js';
export type { KeptRow, RetentionReason, RetentionRow } from '../jobs/retention/settledRows.js';
export type { PurgeReason } from '../jobs/retention/purgeGroup.js';
export {
  type PurgedAccount,
  type PurgeOptions,
  type PurgeReport,
  type PurgeResult,
  planPurge,
  runPurge,
} from '../jobs/retention/runPurge.js';

// What all jobs share: options, progress, findings, files, and the words of their texts.

export type { AccountJobOptions, JobOptions, JobProgress, OfficeJobOptions } from '../job/job.js';
export type { JobActor, JobHead, JobOrder, JobReport, ReportForm } from '../job/jobHead.js';
export type { JobStores } from '../job/jobStores.js';
export type { DayPeriod } from '../job/period.js';
export { type Shard, shardOf } from '../history/shard.js';
export type { AccountFinding, OfficeFinding, StreamFinding } from '../job/accountFinding.js';
export type { CountedAmount, FindingOptions, FindingsReport } from '../job/tallies.js';
export type { CsvOptions, Lines } from '../job/csv.js';
export { writeTextFile } from '../job/textFile.js';
export type { DirectoryPatron, PatronDirectory } from '../jobs/patronDirectory.js';

export type { Words } from './words.js';
export { englishWords } from './words.js';
