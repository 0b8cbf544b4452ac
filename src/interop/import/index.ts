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

export type { AccountImport, ImportEventsOptions } from './importEvents.js';
export { importEvents } from './importEvents.js';
export type { ForeignRefused, ForeignRow, ImportFinding, ImportFindingCode } from './importFinding.js';

// Opening balances: from open fees and credits to accounts.

export type { OpeningOptions, OpeningRow } from './openingBalances.js';
export { openingBalances } from './openingBalances.js';

// The job: from accounts to a store.

export type { ImportForm, ImportOptions } from './runImport.js';
export { runImport } from './runImport.js';
export type { ImportCredits, ImportFigures, ImportReport, ImportRow } from './importReport.js';

// Rows: what imports read.

export type { CsvRowsOptions, TextSource } from '../../job/csvRows.js';
export type { UnreadableRow } from '../../job/unreadableRow.js';
export { csvRows } from '../../job/csvRows.js';
export type { Rows } from './neededColumns.js';
export type { DayOrder } from '../../job/dayOrder.js';
export type { DecimalMark } from '../../money/reportedAmount.js';
export type { CodeNames, ReadAccountsOptions } from './readOptions.js';
export { jsonLines } from './sourceRows.js';
