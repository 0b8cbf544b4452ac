import * as v from 'valibot';
import type { Status } from '../account/fee.js';
import { checkedArgument } from '../input/checkedArgument.js';
import type { PlanWords } from './planFormat.js';
import { type ReaderFormat, type ReaderPlace, readerFields, readerFormat, wordsFor } from './readerFormat.js';

/** The words of an activity report. Amounts, dates and times follow the locale instead. */
export type ActivityReportWords = PlanWords & {
  /** The language of these words, a BCP 47 tag; screen readers use it. */
  readonly language: string;
  /** The writing direction of the words. */
  readonly direction: 'ltr' | 'rtl';
  /** The heading of the report. */
  readonly activityReport: string;
  /** Before the date of the report, and above the dates of fees. */
  readonly date: string;
  /** Before barcodes. */
  readonly barcode: string;
  /** Above the loans. */
  readonly loans: string;
  /** In place of the loans if the patron has none. */
  readonly noLoans: string;
  /** Above the titles of items. */
  readonly title: string;
  /** Above libraries. */
  readonly library: string;
  /** Beside a due date that has passed. */
  readonly overdue: string;
  /** Above the fees, before the library. */
  readonly fees: string;
  /** In place of the fees if none are open. */
  readonly noFees: string;
  /** In place of the library, for credits that belong to no library. */
  readonly noLibrary: string;
  /** Above the types of fees. */
  readonly type: string;
  /** In place of the type, for credits. */
  readonly credit: string;
  /** Above statuses. */
  readonly status: string;
  /** The names of the statuses. */
  readonly statuses: Readonly<Record<Status, string>>;
  /** Beside the status of a fine that still grows. */
  readonly accruing: string;
  /** Above the amounts that were charged. */
  readonly original: string;
  /** Above the amounts that remain. */
  readonly remaining: string;
  /** Above the amounts that were transferred and not settled yet. */
  readonly transferPending: string;
  /** Above comments. */
  readonly comment: string;
  /** Above the balances of the account. */
  readonly total: string;
  /** Before the active balance. */
  readonly activeBalance: string;
  /** Before the disputed balance. */
  readonly disputedBalance: string;
  /** Before the transferred balance. */
  readonly transferredBalance: string;
  /** Before what can be paid now. */
  readonly payable: string;
};

/** The English words of an activity report. */
export const englishReportWords: ActivityReportWords = {
  language: 'en',
  direction: 'ltr',
  activityReport: 'Activity report',
  date: 'Date',
  barcode: 'Barcode',
  loans: 'Loans',
  noLoans: 'No loans.',
  title: 'Title',
  library: 'Library',
  due: 'Due',
  overdue: 'Overdue',
  fees: 'Fees',
  noFees: 'No open fees.',
  noLibrary: 'No library in particular',
  type: 'Type',
  credit: 'Credit',
  status: 'Status',
  statuses: { active: 'Active', disputed: 'Disputed', transferred: 'Transferred', closed: 'Closed' },
  accruing: 'Still growing',
  original: 'Amount',
  remaining: 'Remaining',
  transferPending: 'Transferred',
  comment: 'Comment',
  total: 'Total',
  activeBalance: 'Active balance',
  disputedBalance: 'Disputed balance',
  transferredBalance: 'Transferred balance',
  payable: 'To pay now',
  paymentPlan: 'Payment plan',
  instalment: 'Instalment',
  stillToPay: 'Still to pay',
};

/** Options of {@link activityReportText} and {@link activityReportHtml}. */
export type ActivityReportOptions = ReaderPlace & {
  /**
   * Words with their `language`, that of the locale: a few that replace English ones, or a complete set in another
   * language.
   *
   * @defaultValue English words
   */
  readonly words?: Partial<ActivityReportWords>;
};

/** The words of a report, and functions that format its amounts and dates. */
export type ActivityReportFormat = ReaderFormat & {
  /** The words. */
  readonly words: ActivityReportWords;
};

const optionsSchema = v.object(readerFields);

/**
 * Checks the options and returns the words and formatting functions for the reader.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the runtime does not know the locale or
 * the time zone, or if the words are not in the language of the locale or not complete
 */
export function activityReportFormat(currency: string, options: ActivityReportOptions): ActivityReportFormat {
  const { words, ...place } = checkedArgument(optionsSchema, options, 'options');
  return { words: wordsFor(englishReportWords, words, place.locale), ...readerFormat(currency, place) };
}
