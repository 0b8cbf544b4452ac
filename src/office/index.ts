/**
 * The office of an institution: tills, receipts, the bank, and the policies that were in force.
 *
 * @stability stable
 * @module office
 */

// Tills: sessions, counts, and the report of a session.

export type {
  TillActor,
  TillClosed,
  TillCount,
  TillEvent,
  TillEventMetadata,
  TillDifferenceAccepted,
  TillMoneyMoved,
  TillOpened,
  OfficeEventBase,
  TillEventBase,
} from './till/tillEvents.js';
export type {
  CloseTill,
  MethodAmount,
  AcceptTillDifference,
  MoveTillMoney,
  OfficeCommandBase,
  OpenTill,
  TillCommand,
  TillCommandActor,
} from './till/tillCommands.js';
export type {
  TillAlreadyOpen,
  TillDepositExceedsCount,
  TillDifferenceNotFound,
  TillMethodNotCounted,
  TillMethodUnknown,
  TillRejection,
  TillSessionClosed,
  TillSessionNotFound,
} from './till/tillRejection.js';
export { emptyTill, foldTill, type Till, type TillClosing, type TillSession } from './till/till.js';
export { decideTill, type TillDecision } from './till/decideTill.js';
export { type ExecutedTill, executeTill, loadTill, type TillId } from './till/executeTill.js';
export {
  runTillReport,
  type TillReport,
  type TillReportFinding,
  type TillReportForm,
  type TillReportOptions,
} from '../jobs/reports/runTillReport.js';
export type { TakingsFinding, TillReportRow, TillSessionUnknown } from '../jobs/reports/tillReportRow.js';
export { tillTakings } from '../books/payments/paymentsReport.js';
export { tillReportCsv } from '../jobs/reports/tillReportCsv.js';

// Any stream of the office, by its kind.

export { foldOfficeStream } from './foldOfficeStream.js';

// Files: each is imported once.

export type { FileImported } from './files/fileImported.js';
export type { FileAlreadyImported } from './files/fileRejection.js';
export type { FileFinding, FileForm } from './files/importedFile.js';

// Receipts: numbered without gaps, and reprinted.

export {
  foldReceiptSeries,
  type ReceiptEvent,
  type ReceiptIssued,
  type ReceiptKind,
  receiptKinds,
  type ReceiptPart,
  type ReceiptPayment,
  type ReceiptRequested,
  type ReceiptSeries,
  type ReceiptSeriesClosed,
} from './receipts/receiptIssued.js';
export type {
  NumberedReceipt,
  ReceiptLine,
  ReceiptMethod,
  ReceiptNumber,
  ReceiptOriginal,
  ReceiptReversal,
} from './receipts/numberedReceipt.js';
export type { ReceiptStores, ReceiptSubject } from './receipts/receiptCopy.js';
export { issueReceipt, type ReceiptForm, reprintReceipt } from './receipts/issueReceipt.js';
export {
  type ClosedReceiptSeries,
  closeReceiptSeries,
  type CloseReceiptSeriesForm,
} from './receipts/closeReceiptSeries.js';
export type { ReceiptTextOptions, ReceiptWords } from './receipts/receiptLetter.js';
export { receiptHtml } from './receipts/receiptHtml.js';
export { receiptText } from './receipts/receiptText.js';

// The bank: deposits, confirmations, and the check against its statements.

export {
  type BankAccount,
  type BankItemState,
  type BankRecord,
  foldBankAccount,
  noBankAccount,
} from './bank/bankAccount.js';
export type {
  BankDifference,
  BankEntryBooked,
  BankEntryConfirmed,
  BankEvent,
  BankItem,
  BankItemAmount,
  BankItemEnded,
  BankMatchedBy,
  BankRecordReversed,
  SafeDeposited,
} from './bank/bankEvents.js';
export type {
  BankAmountsDiffer,
  BankEntryAlreadyConfirmed,
  BankItemAlreadyConfirmed,
  BankMethodUnknown,
  BankReasonUnknown,
  BankRecordClosed,
  BankRecordNotFound,
  BankRejection,
  ConfirmedAbove,
} from './bank/bankRejection.js';
export type {
  BankCommand,
  BookBankEntry,
  ConfirmBankEntry,
  DepositFromSafe,
  EndBankItem,
  ReverseBankRecord,
} from './bank/bankCommands.js';
export { type BankDecideOptions, type BankDecision, decideBank } from './bank/decideBank.js';
export { type BankId, executeBank, type ExecutedBank, loadBankAccount } from './bank/executeBank.js';
export { type BankCsvForm, bankRows } from '../jobs/bank/bankRows.js';
export { readCamt053 } from '../jobs/bank/readCamt053.js';
export type { ExpectedItem } from '../jobs/bank/expectedItems.js';
export type {
  BankEntry,
  BankEntryPart,
  BankFigures,
  BankFinding,
  BankReconciliation,
  BankReconciliationForm,
  BankReconciliationOptions,
} from '../jobs/bank/bankReconciliationForm.js';
export { runBankReconciliation } from '../jobs/bank/runBankReconciliation.js';

// The history of the policy: which rules were in force at a time.

export type { PolicyRecorded } from './policyHistory/policyRecorded.js';
export {
  type PolicyInForce,
  policyInForce,
  type PolicyQuestion,
  type RecordedPolicy,
  recordPolicy,
  type RecordPolicyForm,
} from './policyHistory/recordPolicy.js';

// Events and rejections of the office.

export type { OfficeExecuteOptions } from './officeStream.js';
export { type OfficeEvent, officeEvents, type OfficeStore } from './officeEvents.js';
export type {
  InvalidOfficeCommand,
  OfficeDecideOptions,
  OfficeDecision,
  OfficeIdAlreadyUsed,
  OfficeInOtherCurrency,
  OfficeRejection,
} from './officeDecision.js';
