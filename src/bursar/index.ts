/**
 * Work with an external billing system: debts handed over, what it reports, and what it pays.
 *
 * @stability stable
 * @module bursar
 */

// Hand debts over: to a bursar or an agency, and what comes back.

export type { BursarCodes, BursarForm, WholeAccounts } from './bursarForm.js';
export type { BursarPatron, BursarPatrons } from './bursarPatron.js';
export type { BursarReferenceParts } from './bursarReference.js';
export { bursarReference, parseBursarReference } from './bursarReference.js';
export type { BursarSubject, BursarTransfer } from './bursarTransfer.js';
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
} from './bursarFinding.js';
export type { BursarPlan } from './bursarExportOfAccount.js';
export { bursarExportOfAccount } from './bursarExportOfAccount.js';
export type { BursarExportReport, BursarRewriteForm } from './exportedAccounts.js';
export type { BursarFileOptions } from './runBursarExport.js';
export { runBursarExport, rewriteBursarFile } from './runBursarExport.js';
export type { BursarPlanOptions } from './planBursarExport.js';
export { planBursarExport } from './planBursarExport.js';
export type { SettlementRow, SettlementFinding } from './settlementRow.js';
export type { FindingTextOptions } from './findingText.js';
export { findingText } from './findingText.js';
export type { SettlementCsvOptions } from './readSettlementCsv.js';
export type {
  SettlementCsvFile,
  SettlementRows,
  SettlementSource,
  SettlementXmlFile,
} from './settlementSource.js';
export type { PlannedSettlement } from './bookAccount.js';
export type {
  SettlementForm,
  SettlementImportOptions,
  SettlementReport,
} from './runSettlementImport.js';
export { runSettlementImport } from './runSettlementImport.js';
export { planSettlementImport } from './planSettlementImport.js';

// Compare the books: changes, open items, balances, reconciliation.

export type { BursarChange, BursarChangesForm, BursarChangesOptions } from './runBursarChanges.js';
export { bursarChangesCsv, runBursarChanges } from './runBursarChanges.js';
export type { BursarDifference } from './bursarDifference.js';
export type {
  BursarReconciliation,
  BursarReconciliationForm,
  BursarReconciliationOptions,
} from './runBursarReconciliation.js';
export { runBursarReconciliation } from './runBursarReconciliation.js';
export type { OpenItem, OpenItemsForm } from './runOpenItems.js';
export { openItemsCsv, runOpenItems } from './runOpenItems.js';
export type {
  BursarBalance,
  BursarBalances,
  BursarBalancesForm,
  BursarBalancesOptions,
  BursarBatch,
  BursarFigures,
  RemittedAboveDue,
} from './runBursarBalances.js';
export { runBursarBalances } from './runBursarBalances.js';

// Remittances: what the bursar pays to the library.

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
