/**
 * Jobs over all patron accounts of an institution: fines that grow, bulk waivers, notices, erasing.
 *
 * @stability stable
 * @module jobs
 */

// Charge fines in all accounts: fines that grow each night.

export type {
  AccrualFigures,
  AccrualFinding,
  AccrualForm,
  AccrualReport,
  AccrualRow,
  AccruedLoan,
  FineRefused,
  LoanInvalid,
} from './accrual/accrualForm.js';
export { type AccruingLoan, overdueFeeId } from './accrual/accruingLoan.js';
export type { AccrualOptions } from './accrual/accrue.js';
export { planAccrual, runAccrual } from './accrual/runAccrual.js';

// Waive in bulk: fees by threshold, group, type, date, or from a file.

export type { BulkWaiveForm } from './bulkWaive/bulkWaiveForm.js';
export type {
  ActorLacksRole,
  BulkWaiveRefusal,
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
} from './bulkWaive/notWaived.js';
export type {
  BulkWaiveEntry,
  BulkWaiveFee,
  BulkWaivePlanned,
  BulkWaiveResult,
  DirectoryPatron,
  PatronDirectory,
} from './bulkWaive/bulkWaiveEntry.js';
export type {
  BulkWaiveFeeRow,
  BulkWaiveFinding,
  BulkWaiveOptions,
  BulkWaiveRowFinding,
  BulkWaiveRows,
  BulkWaiveSetRow,
} from './bulkWaive/chosenRows.js';
export {
  type AccountBulkWaive,
  type BulkWaiveContext,
  bulkWaiveOfAccount,
} from './bulkWaive/bulkWaiveOfAccount.js';
export { type BulkWaive, planBulkWaive, runBulkWaive } from './bulkWaive/runBulkWaive.js';
export { bulkWaiveCsv, bulkWaiveJsonLines, type BulkWaiveTotals } from './bulkWaive/bulkWaiveReport.js';

// Notices: tell patrons what was charged, paid, waived, and what they owe.

export {
  type NoticeFinding,
  type NoticePatron,
  type NoticesForm,
  type NoticesOptions,
  type NoticesPlanOptions,
  type NoticesReport,
  planNotices,
  runNotices,
} from './notices/runNotices.js';
export type { Notice, NoticeFee, NoticeInstalment } from '../notices/notice.js';
export { type NoticeOptions, noticesOf } from '../notices/noticesOf.js';
export { noticeHtml, noticeText, type NoticeTextOptions, type NoticeWords } from '../notices/noticeLetter.js';
export type { NoticeSent } from '../office/notices/noticeSent.js';

// Erase: the texts of what is settled, and whole accounts.

export type { PurgeForm, RetentionForm } from './retention/retentionForm.js';
export type { ErasingStores, ErasureOptions, ErasureReport, ErasureResult } from './retention/erasure.js';
export {
  planRetention,
  type RetainedAccount,
  type RetentionOptions,
  type RetentionReport,
  type RetentionResult,
  runRetention,
} from './retention/runRetention.js';
export type { RetainedRow, RetentionReason, RetentionRow } from './retention/settledRows.js';
export type { PurgeReason } from './retention/purgeGroup.js';
export type { PolicyNotRecorded } from './retention/purgePolicy.js';
export {
  type PurgedAccount,
  type PurgeJobOptions,
  type PurgeReport,
  type PurgeResult,
  planPurge,
  runPurge,
} from './retention/runPurge.js';

// What all jobs share: options, progress, findings, the head of a report, files.

export type { AccountJobOptions, JobOptions, JobProgress, OfficeJobOptions } from '../job/job.js';
export type { JobActor, JobApprover, JobHead, JobOrder, JobReport, ReportForm } from '../job/jobHead.js';
export type { JobStores } from '../job/jobStores.js';
export type { DayPeriod } from '../job/period.js';
export type {
  AccountBusy,
  AccountFinding,
  AccountUnreadable,
  OfficeFinding,
  StreamFinding,
} from '../job/accountFinding.js';
export type { CountedAmount, FindingOptions, FindingsReport } from '../job/tallies.js';
export type { CsvOptions, Lines } from '../job/csv.js';
export { writeTextFile } from '../job/textFile.js';
