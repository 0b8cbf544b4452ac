import { transactionLabels } from '../../views/transactionKinds.js';
import type { StatementKind } from './statementMovement.js';

/** The words of a statement. Amounts, dates and times follow the locale instead. */
export type StatementWords = {
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
  /** The header of the balances after each movement. */
  readonly balance: string;
  /** The label of the opening balance. */
  readonly opening: string;
  /** The label of the closing balance. */
  readonly closing: string;
  /** The label of the disputed part of a balance. */
  readonly disputed: string;
  /** The label of the amount pending at an external billing system. */
  readonly transferred: string;
  /** The name of each kind of movement. */
  readonly kinds: Readonly<Record<StatementKind, string>>;
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
  signs: 'A negative amount lowers what is owed; a negative balance is in your favor.',
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
};
