/**
 * What people see of an account: pure functions that return plain JSON with decimal strings.
 *
 * @stability stable
 * @module views
 */

// Balances and rows: what a screen of one account shows.

export type { Summary } from './summary.js';
export { summary } from './summary.js';
export type { FinesAndFees, FinesAndFeesBalances } from './finesAndFees.js';
export { finesAndFees } from './finesAndFees.js';
export type { FinesAndFeesFilter, SortColumn } from './finesAndFeesFilter.js';
export { sortColumns } from './finesAndFeesFilter.js';
export type { CreditRow, FeeRow, FinesAndFeesColumns, FinesAndFeesRow } from './finesAndFeesRow.js';

// One fee, credit, payment or loan: the details of a row.

export type {
  TransactionLine,
  TransactionSubject,
  Transactions,
  TransactionsOptions,
} from './transactions.js';
export { transactions } from './transactions.js';
export type { TransactionLabels } from './transactionKinds.js';
export { transactionLabels } from './transactionKinds.js';
export type { Receipt, ReceiptAllocation, ReceiptOptions, ReceiptOverpayment } from './receipt.js';
export { receipt } from './receipt.js';
export type { ReceiptVat } from './receiptVat.js';
export type { FeesOfLoan, FeesOfLoanOptions, LoanTotals } from './feesOfLoan.js';
export { feesOfLoan } from './feesOfLoan.js';

// Payment plans: instalments, what was paid, what is due.

export type {
  PaymentPlanOptions,
  PaymentPlansOptions,
  PaymentPlanView,
  PlanFee,
  PlanInstalmentRow,
  PlanProgress,
} from './paymentPlan.js';
export { paymentPlan, paymentPlans } from './paymentPlan.js';

// Several institutions: the same patron's accounts in a network.

export type {
  CurrencyTotal,
  InstitutionActivity,
  NetworkAccount,
  NetworkActivity,
  NetworkRow,
} from './networkActivity.js';
export { networkActivity } from './networkActivity.js';

// A household: several patrons together.

export type {
  Household,
  HouseholdFees,
  HouseholdMember,
  HouseholdMemberSummary,
  HouseholdRow,
} from './household.js';
export { household, householdFees } from './household.js';

// Blocks: which limits of the policy are broken.

export type { Blocks, BlocksOptions, LimitCheck } from './blocks.js';
export { blocks } from './blocks.js';

// Activity report: loans and open fees of a patron as data, text and HTML.

export type {
  ActivityReport,
  ActivityReportInput,
  ActivityReportLoan,
  LibraryFees,
  ReportBalances,
  ReportLoan,
  ReportPatron,
} from './activityReport.js';
export { activityReport } from './activityReport.js';
export { activityReportText } from './activityReportText.js';
export { activityReportHtml } from './activityReportHtml.js';
export type { ActivityReportOptions, ActivityReportWords } from './activityReportLetter.js';
export type { PlanWords } from './planParts.js';
export { englishReportWords } from './activityReportLetter.js';
export type { ReaderPlace } from './readerFormat.js';
