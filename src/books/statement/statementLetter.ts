import * as v from 'valibot';
import type { Moment } from '../../history/loadAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type SealMark, sealMarkField, sealMarkText } from '../../office/seals/sealMark.js';
import {
  free,
  freeDetail,
  freeEntry,
  type Letter,
  type Part,
  paragraph,
  type Row,
} from '../../views/letter.js';
import { letterHtml } from '../../views/letterHtml.js';
import { letterText } from '../../views/letterText.js';
import { type PlanWords, planParts } from '../../views/planParts.js';
import {
  type ReaderFormat,
  type ReaderPlace,
  readerFields,
  readerFormat,
  wordsFor,
} from '../../views/readerFormat.js';
import { transactionLabels } from '../../views/transactionKinds.js';
import type { AccountStatement, HouseholdStatement, HouseholdStatementBalances } from './accountStatement.js';
import type { StatementKind, StatementLine } from './statementLine.js';

/** The reader's locale, time zone and words for a written statement. */
export type StatementOptions = ReaderPlace & {
  /**
   * Words with their `language`, that of the locale: a few that replace English ones, or a complete set in another
   * language.
   *
   * @defaultValue English words
   */
  readonly words?: Partial<StatementWords>;
  /**
   * The seal of the month, named at the end of the statement.
   *
   * @defaultValue no seal is named
   */
  readonly seal?: SealMark;
};

const optionsSchema = v.object({
  ...readerFields,
  seal: v.optional(sealMarkField),
});

/** The words of a statement. Amounts, dates and times follow the locale instead. */
export type StatementWords = PlanWords & {
  /** The language of these words, a BCP 47 tag, for screen readers. */
  readonly language: string;
  /** The direction of the words. */
  readonly direction: 'ltr' | 'rtl';
  /** The heading. */
  readonly statement: string;
  /** The label before the barcode. */
  readonly barcode: string;
  /** The label before the beginning of the period. */
  readonly from: string;
  /** The label before its end. */
  readonly to: string;
  /** Shown as the beginning if the period starts at the first entry. */
  readonly beginning: string;
  /** Shown as the end if the period ends at the latest entry. */
  readonly latest: string;
  /** The word before an entry's number, if a period begins or ends at an entry. */
  readonly entry: string;
  /** The explanation of an amount's sign. */
  readonly signs: string;
  /** The label before the seal of the month. */
  readonly seal: string;
  /** The heading of the movements. */
  readonly movements: string;
  /** Shown if there are no movements. */
  readonly noMovements: string;
  /** The header of the dates of the events. */
  readonly date: string;
  /** The header of the dates of recording. */
  readonly recorded: string;
  /** The header of the descriptions. */
  readonly what: string;
  /** The header of the references. */
  readonly reference: string;
  /** The header of the comments. */
  readonly comment: string;
  /** The header of the amounts. */
  readonly amount: string;
  /** The label of a balance, and the header of those after each movement. */
  readonly balance: string;
  /** The heading of the opening balance. */
  readonly opening: string;
  /** The heading of the closing balance. */
  readonly closing: string;
  /** The label of the disputed part of a balance. */
  readonly disputed: string;
  /** The label of the amount pending at an external billing system. */
  readonly transferred: string;
  /** The name of each kind of movement. */
  readonly kinds: Readonly<Record<StatementKind, string>>;
  /** Added to a waiver that gave up the debt as a loss. */
  readonly writtenOff: string;
};

/** The English words of a statement. */
export const englishStatementWords: StatementWords = {
  language: 'en',
  direction: 'ltr',
  statement: 'Statement of account',
  barcode: 'Barcode',
  from: 'From',
  to: 'To',
  beginning: 'The first entry',
  latest: 'The latest entry',
  entry: 'Entry',
  signs: 'A negative amount lowers what is owed; a negative balance is in your favour.',
  seal: 'Seal',
  movements: 'Movements',
  noMovements: 'No movements.',
  date: 'Date',
  recorded: 'Recorded',
  what: 'What',
  reference: 'Reference',
  comment: 'Comment',
  amount: 'Amount',
  balance: 'Balance',
  opening: 'Opening balance',
  closing: 'Closing balance',
  disputed: 'Disputed part of it',
  transferred: 'Owed to an external billing system',
  kinds: transactionLabels,
  writtenOff: 'written off',
  paymentPlan: 'Payment plan',
  due: 'Due',
  instalment: 'Instalment',
  stillToPay: 'Still to pay',
};

/**
 * Returns a statement as a letter, for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 */
export function statementLetter(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): Letter {
  const { words: given, seal, ...place } = checkedArgument(optionsSchema, options, 'options');
  const words: StatementWords = wordsFor(englishStatementWords, given, place.locale);
  const format = readerFormat(statement.currency, place);
  const { patron, from, before, opening, closing, lines } = statement;
  const bound = (moment: Moment | null, otherwise: string) => {
    if (moment === null) return otherwise;
    return 'version' in moment ? `${words.entry} ${moment.version}` : format.moment(moment.recordedAt);
  };
  const table: Part = {
    kind: 'table',
    columns: [words.what, words.amount, words.balance],
    rows: lines.map((line) => lineRow(line, words, format)),
  };
  return {
    words,
    issuer: [],
    heading: [`${words.statement}: `, free(patron.name)],
    parts: [
      {
        kind: 'entries',
        entries: [
          ...freeEntry(words.barcode, patron.barcode),
          [words.from, bound(from, words.beginning)],
          [words.to, bound(before, words.latest)],
        ],
      },
      paragraph(words.signs, 'quiet'),
      ...balanceParts(words.opening, opening, words, format),
      { kind: 'heading', level: 2, text: words.movements },
      lines.length === 0 ? paragraph(words.noMovements) : table,
      ...balanceParts(words.closing, closing, words, format),
      ...planParts(statement.paymentPlans, words, format),
      ...(seal === undefined ? [] : [paragraph(`${words.seal}: ${sealMarkText(seal)}`, 'quiet')]),
    ],
  };
}

function balanceParts(
  title: string,
  { balance, disputed, transferred }: HouseholdStatementBalances,
  words: StatementWords,
  { amount }: ReaderFormat,
): readonly Part[] {
  return [
    { kind: 'heading', level: 2, text: title },
    {
      kind: 'amounts',
      amounts: [
        [words.balance, amount(balance)],
        [words.disputed, amount(disputed)],
        [words.transferred, amount(transferred)],
      ],
    },
  ];
}

function lineRow(line: StatementLine, words: StatementWords, { amount, moment }: ReaderFormat): Row {
  const { kind, writeOff, fees, methodLabel, destinationLabel, reasonLabel } = line;
  const fee = ({ feeTypeLabel, title }: (typeof fees)[number]) => [
    ', ',
    free(feeTypeLabel),
    ...(title ? [': ', free(title)] : []),
  ];
  const labels = [methodLabel, destinationLabel, reasonLabel].filter((text) => text !== null);
  const [at, recorded] = [moment(line.at), moment(line.recordedAt)];
  return {
    head: [
      words.kinds[kind],
      ...(writeOff ? [`, ${words.writtenOff}`] : []),
      ...fees.flatMap(fee),
      ...labels.flatMap((label) => [', ', free(label)]),
    ],
    details: [
      at,
      ...(recorded === at ? [] : [`${words.recorded}: ${recorded}`]),
      ...freeDetail(words.reference, line.reference),
      ...freeDetail(words.comment, line.comment),
    ],
    cells: [amount(line.amount), amount(line.balance)],
  };
}

/**
 * Formats a statement of account as plain text, for an e-mail or a printer.
 *
 * Titles, names and comments stay on their line and cannot change the direction of the text around them.
 *
 * @param statement - the statement of an account, or of several
 * @param options - the reader's locale and time zone, and words other than English
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement, statementText } from 'patron-fees/reports';
 *
 * const statement = accountStatement([], definePolicy({ currency: 'USD' }), { patron: { name: 'Ada Lovelace' } });
 * const text = statementText(statement, { locale: 'en-US', timeZone: 'America/New_York' });
 * text.split('\n')[0]; //=> 'Statement of account: Ada Lovelace'
 * ```
 */
export function statementText(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): string {
  return letterText(statementLetter(statement, options));
}

/**
 * Formats a statement of account as a complete HTML document, for an e-mail, a page or a printer: without scripts,
 * external styles or pictures, at most 600 pixels wide, in light or dark colours as the reader prefers.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. Screen readers get a
 * language, headings and headers for every cell. No meaning is conveyed by colour.
 *
 * @param statement - the statement of an account, or of several
 * @param options - the reader's locale and time zone, and words other than English
 * @returns the document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement, statementHtml } from 'patron-fees/reports';
 *
 * const statement = accountStatement([], definePolicy({ currency: 'USD' }), { patron: { name: 'Ada <Lovelace>' } });
 * const html = statementHtml(statement, { locale: 'en-US', timeZone: 'America/New_York' });
 * html.includes('Statement of account: <bdi>Ada &lt;Lovelace&gt;</bdi></h1>'); //=> true
 * ```
 */
export function statementHtml(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): string {
  return letterHtml(statementLetter(statement, options));
}
