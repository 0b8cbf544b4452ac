/**
 * Reports over all patron accounts of an institution: statements, payments, debts, the journal, the audit trail.
 *
 * @stability stable
 * @module reports
 */

// Statements: what a patron or a household owed, paid and owes.

export {
  type AccountStatement,
  accountStatement,
  type HouseholdStatement,
  householdStatement,
  type HouseholdStatementBalances,
  type HouseholdStatementInput,
  type HouseholdStatementLine,
  type StatementBalances,
  type StatementInput,
  type StatementMember,
  type TimeOfRecording,
} from '../../books/statement/accountStatement.js';
export type { StatementFee, StatementKind, StatementLine } from '../../books/statement/statementLine.js';
export {
  runStatements,
  type StatementOfAccount,
  type StatementsForm,
  type StatementsOptions,
} from './runStatements.js';
export {
  englishStatementWords,
  statementHtml,
  type StatementOptions,
  statementText,
  type StatementWords,
} from '../../books/statement/statementLetter.js';

// Payments: what each till took, and the list of payments.

export {
  type AccountHistory,
  groupedPayments,
  type PaymentsColumn,
  paymentsColumns,
  type PaymentsFigures,
  type PaymentsListForm,
  type PaymentsReport,
  paymentsReport,
  paymentsReportCsv,
  type PaymentsReportForm,
  type PaymentsReportJobForm,
  type PaymentsRow,
} from '../../books/payments/paymentsReport.js';
export {
  type PaymentsJobReport,
  type PaymentsReportOptions,
  runPaymentsReport,
  type TillIndex,
} from './runPaymentsReport.js';
export { type PaymentLine, paymentsListCsv, runPaymentsList } from '../lists/runPaymentsList.js';
export { type TillMovementKind, tillMovementKinds } from '../../books/payments/tillMovements.js';

// Debts and credits: by age, payment plans that are behind, credits that nobody claims.

export { type PlanBehind, type PlansBehindForm, runPlansBehind } from '../lists/runPlansBehind.js';
export {
  type AccountOfPatron,
  type AgeBand,
  type AgedDebt,
  agedDebt,
  agedDebtCsv,
  type AgedDebtForm,
  type AgedDebtJobForm,
  type DebtFigures,
  type DebtRow,
} from '../../books/agedDebt/agedDebt.js';
export {
  type AgedDebtJobReport,
  agedDebtorsCsv,
  type AgedDebtorsForm,
  type Debtor,
  runAgedDebt,
  runAgedDebtors,
} from './runAgedDebt.js';
export {
  runUnclaimedCredits,
  type UnclaimedCredit,
  unclaimedCreditsCsv,
  type UnclaimedCreditsForm,
  type UnclaimedCreditsReport,
} from '../lists/runUnclaimedCredits.js';

// The journal: every event as balanced postings of the ledger.

export { type AccountJournalOptions, journal, type JournalEntry } from '../../books/journal/journal.js';
export { journalViolations } from '../../books/journal/journalViolations.js';
export { type LedgerAccount, ledgerAccountName, type Posting } from '../../books/journal/ledgerAccount.js';
export { type PostingOptions, postingsOf } from '../../books/journal/postingsOf.js';
export type { ChartRule } from '../../books/journal/chart.js';
export {
  type JournalExportOptions,
  type JournalForm,
  type JournalFormat,
  journalFormats,
  journalText,
  runJournalExport,
} from './runJournalExport.js';
export {
  bankPostings,
  officePostings,
  remittancePostings,
  tillPostings,
  type TillPostings,
} from '../../books/journal/officePostings.js';
export { onlinePaymentPostings } from '../../books/journal/onlinePaymentPostings.js';
export type { JournalTotals, LedgerBalance } from '../../books/journal/journalTotals.js';

// Audit: who waived, cancelled, refunded and lowered what, and the trail of all events.

export {
  type AdjustmentKind,
  type AdjustmentsFinding,
  type AdjustmentsForm,
  type AdjustmentsOptions,
  type AdjustmentsReport,
  type AdjustmentSums,
  type RoleAdjustments,
  type RolesUnknown,
  runAdjustments,
  type UserAdjustments,
} from './runAdjustments.js';
export type { OfficeApproval } from './officeCommands.js';
export { type SplitCommands, splitCommandsCsv } from './splitCommands.js';
export {
  type AuditLine,
  auditTrailCsv,
  type AuditTrailForm,
  type AuditTrailOptions,
  runAuditTrail,
} from '../lists/runAuditTrail.js';
