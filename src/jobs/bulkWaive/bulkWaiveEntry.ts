import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { oneByOneField } from '../../input/iterable.js';
import { type AccountFinding, busy, otherCurrency } from '../../job/accountFinding.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { NotWaived } from './notWaived.js';

/** Data of a patron from the library system that is not in the account. */
export type DirectoryPatron = {
  /** The institution, in a directory of several; the job's institution if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group: string;
  /** Whether a loan of the patron is overdue now. */
  readonly hasOverdueLoans: boolean;
};

/**
 * Patrons one by one: a list, the rows of a query, the lines of a file. If a patron is repeated, the first entry
 * counts.
 */
export type PatronDirectory = AsyncIterable<DirectoryPatron> | Iterable<DirectoryPatron>;

/** The schema of a directory, without its entries. */
export const directoryField = oneByOneField<PatronDirectory>('patrons one after the other');

const expected = { group: 'a user group', hasOverdueLoans: 'true or false' };

/** The schemas of the fields of a directory's entry. Unknown fields are ignored. */
export const directoryPatronFields = {
  institution: v.optional(nameField),
  patronId: nameField,
  group: v.string(expected.group),
  hasOverdueLoans: v.boolean(expected.hasOverdueLoans),
};

/** One fee of a patron in a bulk waive. Amounts are decimal strings. */
export type BulkWaiveFee = {
  /** The fee. */
  readonly feeId: string;
  /** The type's code. */
  readonly feeType: string;
  /** The amount owed on it before. */
  readonly owed: string;
  /** The amount waived: everything owed, or nothing. */
  readonly waived: string;
  /** Whether the waiver is a credit that does not reduce the remaining amount, as on a lost item's fee. */
  readonly asCredit: boolean;
  /** Whether the waiver is a write-off, by its reason. */
  readonly writeOff: boolean;
  /**
   * Why it is not waived, or null: its type was not chosen, it was assessed on other days, it is not in the file, the
   * policy does not allow waiving its type, or does not have the type any more.
   */
  readonly because:
    | 'FeeTypeNotChosen'
    | 'CreatedOnOtherDays'
    | 'FeeNotInFile'
    | 'FeeTypeNotWaiveable'
    | 'FeeTypeUnknown'
    | null;
};

/** What a bulk waive does to one patron, or why it does nothing. */
export type BulkWaiveEntry = {
  /** The institution. */
  readonly institution: string;
  /** The patron's id; empty if the directory entry has none. */
  readonly patronId: string;
  /** The user group in the directory; null if the patron is not in the directory, or the entry is invalid. */
  readonly group: string | null;
  /** Whether a loan is overdue according to the directory; null if `group` is null. */
  readonly hasOverdueLoans: boolean | null;
  /**
   * The amount owed before, disputed fees included, credits not deducted: a decimal string. If an earlier run of this
   * job did it, before that run; {@link bulkWaiveOfAccount} does not know it then. Null if the account was not read.
   */
  readonly owed: string | null;
  /** The sum of the waivers, a decimal string. */
  readonly waived: string;
  /** Every fee with an amount owed; empty if the patron as a whole is left out. */
  readonly fees: readonly BulkWaiveFee[];
  /** Why nothing of the patron is waived, or null. */
  readonly because: NotWaived | null;
  /** Whether an earlier run of this job did it, so that nothing is done now. */
  readonly earlier: boolean;
};

/** The planned result for a patron. */
export type BulkWaivePlanned = {
  /** The planned sum of the waivers, a decimal string. */
  readonly waived: string;
  /** The name of the planned reason for waiving nothing, or null. */
  readonly because: string | null;
};

/** What a bulk waive did to one patron, and what was planned. */
export type BulkWaiveResult = BulkWaiveEntry & {
  /** The planned result; null if no plan was given. */
  readonly planned: BulkWaivePlanned | null;
  /** Whether the result differs from the plan: other fees, other amounts, another reason. */
  readonly differs: boolean;
};

/** A patron in the directory, or one missing from it. */
export type EntryPatron =
  | DirectoryPatron
  | {
      readonly institution?: string;
      readonly patronId: string;
      readonly group: null;
      readonly hasOverdueLoans: null;
    };

/** Returns the entry for a patron whose fees are not waived. */
export function notWaivedEntry(
  patron: EntryPatron,
  institution: string,
  digits: number,
  because: NotWaived,
): BulkWaiveEntry {
  return { ...waivedEntry(patron, institution, digits, null, []), because };
}

/** Returns the entry for a patron whose fees are waived. */
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

/** Returns the finding of an account that could not be processed; null for all other entries. */
export function findingOf({ institution, patronId, because }: BulkWaiveEntry): AccountFinding | null {
  const stream = { institution, patronId };
  if (because?.type === 'AccountBusy') return busy(stream);
  if (because?.type === 'AccountUnreadable')
    return { ...stream, code: because.code, message: because.message };
  if (because?.type !== 'AccountInOtherCurrency') return null;
  return otherCurrency(stream, because.accountCurrency, because.policyCurrency);
}
