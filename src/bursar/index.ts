/**
 * Work with an external billing system: debts handed over, what it reports, and what it pays.
 *
 * @stability stable
 * @module bursar
 */

// Hand debts over: to a bursar or an agency, and what comes back.

export type { BursarCodes, BursarForm, WholeAccounts } from './bursarForm.js';
export type { BursarPatron, BursarPatrons, BursarSubject, BursarTransfer } from './bursarTransfer.js';
export { bursarReference, type BursarReferenceParts, parseBursarReference } from './bursarReference.js';
export {
  type BursarFinding,
  type EventWithoutFileRow,
  type FileNotCompared,
  type FileRowWithoutEvent,
  findingText,
  type FindingTextOptions,
  type IdentifierEscaped,
  type PatronNotInDirectory,
  type RecalledSince,
  type TransferRefused,
  type TypeNotMapped,
} from './bursarFinding.js';
export {
  bursarExportOfAccount,
  type BursarExportReport,
  type BursarPlan,
  type BursarRewriteForm,
} from './bursarExportOfAccount.js';
export {
  type BursarFileOptions,
  type BursarPlanOptions,
  planBursarExport,
  rewriteBursarFile,
  runBursarExport,
} from './runBursarExport.js';
export type { SettlementRow, SettlementFinding } from './settlementRow.js';
export type {
  SettlementCsvFile,
  SettlementCsvOptions,
  SettlementRows,
  SettlementSource,
  SettlementXmlFile,
} from './settlementSource.js';
export type { PlannedSettlement } from './bookAccount.js';
export {
  planSettlementImport,
  runSettlementImport,
  type SettlementForm,
  type SettlementImportOptions,
  type SettlementReport,
} from './runSettlementImport.js';

// Compare the books: changes, open items, balances, reconciliation.

export {
  type BursarChange,
  bursarChangesCsv,
  type BursarChangesForm,
  type BursarChangesOptions,
  runBursarChanges,
} from './runBursarChanges.js';
export type { BursarDifference } from './bursarDifference.js';
export {
  type BursarReconciliation,
  type BursarReconciliationForm,
  type BursarReconciliationOptions,
  runBursarReconciliation,
} from './runBursarReconciliation.js';
export { type OpenItem, openItemsCsv, type OpenItemsForm, runOpenItems } from './runOpenItems.js';
export {
  type BursarBalance,
  type BursarBalances,
  type BursarBalancesForm,
  type BursarBalancesOptions,
  type BursarBatch,
  type BursarFigures,
  type RemittedAboveDue,
  runBursarBalances,
} from './runBursarBalances.js';

// Remittances: what the bursar pays to the library.

export {
  foldRemittances,
  noRemittances,
  type Remittance,
  type RemittanceEvent,
  type RemittanceEventBase,
  type RemittanceRecorded,
  type RemittanceReversed,
  type Remittances,
} from '../office/remittances/remittance.js';
export {
  decideRemittance,
  type RecordRemittance,
  type RemittanceCommand,
  type RemittanceCommandBase,
  type RemittanceDecision,
  type ReverseRemittance,
} from '../office/remittances/decideRemittance.js';
export type {
  RemittanceAlreadyReversed,
  RemittanceDestinationUnknown,
  RemittanceNotFound,
  RemittanceRejection,
  RemittanceSurplusExceedsAmount,
} from '../office/remittances/remittanceRejection.js';
export {
  type ExecutedRemittance,
  executeRemittance,
  loadRemittances,
  type RemittancesId,
} from '../office/remittances/executeRemittance.js';
