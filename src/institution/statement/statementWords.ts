import { transactionLabels } from '../../views/transactionKinds.js';
import type { StatementKind } from './statementMovement.js';

/** The words of a statement. Amounts, dates and times are not among them: they follow the locale. */
export type StatementWords = {
  /** The language of these words, a BCP 47 tag: what a screen reader speaks them in. */
  readonly language: string;
  /** The direction they are written in. */
  readonly direction: 'ltr' | 'rtl';
  /** The heading. */
  readonly statement: string;
  /** Before the barcode. */
  readonly barcode: string;
  /** Before where the period begins. */
  readonly from: string;
  /** Before where it ends. */
  readonly to: string;
  /** In place of where it begins, when it is at the first entry. */
  readonly beginning: string;
  /** In place of where it ends, when it is at the latest entry. */
  readonly latest: string;
  /** Before the number of an entry, where a period begins or ends at one. */
  readonly entry: string;
  /** What the sign of an amount says. */
  readonly signs: string;
  /** Above the movements. */
  readonly movements: string;
  /** Instead of movements, when there are none. */
  readonly noMovements: string;
  /** Above the dates on which things happened. */
  readonly date: string;
  /** Above the dates on which they were recorded. */
  readonly recorded: string;
  /** Above what happened. */
  readonly what: string;
  /** Above references. */
  readonly reference: string;
  /** Above comments. */
  readonly comment: string;
  /** Above the amounts. */
  readonly amount: string;
  /** Above the balances after each of them. */
  readonly balance: string;
  /** Before the opening balance. */
  readonly opening: string;
  /** Before the closing balance. */
  readonly closing: string;
  /** Before the disputed part of a balance. */
  readonly disputed: string;
  /** Before what an external billing system has. */
  readonly transferred: string;
  /** What each kind of movement is called. */
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
