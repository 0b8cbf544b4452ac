/**
 * Reports over all patron accounts of an institution: statements, payments, debts, the journal, the audit trail.
 *
 * @stability stable
 * @module reports
 */

// Statements: what a patron or a household owed, paid and owes.

export type {
  AccountStatement,
  StatementBalances,
  StatementInput,
} from '../../books/statement/accountStatement.js';
export { accountStatement } from '../../books/statement/accountStatement.js';
export type {
  HouseholdStatement,
  HouseholdStatementBalances,
  HouseholdStatementInput,
  HouseholdStatementLine,
  StatementMember,
  TimeOfRecording,
} from '../../books/statement/householdStatement.js';
export { householdStatement } from '../../books/statement/householdStatement.js';
export type { StatementFee, StatementLine } from '../../books/statement/statementLine.js';
export type { StatementKind } from '../../books/statement/statementMovement.js';
export type { StatementOfAccount, StatementsForm, StatementsOptions } from './runStatements.js';
export { runStatements } from './runStatements.js';
export { statementText } from '../../books/statement/statementText.js';
export { statementHtml } from '../../books/statement/statementHtml.js';
export type { StatementOptions, StatementWords } from '../../books/statement/statementLetter.js';
export { englishStatementWords } from '../../books/statement/statementLetter.js';

// Payments: what each till took, and the list of payments.

export type {
  PaymentsColumn,
  PaymentsReportForm,
  PaymentsListForm,
  PaymentsReportJobForm,
} from '../../books/payments/paymentsReportForm.js';
export { paymentsColumns } from '../../books/payments/paymentsReportForm.js';
export type { PaymentsFigures, PaymentsRow } from '../../books/payments/tillTally.js';
export type { AccountHistory, PaymentsReport } from '../../books/payments/paymentsReport.js';
export { paymentsReport, groupedPayments, paymentsReportCsv } from '../../books/payments/paymentsReport.js';
export type { PaymentsJobReport, PaymentsReportOptions, TillIndex } from './runPaymentsReport.js';
export { runPaymentsReport } from './runPaymentsReport.js';
export type { PaymentLine } from '../lists/runPaymentsList.js';
export { paymentsListCsv, runPaymentsList } from '../lists/runPaymentsList.js';
export { type TillMovementKind, tillMovementKinds } from '../../books/payments/tillMovements.js';

// Debts and credits: by age, payment plans that are behind, credits that nobody claims.

export type { PlanBehind, PlansBehindForm } from '../lists/runPlansBehind.js';
export { runPlansBehind } from '../lists/runPlansBehind.js';
export type { AgeBand, AgedDebtForm, AgedDebtJobForm } from '../../books/agedDebt/agedDebtForm.js';
export type { DebtFigures, DebtRow } from '../../books/agedDebt/debtTally.js';
export type { AccountOfPatron, AgedDebt } from '../../books/agedDebt/agedDebt.js';
export { agedDebt, agedDebtCsv } from '../../books/agedDebt/agedDebt.js';
export type { AgedDebtJobReport } from './runAgedDebt.js';
export { runAgedDebt } from './runAgedDebt.js';
export type { AgedDebtorsForm, Debtor } from '../lists/runAgedDebtors.js';
export { agedDebtorsCsv, runAgedDebtors } from '../lists/runAgedDebtors.js';
export type {
  UnclaimedCredit,
  UnclaimedCreditsForm,
  UnclaimedCreditsReport,
} from '../lists/runUnclaimedCredits.js';
export { runUnclaimedCredits, unclaimedCreditsCsv } from '../lists/runUnclaimedCredits.js';

// The journal: every event as balanced postings of the ledger.

export type { AccountJournalOptions, JournalEntry } from '../../books/journal/journal.js';
export { journal } from '../../books/journal/journal.js';
export { journalViolations } from '../../books/journal/journalViolations.js';
export type { LedgerAccount, Posting } from '../../books/journal/ledgerAccount.js';
export { ledgerAccountName } from '../../books/journal/ledgerAccount.js';
export type { PostingOptions } from '../../books/journal/postingsOf.js';
export { postingsOf } from '../../books/journal/postingsOf.js';
export type { ChartRule } from '../../books/journal/chart.js';
export type { JournalForm, JournalFormat } from './journalText.js';
export { bankPostings } from '../../books/journal/bankPostings.js';
export { officePostings } from '../../books/journal/officePostings.js';
export { onlinePaymentPostings } from '../../books/journal/onlinePaymentPostings.js';
export { remittancePostings } from '../../books/journal/remittancePostings.js';
export { tillPostings } from '../../books/journal/tillPostings.js';
export type { TillPostings } from '../../books/journal/tillPostings.js';
export { journalFormats, journalText } from './journalText.js';
export type { JournalTotals, LedgerBalance } from '../../books/journal/journalTotals.js';
export type { JournalExportOptions } from './runJournalExport.js';
export { runJournalExport } from './runJournalExport.js';

// Audit: who waived, cancelled, refunded and lowered what, and the trail of all events.

export type { AdjustmentKind } from './adjustments.js';
export type { AdjustmentSums } from './adjustmentSums.js';
export type {
  AdjustmentsFinding,
  AdjustmentsForm,
  AdjustmentsOptions,
  AdjustmentsReport,
  RoleAdjustments,
  RolesUnknown,
  UserAdjustments,
} from './runAdjustments.js';
export { runAdjustments } from './runAdjustments.js';
export type { OfficeApproval } from './officeCommands.js';
export type { SplitCommands } from './splitCommands.js';
export { splitCommandsCsv } from './splitCommands.js';
export type { AuditLine } from '../lists/auditLine.js';
export type { AuditTrailForm, AuditTrailOptions } from '../lists/runAuditTrail.js';
export { auditTrailCsv, runAuditTrail } from '../lists/runAuditTrail.js';
