import * as v from 'valibot';
import type { Status } from '../account/fee.js';
import { checkedArgument } from '../input/checkedArgument.js';
import type { ActivityReport, LibraryFees, ReportBalances } from './activityReport.js';
import type { FinesAndFeesRow } from './finesAndFeesRow.js';
import {
  type Amount,
  free,
  freeDetail,
  freeEntry,
  type Letter,
  type Part,
  paragraph,
  type Row,
} from './letter.js';
import { type PlanWords, planParts } from './planParts.js';
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
  /** Above the dates on which items are due back. */
  readonly dueBack: string;
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
  dueBack: 'Due',
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
  due: 'Due',
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

const optionsSchema = v.object(readerFields);

/**
 * Returns an activity report as a letter, for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the runtime does not know the locale or
 * the time zone, or if the words are not in the language of the locale or not complete
 */
export function activityReportLetter(report: ActivityReport, options: ActivityReportOptions): Letter {
  const { words: given, ...place } = checkedArgument(optionsSchema, options, 'options');
  const words: ActivityReportWords = wordsFor(englishReportWords, given, place.locale);
  const format = readerFormat(report.currency, place);
  const { patron, loans, libraries, balances } = report;
  const head = [...freeEntry(words.barcode, patron.barcode), [words.date, format.moment(report.at)]] as const;
  const total = [
    ...balancesOf(balances, words, format),
    [words.payable, format.amount(balances.payable)],
  ] as const;
  return {
    words,
    issuer: [],
    heading: [`${words.activityReport}: `, free(patron.name)],
    parts: [
      { kind: 'entries', entries: head },
      { kind: 'heading', level: 2, text: words.loans },
      loans.length === 0 ? paragraph(words.noLoans) : loansTable(loans, words, format),
      { kind: 'heading', level: 2, text: words.fees },
      ...(libraries.length === 0 ? [paragraph(words.noFees)] : []),
      ...libraries.flatMap((library) => feesParts(library, words, format)),
      ...planParts(report.paymentPlans, words, format),
      { kind: 'heading', level: 2, text: words.total },
      { kind: 'amounts', amounts: total, endsWithSum: true },
    ],
  };
}

function loansTable(
  loans: ActivityReport['loans'],
  words: ActivityReportWords,
  { moment }: ReaderFormat,
): Part {
  return {
    kind: 'table',
    columns: [words.title, words.dueBack],
    rows: loans.map(({ title, barcode, library, dueAt, overdue }) => ({
      head: free(title),
      details: [...freeDetail(words.barcode, barcode), ...(library === undefined ? [] : [free(library)])],
      cells: [dueAt === undefined ? '' : moment(dueAt)],
      alert: overdue ? words.overdue : undefined,
    })),
    wraps: true,
  };
}

function feesParts(
  { name, rows, balances }: LibraryFees,
  words: ActivityReportWords,
  format: ReaderFormat,
): readonly Part[] {
  return [
    { kind: 'heading', level: 3, text: name === null ? words.noLibrary : free(name) },
    {
      kind: 'table',
      columns: [words.type, words.original, words.remaining],
      rows: rows.map((row) => feeRow(row, words, format)),
    },
    { kind: 'amounts', amounts: balancesOf(balances, words, format) },
  ];
}

function feeRow(row: FinesAndFeesRow, words: ActivityReportWords, { amount, moment }: ReaderFormat): Row {
  const { item, comment, status, transferPending } = row;
  const grows = row.kind === 'fee' && row.accruing ? `, ${words.accruing}` : '';
  return {
    head: free(row.kind === 'credit' ? words.credit : row.typeLabel),
    details: [
      ...(item?.title ? [free(item.title)] : []),
      ...freeDetail(words.barcode, item?.barcode),
      `${moment(row.at)}, ${words.statuses[status]}${grows}`,
      ...(/[1-9]/.test(transferPending) ? [`${words.transferPending} ${amount(transferPending)}`] : []),
      ...freeDetail(words.comment, comment),
    ],
    cells: [amount(row.original), amount(row.remaining)],
  };
}

function balancesOf(
  balances: ReportBalances,
  words: ActivityReportWords,
  { amount }: ReaderFormat,
): readonly Amount[] {
  return [
    [words.activeBalance, amount(balances.active)],
    [words.disputedBalance, amount(balances.disputed)],
    [words.transferredBalance, amount(balances.transferred)],
  ];
}
