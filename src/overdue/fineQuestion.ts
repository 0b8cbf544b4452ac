import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { digitsOf } from '../money/currency.js';
import { parseLooseAmount } from '../money/money.js';
import { percentOf } from '../money/rounding.js';
import { definedSchedule } from './defineCalendar.js';
import { definedFineRule } from './defineFineRule.js';
import type { FineRule, FineStep } from './fineRule.js';
import { amountOrZero } from './fineRuleSchema.js';
import type { LibraryCalendar } from './libraryCalendar.js';
import type { Schedule } from './schedule.js';

/** A late loan, with the rule, calendar and price for its fine. */
export type OverdueLoan = {
  /** When the loan was due, ISO 8601 with a zone. */
  readonly dueAt: string;
  /** When it was returned, renewed or lost; the current time if the loan is still out. ISO 8601 with a zone. */
  readonly until: string;
  /** The fine rule. */
  readonly rule: FineRule;
  /** The library's calendar, with its time zone. */
  readonly calendar: LibraryCalendar;
  /** The item's price in the currency of the rule, a decimal string. Needed only if the rule has a limit by price. */
  readonly price?: string;
  /** When the item was recalled, if it was; leave it out once the recall is cancelled. */
  readonly recalledAt?: string;
};

/** A checked late loan: instants in milliseconds since 1970, amounts in minor units. */
export type FineQuestion = {
  readonly dueAt: number;
  readonly until: number;
  readonly recalledAt: number;
  readonly rule: FineRule;
  readonly schedule: Schedule;
  readonly digits: number;
  /** The limit by price; `undefined` without a limit. */
  readonly priceLimit: bigint | undefined;
};

const loanSchema = v.pipe(
  plainObject,
  v.object({
    dueAt: instantField,
    until: instantField,
    recalledAt: v.optional(instantField),
  }),
);

/**
 * Checks a late loan.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function fineQuestion(loan: OverdueLoan): FineQuestion {
  const { dueAt, until, recalledAt } = checkedArgument(loanSchema, loan, 'loan');
  const rule = definedFineRule(loan.rule);
  const digits = digitsOf(rule.currency);
  const tickMs = precisionOf(rule);
  const instant = (text: string) => Math.floor(Date.parse(text) / tickMs) * tickMs;
  return {
    dueAt: instant(dueAt),
    until: instant(until),
    recalledAt: recalledAt === undefined ? Number.POSITIVE_INFINITY : instant(recalledAt),
    rule,
    schedule: definedSchedule(loan.calendar),
    digits,
    priceLimit: priceLimit(rule, loan.price, digits),
  };
}

/** Returns the precision of a rule's times, in milliseconds. */
export function precisionOf(rule: FineRule): number {
  return rule.precision === 'minute' ? 60_000 : 1_000;
}

function priceLimit(rule: FineRule, price: unknown, digits: number): bigint | undefined {
  const own =
    price === undefined
      ? 0n
      : looseMinor(checkedArgument(amountOrZero(rule.currency), price, 'loan.price'), digits);
  const cap = rule.priceCap;
  if (cap === null) return undefined;
  const known = own || (cap.defaultPrice === null ? 0n : looseMinor(cap.defaultPrice, digits));
  if (known > 0n) return BigInt(percentOf(Number(known), cap.percent));
  if (cap.withoutPrice === 'noLimit') return undefined;
  const fault = {
    path: 'loan.price',
    expected: "the item's price, since the rule limits the fine by it and has no price for items without one",
    found: price === undefined ? 'missing' : String(price),
  };
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `loan.price: expected ${fault.expected}, found ${fault.found}`,
    {
      faults: [fault],
    },
  );
}

/** The amount of each period in a range of numbers, in minor units. */
export type Step = { readonly from: number; readonly to: number; readonly each: bigint };

/** Parses an amount of a checked rule to minor units. */
export function looseMinor(amount: string, digits: number): bigint {
  return BigInt(Math.max(0, parseLooseAmount(amount, digits)));
}

/** Returns the steps of a checked rule. */
export function readSteps(steps: readonly FineStep[], digits: number): Step[] {
  return steps.map(({ from, to = Number.POSITIVE_INFINITY, amount }) => ({
    from,
    to,
    each: looseMinor(amount, digits),
  }));
}

/** Returns the parts of the steps after the first number, up to and including the second. */
export function stepsBetween(steps: readonly Step[], after: number, last: number): Step[] {
  return steps
    .map(({ from, to, each }) => ({ from: Math.max(from, after + 1), to: Math.min(to, last), each }))
    .filter(({ from, to }) => from <= to);
}

/** Returns the sum of the periods. */
export function costOf(steps: readonly Step[]): bigint {
  return steps.reduce((sum, { from, to, each }) => sum + each * BigInt(to - from + 1), 0n);
}

/** Returns the number of the next period with an amount above zero. */
export function nextCostly(steps: readonly Step[], after: number): number | undefined {
  const step = steps.find(({ to, each }) => each > 0n && to > after);
  return step && Math.max(step.from, after + 1);
}
