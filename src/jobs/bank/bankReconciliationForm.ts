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
import type { ExpectedItem } from './expectedItems.js';

/** One entry of a bank's statement: money that came into the account or left it. */
export type BankEntry = {
  /** Identifies the entry in its account: the same in every statement that has it, if the bank gives it a reference. */
  readonly entryId: string;
  /** The account, e.g. its IBAN; null if the statement does not say. */
  readonly account: string | null;
  /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** The amount, a decimal string: above 0 if it came in, below 0 if it left. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** All texts that may name a payment: references, the remittance information, a cheque's number. */
  readonly references: readonly string[];
  /** Its parts, if the bank booked several payments as one entry. */
  readonly parts: readonly BankEntryPart[];
};

/** One of the payments that a bank booked as one entry. */
export type BankEntryPart = Pick<BankEntry, 'amount' | 'references'>;

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
   * What becomes of entries that name nothing of the library: findings, or nothing, for a bank account that others use too.
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
    readonly entries: AsyncIterable<BankEntry | UnreadableRow> | Iterable<BankEntry | UnreadableRow>;
  };

/**
 * A difference between the books and the bank's statement.
 *
 * - `NOT_AT_BANK`: an item, or the rest of a partly confirmed item, is older than `withinDays`, and no entry confirms
 *   it. If the money will never come, end the item with `EndBankItem`.
 * - `AMOUNT_DIFFERS`: an entry names a reference, but is neither one whole item of it nor all that it names. Find out
 *   why, and confirm it by hand with `ConfirmBankEntry`, as a part of the item (`of`), or with a `difference`.
 * - `ENTRY_UNKNOWN`: an entry names nothing that is open. Confirm it by hand with an item of `openItems`, or book it with
 *   `BookBankEntry`.
 * - `ENTRY_AMBIGUOUS`: an entry names a reference, and may be one of several of its items. Confirm it by hand.
 * - `OTHER_ACCOUNT`: the statement has several accounts, and the form names none. Entries of this account were not
 *   compared. One finding for each such account.
 * - `CONFIRMED_TWICE`: two accounts at banks together have confirmed more than the amount of an item. Undo the wrong
 *   confirmation with `ReverseBankRecord`.
 * - `CONFIRMED_WRONGLY`: an entry confirms a deposit, a remittance or a returned payment that the books do not have,
 *   e.g. a remittance that was reversed since, or have with another amount. Undo the confirmation. Not checked if a
 *   stream of the office or the account of the returned payment cannot be read, or if that account was purged.
 * - `OTHER_CURRENCY`: an entry in another currency than the policy's.
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
        | 'OTHER_ACCOUNT'
        | 'CONFIRMED_TWICE'
        | 'CONFIRMED_WRONGLY'
        | 'OTHER_CURRENCY'
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
  /** Entries of the statement; parts count as entries of their own where they were matched one by one. */
  readonly entries: number;
  /** Entries that were confirmed or booked before. */
  readonly known: number;
  /** Entries of other accounts; they are in no other figure. */
  readonly otherAccounts: number;
  /** Items that this statement confirmed, by kind. */
  readonly confirmed: Readonly<Record<BankItem['kind'], CountedAmount>>;
  /** Items that no statement has, and that are not late yet. */
  readonly pending: CountedAmount;
  /** Items that no statement has, and that are late. */
  readonly missing: CountedAmount;
  /** What is pending or missing, the oldest first: the first 1,000 items, or what parts left of them. */
  readonly openItems: readonly ExpectedItem[];
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
