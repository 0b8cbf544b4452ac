/**
 * Imports patrons' accounts from any system: opening balances, and what all imports share.
 *
 * @stability may change
 * @module import
 */

// Accounts of another system: what every import makes of its rows.

export type {
  ForeignAccount,
  ForeignBalance,
  ForeignCancellation,
  ForeignChange,
  ForeignCharge,
  ForeignCircumstances,
  ForeignCredit,
  ForeignDecrease,
  ForeignEnd,
  ForeignFeeChange,
  ForeignIncrease,
  ForeignPart,
  ForeignPayment,
  ForeignRefund,
  ForeignReopening,
  ForeignSum,
  ForeignTransfer,
  ForeignUse,
  ForeignVoid,
  ForeignWaiver,
} from './foreignAccount.js';
export type { ForeignTime } from './rowTime.js';

// Import: from accounts to events.

export {
  type AccountImport,
  type CodeNames,
  importEvents,
  type ImportEventsOptions,
  type ReadAccountsOptions,
} from './importEvents.js';
export type { ForeignRefused, ForeignRow, ImportFinding, ImportFindingCode, Rows } from './importFinding.js';

// Opening balances: from open fees and credits to accounts.

export { openingBalances, type OpeningOptions, type OpeningRow } from './openingBalances.js';

// The job: from accounts to a store.

export { type ImportForm, type ImportOptions, runImport } from './runImport.js';
export type { ImportCredits, ImportFigures, ImportReport, ImportRow } from './importReport.js';

// Rows: what imports read.

export { csvRows, type CsvRowsOptions, type TextSource } from '../../job/csvRows.js';
export type { UnreadableRow } from '../../job/unreadableRow.js';
export type { DayOrder } from '../../job/dayOrder.js';
export type { DecimalMark } from '../../money/reportedAmount.js';
export { jsonLines } from './jsonLines.js';
