import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { dateField, instantField } from '../../input/instant.js';
import { oneByOneField } from '../../input/iterable.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { StreamFinding } from '../../job/accountFinding.js';
import type { JobOptions } from '../../job/job.js';
import { type JobReport, orderFields } from '../../job/jobHead.js';
import { endsAfterBeginning } from '../../job/period.js';
import type { CountedAmount, FindingOptions } from '../../job/tallies.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import { bankField } from '../../office/bank/executeBank.js';
import { commandUserField } from '../../office/officeFields.js';
import type { TillCommandActor } from '../../office/till/tillCommands.js';
import type { BankEntry } from './bankEntry.js';
import type { BankStatement } from './bankStatement.js';

/** The statement and the books that are compared. */
export type BankReconciliationForm = {
  /** The institution. */
  readonly institution: string;
  /** The account at the bank, by a name of the library's own, e.g. `GIRO`. */
  readonly bank: string;
  /**
   * The account as the statement names it, e.g. its IBAN; blanks and case do not count. Entries of other accounts are
   * left out and counted; entries without an account are compared.
   *
   * @defaultValue the first account that an entry names
   */
  readonly account?: string;
  /** The library's time zone, an IANA name: deposits have days in this zone. */
  readonly timeZone: string;
  /**
   * The first day of deposits, returned payments and remittances that the bank should have, a local date `YYYY-MM-DD`.
   */
  readonly from: string;
  /** The last day, inclusive. */
  readonly through: string;
  /**
   * The number of days that the bank may take.
   *
   * @defaultValue 7
   */
  readonly withinDays?: number;
  /**
   * The payment methods whose payments the bank returns, such as cheques: their reversals without a till session are
   * expected in the statement. All accounts are read for them.
   *
   * @defaultValue none
   */
  readonly returnedMethods?: readonly string[];
  /**
   * What becomes of entries that nothing explains: findings, or nothing, for a bank account that others use too: then the
   * books are not compared with balances.
   *
   * @defaultValue `'report'`
   */
  readonly otherEntries?: 'report' | 'ignore';
  /**
   * Whether confirmed entries are recorded, and so posted. `false` only compares.
   *
   * @defaultValue true
   */
  readonly record?: boolean;
  /** Names the job; none if left out. */
  readonly jobId?: string;
  /** When it was ordered, ISO 8601 with a zone; recorded in the events. */
  readonly at: string;
  /** Who ordered it: a known user. Recorded in the events. */
  readonly by: TillCommandActor;
  /** Why; none if left out. */
  readonly reason?: string;
};

/** Options of {@link runBankReconciliation}. */
export type BankReconciliationOptions = Omit<JobOptions, 'shard'> &
  FindingOptions<BankFinding> & {
    /** The entries of the statements: of {@link readCamt053}, {@link bankRows}, or your own. */
    readonly entries:
      | AsyncIterable<BankEntry | BankStatement | UnreadableRow>
      | Iterable<BankEntry | BankStatement | UnreadableRow>;
  };

/**
 * A difference between the books and the bank's statement.
 *
 * - `NOT_AT_BANK`: an item, or the rest of a partly confirmed item, is older than `withinDays`, and no entry confirms
 *   it. If the money will never come, end the item with `EndBankItem`.
 * - `AMOUNT_DIFFERS`: an entry names the reference of items whose sum is another amount. Find out why, and confirm it
 *   by hand with `ConfirmBankEntry`, as a part of the item (`of`), or with a `difference`.
 * - `ENTRY_UNKNOWN`: an entry fits no item, and no rule of the policy books it; or a rule booked it, and a person undid
 *   the booking. Book it by hand with `BookBankEntry`.
 * - `ENTRY_AMBIGUOUS`: an entry may be one of several items. Confirm it by hand.
 * - `ENTRY_PROPOSED`: an entry has the amount of its items, but it is not certain that it means them: it names
 *   something else; or it has no reference of the bank and is of a day that another statement had; or it has the amount
 *   of the rest of a partly confirmed item. Confirm it by hand if it is right.
 * - `OTHER_ACCOUNT`: the statement has several accounts, and the form names none. Entries of this account were not
 *   compared. One finding for each such account.
 * - `CONFIRMED_TWICE`: two accounts at banks together have confirmed more than the amount of an item. Undo the wrong
 *   confirmation with `ReverseBankRecord`.
 * - `CONFIRMED_WRONGLY`: an entry confirms a deposit, a remittance or a returned payment that the books do not have,
 *   e.g. a remittance that was reversed since, or have with another amount. Undo the confirmation. Not checked if a
 *   stream of the office or the account of the returned payment cannot be read, or if that account was purged.
 * - `OTHER_CURRENCY`: an entry in another currency than the policy's.
 * - `BALANCE_DIFFERS`: the closing balance of a statement is not the sum of its opening balance and its entries; or,
 *   for a day of a statement, the books have an entry that no statement has, or that a statement has with another
 *   amount or day.
 * - `STATEMENT_GAP`: the opening balance of a statement is not the closing balance of the one before, or numbers are missing
 *   between them.
 * - `STATEMENT_TWICE`: two statements of a year have the same number, but different entries.
 * - `ENTRY_REFUSED`: the entry was not recorded, e.g. because of a permission.
 * - `ENTRY_UNREADABLE`: a row of the statement cannot be read.
 */
export type BankFinding =
  | StreamFinding
  | {
      /** The kind of the finding. */
      readonly code:
        | 'NOT_AT_BANK'
        | 'AMOUNT_DIFFERS'
        | 'ENTRY_UNKNOWN'
        | 'ENTRY_AMBIGUOUS'
        | 'ENTRY_PROPOSED'
        | 'OTHER_ACCOUNT'
        | 'CONFIRMED_TWICE'
        | 'CONFIRMED_WRONGLY'
        | 'OTHER_CURRENCY'
        | 'BALANCE_DIFFERS'
        | 'STATEMENT_GAP'
        | 'STATEMENT_TWICE'
        | 'ENTRY_REFUSED'
        | 'ENTRY_UNREADABLE';
      /** The institution. */
      readonly institution: string;
      /** The entry; null if no entry is involved. */
      readonly entry: BankEntry | null;
      /** The items that are involved. */
      readonly items: readonly BankItem[];
      /** The finding in one sentence. */
      readonly message: string;
    };

/** What a statement confirmed. */
export type BankFigures = {
  /** Entries of the statement; parts count as entries of their own where they were matched alone. */
  readonly entries: number;
  /** Entries that were confirmed or booked before. */
  readonly known: number;
  /** Entries of other accounts; they are in no other figure. */
  readonly otherAccounts: number;
  /** Items that this statement confirmed, by kind. */
  readonly confirmed: Readonly<Record<BankItem['kind'], CountedAmount>>;
  /** The entries that this statement confirmed, by how their items were found. */
  readonly matchedBy: Readonly<Record<'reference' | 'amount', CountedAmount>>;
  /** Entries that rules of the policy booked as the bank's own, signed. */
  readonly booked: CountedAmount;
  /** Items that no statement has, and that are not late yet. */
  readonly pending: CountedAmount;
  /** Items that no statement has, and that are late. */
  readonly missing: CountedAmount;
};

/** The report of {@link runBankReconciliation}. */
export type BankReconciliation = JobReport<BankFinding> & BankFigures;

/** The schema of a form. */
export const bankReconciliationFormSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...orderFields,
    institution: nameField,
    bank: bankField,
    account: v.exactOptional(nameField),
    timeZone: timeZoneField,
    from: dateField,
    through: dateField,
    withinDays: v.optional(wholeNumber(0), 7),
    returnedMethods: v.optional(v.array(nameField), []),
    otherEntries: v.optional(v.picklist(['report', 'ignore']), 'report'),
    record: v.optional(v.boolean('true or false'), true),
    at: instantField,
    by: commandUserField,
  }),
  endsAfterBeginning(),
);

/** The schema of the entries. */
export const entriesField = oneByOneField<BankReconciliationOptions['entries']>('the entries of a statement');
