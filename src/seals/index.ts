/**
 * Closed books: seals, which prove that nothing was changed, and the files of each month.
 *
 * @stability may change
 * @module closing
 */

// Seals: prove that nothing was changed since.

export type {
  MonthClosed,
  MonthFile,
  PeriodSealed,
  PurgeRecorded,
  SealEvent,
  SealHead,
  SealedSum,
} from '../office/seals/sealEvents.js';
export type { SealedCsvOptions, SealMark } from '../office/seals/sealMark.js';
export type { KnownSealFinding, SealFinding, SealFindingCode } from './sealFinding.js';
export type {
  SealFileExists,
  SealForm,
  SealMonthLeftOut,
  SealNotAfterLast,
  SealTermsDiffer,
  SealTooEarly,
} from './sealForm.js';
export type { BooksDiffer, SealRejection } from './sealRejection.js';
export type { SealReport, SealResult } from './sealReport.js';
export type { VerifySignature } from './sealBook.js';
export type { SealOptions } from './sealPeriod.js';
export { sealPeriod } from './sealPeriod.js';
export type { VerifiedSeals, VerifySealsForm, VerifySealsOptions } from './verifySeals.js';
export { verifySeals } from './verifySeals.js';

// Closed months: their files, and whether they still agree with the books.

export type {
  MonthFileFinding,
  VerifiedMonthFiles,
  VerifyMonthFilesForm,
} from '../jobs/closing/verifyMonthFiles.js';
export { verifyMonthFiles } from '../jobs/closing/verifyMonthFiles.js';
export type {
  ClosedMonth,
  CloseMonthForm,
  CloseMonthOptions,
  CloseMonthResult,
} from '../jobs/closing/closeMonth.js';
export { closeMonth } from '../jobs/closing/closeMonth.js';
export type { ExpectedItem } from '../jobs/bank/expectedItems.js';
export type { MissingInMonth, Several, TillDifference } from '../jobs/closing/missingInMonth.js';
