import type { Rejection } from '../account/rejections/rejection.js';
import { englishRejectionWords, type RejectionWords } from '../account/rejections/rejectionText.js';
import { englishStatementWords, type StatementWords } from '../books/statement/statementLetter.js';
import { englishFaultWords, type FaultWords } from '../faultWords.js';
import { type ActorLacksRole, englishJobRejections } from '../jobs/bulkWaive/notWaived.js';
import { englishPurgeRejections, type PolicyNotRecorded } from '../jobs/retention/purgePolicy.js';
import { englishNoticeWords, type NoticeWords } from '../notices/noticeLetter.js';
import { type BankRejection, englishBankRejections } from '../office/bank/bankRejection.js';
import { englishFileRejections, type FileAlreadyImported } from '../office/files/fileRejection.js';
import { englishOfficeRejections, type OfficeRejection } from '../office/officeDecision.js';
import { englishReceiptWords, type ReceiptWords } from '../office/receipts/receiptLetter.js';
import {
  englishRemittanceRejections,
  type RemittanceRejection,
} from '../office/remittances/remittanceRejection.js';
import { englishTillRejections, type TillRejection } from '../office/till/tillRejection.js';
import { englishOnlineRejections, type OnlineRejection } from '../online/onlineRejections.js';
import {
  englishSettlingRejections,
  type SettlePartRejection,
  type SettleReportRejection,
} from '../online/settle/settling.js';
import { englishFineWords, type FineWords } from '../overdue/fineWords.js';
import {
  englishMergeRejections,
  type MergeRejection,
  type SeparationRejection,
} from '../patron/mergeRejection.js';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from '../policy/codeTables.js';
import type { PolicyLabels } from '../policy/withLabels.js';
import { englishSealRejections, type SealRejection } from '../seals/sealRejection.js';
import { type ActivityReportWords, englishReportWords } from '../views/activityReportLetter.js';
import { type TransactionLabels, transactionLabels } from '../views/transactionKinds.js';

/**
 * Why anything is refused: a command to an account or of the office, an online payment, a merge, a seal, a job. Each is
 * written by {@link index.rejectionText | rejectionText}.
 */
export type AnyRejection =
  | Rejection
  | OfficeRejection
  | TillRejection
  | RemittanceRejection
  | BankRejection
  | MergeRejection
  | SeparationRejection
  | ActorLacksRole
  | SealRejection
  | PolicyNotRecorded
  | FileAlreadyImported
  | OnlineRejection
  | SettlePartRejection
  | SettleReportRejection;

/**
 * All texts of the library for people, in one language. Write one table per language and pass its parts to the
 * functions that make text; nothing is set globally, so one process can serve readers of many languages.
 */
export type Words = {
  /** The language, a BCP 47 tag. */
  readonly language: string;
  /** The labels of the policy's codes, for {@link index.withLabels | withLabels}. */
  readonly labels: PolicyLabels;
  /** The labels of the kinds of transactions, for {@link views.transactions | transactions}. */
  readonly transactions: TransactionLabels;
  /** The words of {@link reports.statementText | statementText} and {@link reports.statementHtml | statementHtml}. */
  readonly statement: StatementWords;
  /** The words of {@link office.receiptText | receiptText} and {@link office.receiptHtml | receiptHtml}. */
  readonly receipt: ReceiptWords;
  /** The words of {@link jobs.noticeText | noticeText} and {@link jobs.noticeHtml | noticeHtml}. */
  readonly notice: NoticeWords;
  /** The words of the activity report, as text and HTML. */
  readonly activityReport: ActivityReportWords;
  /** The words of the explanation of a fine. */
  readonly fine: FineWords;
  /** The sentences about everything that is refused, for {@link index.rejectionText | rejectionText}. */
  readonly rejections: RejectionWords<AnyRejection>;
  /** The sentences about faults of commands, for {@link index.faultText | faultText}. */
  readonly faults: FaultWords;
};

/**
 * The English words. The labels are those of the default policy.
 *
 * @example
 * ```ts
 * import { englishWords } from 'patron-fees/words';
 *
 * englishWords.statement.balance; //=> 'Balance'
 * englishWords.labels.feeTypes.OVERDUEFINE; //=> 'Overdue fine'
 * ```
 */
export const englishWords: Words = {
  language: 'en',
  labels: {
    feeTypes: Object.fromEntries(Object.entries(almaFeeTypes).map(([code, { label }]) => [code, label])),
    paymentMethods: almaPaymentMethods,
    waiveReasons: almaWaiveReasons,
    creditReasons: { GOODWILL: 'Goodwill', OTHER: 'Other' },
    destinations: { BURSAR: 'Bursar' },
  },
  transactions: transactionLabels,
  statement: englishStatementWords,
  receipt: englishReceiptWords,
  notice: englishNoticeWords,
  activityReport: englishReportWords,
  fine: englishFineWords,
  rejections: Object.assign(
    {},
    englishRejectionWords,
    englishOfficeRejections,
    englishFileRejections,
    englishTillRejections,
    englishRemittanceRejections,
    englishBankRejections,
    englishMergeRejections,
    englishJobRejections,
    englishSealRejections,
    englishPurgeRejections,
    englishOnlineRejections,
    englishSettlingRejections,
  ),
  faults: englishFaultWords,
};
