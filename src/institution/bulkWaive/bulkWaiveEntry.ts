import { formatAmount, parseAmount } from '../../money/money.js';
import type { DirectoryPatron } from '../patronDirectory.js';
import type { NotWaived } from './notWaived.js';

/** One fee of a patron in a bulk waive. Amounts are decimal strings. */
export type BulkWaiveFee = {
  /** The fee. */
  readonly feeId: string;
  /** The type's code. */
  readonly feeType: string;
  /** What was owed on it before; null where this job had waived it before. */
  readonly owed: string | null;
  /** What is waived of it: all that is owed, or nothing. */
  readonly waived: string;
  /** Whether the waiver is a credit and what remains is not reduced, as on a lost item's fee. */
  readonly asCredit: boolean;
  /**
   * Why it is not waived, or null: its type was not chosen, the policy does not let its type be waived, or does not know
   * the type any more.
   */
  readonly because: 'FeeTypeNotChosen' | 'FeeTypeNotWaiveable' | 'FeeTypeUnknown' | null;
};

/** What a bulk waive does to one patron, or why it does nothing. */
export type BulkWaiveEntry = {
  /** The institution. */
  readonly institution: string;
  /** The patron's id; empty where the directory gave none. */
  readonly patronId: string;
  /** The user group in the directory; null if the directory does not name the patron, or its entry is invalid. */
  readonly group: string | null;
  /** Whether the directory says that a loan is overdue; null where `group` is null. */
  readonly hasOverdueLoans: boolean | null;
  /**
   * All that was owed before, disputed or not, credits not deducted: a decimal string. Null where the account was not
   * looked at, or where this job had waived it before.
   */
  readonly owed: string | null;
  /** The sum of what is waived, a decimal string. */
  readonly waived: string;
  /** Every fee on which something was owed; none where nothing of the patron is waived as a whole. */
  readonly fees: readonly BulkWaiveFee[];
  /** Why nothing of the patron is waived, or null. */
  readonly because: NotWaived | null;
  /** Whether this job had done it before, in a run that ended early: then nothing new is done. */
  readonly earlier: boolean;
};

/** What a plan had said of a patron. */
export type BulkWaivePlanned = {
  /** The sum that it would waive, a decimal string. */
  readonly waived: string;
  /** The name of the reason why it would waive nothing, or null. */
  readonly because: string | null;
};

/** What a bulk waive did to one patron, beside what was planned. */
export type BulkWaiveResult = BulkWaiveEntry & {
  /** What the plan had said; null where no plan was given. */
  readonly planned: BulkWaivePlanned | null;
  /** Whether it came otherwise than planned: other fees, other amounts, another reason. */
  readonly differs: boolean;
};

/** A patron as the directory has them, or one whom it does not name. */
export type EntryPatron =
  | DirectoryPatron
  | {
      readonly institution?: string;
      readonly patronId: string;
      readonly group: null;
      readonly hasOverdueLoans: null;
    };

/** The entry of a patron of whom nothing is waived. */
export function notWaivedEntry(
  patron: EntryPatron,
  institution: string,
  digits: number,
  because: NotWaived,
): BulkWaiveEntry {
  return { ...waivedEntry(patron, institution, digits, null, []), because };
}

/** The entry of a patron of whom fees are waived. */
export function waivedEntry(
  { institution: its, patronId, group, hasOverdueLoans }: EntryPatron,
  institution: string,
  digits: number,
  owed: string | null,
  fees: readonly BulkWaiveFee[],
): BulkWaiveEntry {
  const sum = fees.reduce((minor, { waived }) => minor + parseAmount(waived, digits), 0);
  return {
    institution: its ?? institution,
    patronId,
    group,
    hasOverdueLoans,
    owed,
    waived: formatAmount(sum, digits),
    fees,
    because: null,
    earlier: false,
  };
}
