import * as v from 'valibot';
import { type AccrualEndCause, accrualEndCauses } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import type { AccrueFine } from '../../account/commands/feeCommands.js';
import { COMMAND_ID_LENGTH_MAX, itemField, nameField } from '../../account/fieldSchemas.js';
import { type Fault, isPatronFeesError } from '../../errors.js';
import { compareInstants } from '../../history/instants.js';
import { parsed } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { definedFineRule } from '../../overdue/defineFineRule.js';
import type { OverdueLoan } from '../../overdue/fineQuestion.js';
import type { FineRule } from '../../overdue/fineRule.js';
import type { LibraryCalendar } from '../../overdue/libraryCalendar.js';
import { overdueAmount } from '../../overdue/overdueFine.js';
import type { CheckedAccrualForm } from './accrualForm.js';

/** A loan that is or was overdue, with the data of the library system that an accrual job needs. */
export type AccruingLoan = {
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The loan's id. The id of the fee is made of it and `renewals`: {@link overdueFeeId}. */
  readonly loanId: string;
  /**
   * The number of renewals, if renewed loans keep their id. Each renewal starts its own fine.
   *
   * @defaultValue 0
   */
  readonly renewals?: number;
  /** When the loan was due, ISO 8601 with a zone. If the due date moves (recall, closing), the fee keeps its id. */
  readonly dueAt: string;
  /** The library that owns the fee. */
  readonly owner: string;
  /**
   * The fee type.
   *
   * @defaultValue the form's
   */
  readonly feeType?: string;
  /** The rule of the fine: a key of the form's `rules`, or a rule made by `defineFineRule`. */
  readonly rule: string | FineRule;
  /** The library's calendar: a key of the form's `calendars`, or a calendar made by `defineCalendar`. */
  readonly calendar: string | LibraryCalendar;
  /** The item's price, a decimal string. Needed only if the rule has a limit by price. */
  readonly price?: string;
  /** When the item was recalled; left out if it was not. */
  readonly recalledAt?: string;
  /** The item, for display. Recorded with the first charge. */
  readonly item?: Item;
  /**
   * The time up to which the loan counts as late: when it was returned (even if entered later), renewed, lost, or
   * claimed returned. At the latest the form's `at`.
   *
   * @defaultValue the form's `at`: the loan is still out
   */
  readonly until?: string;
  /** Why the fine stops growing after this; left out while it may still grow. */
  readonly ends?: AccrualEndCause;
  /**
   * Whether the fine is zero, e.g. because the library forgives it on renewal. What was charged is taken back.
   *
   * @defaultValue false
   */
  readonly forgiven?: boolean;
};

/** A loan with its computed fine, and the command that records it in the account. */
export type ComputedLoan = {
  /** The position of the loan in the stream, counted from 1. */
  readonly row: number;
  readonly loanId: string;
  readonly owner: string;
  readonly command: AccrueFine & { readonly total: string };
};

/** A loan whose fine cannot be computed. */
export type FaultyLoan = {
  readonly row: number;
  readonly patronId: string | null;
  readonly loanId: string | null;
  readonly faults: readonly Fault[];
};

const loanSchema = v.pipe(
  plainObject,
  v.object({
    patronId: nameField,
    loanId: nameField,
    renewals: v.optional(wholeNumber(0), 0),
    dueAt: instantField,
    owner: nameField,
    feeType: v.optional(nameField),
    rule: v.union([v.string(), plainObject], 'a key of form.rules, or a fine rule'),
    calendar: v.union([v.string(), plainObject], 'a key of form.calendars, or a calendar'),
    price: v.optional(v.string('a decimal amount')),
    recalledAt: v.optional(instantField),
    item: v.optional(itemField),
    until: v.optional(instantField),
    ends: v.optional(v.picklist(accrualEndCauses)),
    forgiven: v.optional(v.boolean(), false),
  }),
);

/** Computes the fine of a loan from the library system's data. Ignores unknown fields. */
export function computedLoan(
  input: unknown,
  row: number,
  form: CheckedAccrualForm,
): (ComputedLoan & { readonly patronId: string }) | FaultyLoan {
  const result = parsed(loanSchema, input);
  if ('faults' in result) {
    return {
      row,
      patronId: nameIn(input, 'patronId'),
      loanId: nameIn(input, 'loanId'),
      faults: result.faults,
    };
  }
  const { patronId, loanId, owner, renewals, feeType = form.feeType, item, ends, ...loan } = result.output;
  const faulty = (...faults: Fault[]): FaultyLoan => ({ row, patronId, loanId, faults });
  const feeId = overdueFeeId({ loanId, renewals });
  const id = `${form.jobId}/${feeId}`;
  if (id.length > COMMAND_ID_LENGTH_MAX) {
    const most = loanId.length - (id.length - COMMAND_ID_LENGTH_MAX);
    return faulty({
      path: 'loanId',
      expected: `at most ${most} characters`,
      found: `${loanId.length} characters`,
    });
  }
  const { until = form.at } = loan;
  if (compareInstants(until, form.at) > 0) {
    return faulty({ path: 'until', expected: `a time no later than the job's, ${form.at}`, found: until });
  }
  const rule = chosen<FineRule>(loan.rule, form.rules);
  if (rule === undefined) {
    return faulty({ path: 'rule', expected: 'a key of form.rules', found: String(loan.rule) });
  }
  const calendar = chosen<LibraryCalendar>(loan.calendar, form.calendars);
  if (calendar === undefined) {
    return faulty({ path: 'calendar', expected: 'a key of form.calendars', found: String(loan.calendar) });
  }
  const { dueAt, price, recalledAt } = loan;
  const optional = { ...(price !== undefined && { price }), ...(recalledAt !== undefined && { recalledAt }) };
  try {
    const known = definedFineRule(rule);
    if (known.currency !== form.currency) {
      return faulty({ path: 'rule.currency', expected: form.currency, found: known.currency });
    }
    const fine = fineOf({ dueAt, until, rule: known, calendar, ...optional }, loan, form.fines);
    const command = {
      type: 'AccrueFine' as const,
      id,
      at: form.at,
      by: form.by,
      metadata: { correlationId: form.jobId },
      feeId,
      feeType,
      total: loan.forgiven ? form.nothing : fine,
      owner,
      loanId,
      ...(item !== undefined && { item }),
      ...(ends !== undefined && { ends }),
    };
    return { row, patronId, loanId, owner, command };
  } catch (error) {
    if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
    const faults = error.details.faults as readonly Fault[];
    return faulty(...faults.map((fault) => ({ ...fault, path: fault.path.replace(/^loan\./, '') })));
  }
}

/** The most fines that are kept. */
const FINES_MAX = 10_000;

/** Computes a fine, unless it is known from a loan with the same dates, price, and keys of rule and calendar. */
function fineOf(
  loan: OverdueLoan,
  { rule, calendar }: { readonly rule: unknown; readonly calendar: unknown },
  known: Map<string, string>,
): string {
  if (typeof rule !== 'string' || typeof calendar !== 'string') return overdueAmount(loan);
  const { dueAt, until, price, recalledAt } = loan;
  const key = JSON.stringify([rule, calendar, dueAt, until, price, recalledAt]);
  const fine = known.get(key) ?? overdueAmount(loan);
  if (known.size >= FINES_MAX) known.clear();
  known.set(key, fine);
  return fine;
}

/** Returns the value of a key, or the value given in place of a key. */
function chosen<Value>(
  keyOrValue: string | Record<string, unknown>,
  known: ReadonlyMap<string, Value>,
): Value | undefined {
  return typeof keyOrValue === 'string' ? known.get(keyOrValue) : (keyOrValue as Value);
}

/** Returns a text field of an invalid loan, to identify it; null if it has none. */
function nameIn(input: unknown, field: 'patronId' | 'loanId'): string | null {
  const result = parsed(v.object({ [field]: v.string() }), input);
  return 'output' in result ? (result.output[field] as string) : null;
}

/**
 * Returns the id of the fee that an accrual job charges for a loan. Use it to find the fee of a loan, or to send the
 * final fine with `AccrueFine` when the loan is returned at the desk.
 *
 * @param loan - the loan's id and number of renewals
 * @returns `fine/`, the number of renewals, `/`, the loan's id; always the same for the same loan
 *
 * @example
 * ```ts
 * import { overdueFeeId } from 'patron-fees/jobs';
 *
 * overdueFeeId({ loanId: '4711' }); //=> 'fine/0/4711'
 * overdueFeeId({ loanId: '4711', renewals: 1 }); //=> 'fine/1/4711'
 * ```
 */
export function overdueFeeId({
  loanId,
  renewals = 0,
}: {
  /** The loan's id. */
  readonly loanId: string;
  /**
   * The number of renewals, if renewed loans keep their id.
   *
   * @defaultValue 0
   */
  readonly renewals?: number;
}): string {
  return `fine/${renewals}/${loanId}`;
}
