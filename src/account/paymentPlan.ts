import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { DAY_MS, dateField, instantOf } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { amountSchema } from '../money/amountSchema.js';
import { digitsOf, minorDigits } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import { splitProportionally } from '../money/split.js';
import { type Fee, owed } from './fee.js';
import { findFee, type PatronAccount } from './patronAccount.js';
import type { PaymentPlan, PlanEndCause } from './records.js';
import type { Transaction } from './transaction.js';

/**
 * The status of a payment plan. `running` and `fulfilled` are derived, never stored: if a payment of a fulfilled plan
 * is reversed, the plan runs again.
 *
 * - `running`: something is owed on its fees.
 * - `fulfilled`: nothing is owed on its fees.
 * - `cancelled`, `defaulted`: a person ended it.
 */
export type PaymentPlanStatus = 'running' | 'fulfilled' | PlanEndCause;

/** Returns what was owed on the fees of a plan when it was agreed, in minor units. */
export function planTotal({ instalments }: Pick<PaymentPlan, 'instalments'>): number {
  return instalments.reduce((sum, { amount }) => sum + amount, 0);
}

/** Returns what is owed on the fees of a plan now, in minor units. */
export function planOwed(account: PatronAccount, { feeIds }: Pick<PaymentPlan, 'feeIds'>): number {
  return feeIds.reduce((sum, feeId) => sum + owed(findFee(account, feeId) as Fee), 0);
}

/** Returns the status of a plan, given what is owed on its fees now. */
export function planStatus({ endCause }: Pick<PaymentPlan, 'endCause'>, owedNow: number): PaymentPlanStatus {
  return endCause ?? (owedNow === 0 ? 'fulfilled' : 'running');
}

/**
 * Returns what should have been paid by the end of a day, in minor units.
 *
 * @param plan - a payment plan
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function planDueUntil({ instalments }: Pick<PaymentPlan, 'instalments'>, on: string): number {
  return instalments.reduce((sum, { dueOn, amount }) => (dueOn <= on ? sum + amount : sum), 0);
}

/**
 * Returns by how much the patron would be behind a plan at the end of a day if nothing were disputed, in minor units:
 * what was due until then, less what the owed amount has decreased by. If more is owed than when it was agreed (a
 * payment bounced), the excess is due too.
 *
 * @param plan - a payment plan
 * @param owedNow - what is owed on its fees, in minor units
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function planBehind(plan: Pick<PaymentPlan, 'instalments'>, owedNow: number, on: string): number {
  return Math.max(0, planDueUntil(plan, on) - (planTotal(plan) - owedNow));
}

/**
 * Returns by how much the patron is behind a plan at the end of a day, in minor units. What nobody may pay is not due:
 * of disputed fees, only what was due before the day of the dispute (UTC). So a dispute neither makes nor heals a
 * delay.
 *
 * @param account - the account of the plan
 * @param plan - a payment plan
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function behindPlan(account: PatronAccount, plan: PaymentPlan, on: string): number {
  const fees = plan.feeIds.map((feeId) => findFee(account, feeId) as Fee);
  const owedNow = planOwed(account, plan);
  const disputed = fees.filter((fee) => fee.disputed).map((fee) => ({ fee, before: dayBeforeDispute(fee) }));
  let behind = 0;
  // Earliest dispute first: what was due before it can be due on any of the fees, what was due since then only on others.
  for (const { fee, before } of disputed.sort((a, b) => (a.before < b.before ? -1 : 1)))
    behind = Math.min(behind + owed(fee), planBehind(plan, owedNow, before));
  const payable = fees.reduce((sum, fee) => (fee.disputed ? sum : sum + owed(fee)), 0);
  return Math.min(behind + payable, planBehind(plan, owedNow, on));
}

/** Returns the day before the one on which the open dispute of a fee began, in UTC. */
function dayBeforeDispute({ disputeId, transactions }: Fee): string {
  const { at } = transactions.find(({ kind, id }) => kind === 'disputed' && id === disputeId) as Transaction;
  return new Date(instantOf(at) - DAY_MS).toISOString().slice(0, 10);
}

const INSTALMENTS_MAX = 600;

/** One instalment of a payment plan, as commands and events give it. */
export type Instalment = {
  /** The last day for paying it, a local date of the library, `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** What {@link instalmentsOf} divides, and how. */
export type InstalmentTerms = {
  /** The amount to divide, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** How many instalments, 1 to 600. */
  readonly number: number;
  /** The day of the first instalment, a local date `YYYY-MM-DD`. */
  readonly firstDueOn: string;
  /** The time between two instalments, in days or in months. */
  readonly interval:
    | {
        /** The number of days, 1 to 366. */
        readonly days: number;
      }
    | {
        /** The number of months, 1 to 12. In a month without the first instalment's day, the last day counts. */
        readonly months: number;
      };
};

const upTo = (most: number) => {
  const expected = `a whole number from 1 to ${most}`;
  return v.pipe(wholeNumber(1), v.maxValue(most, expected));
};

const termsSchema = onlyFields({
  amount: v.string('a decimal string'),
  currency: v.pipe(
    v.string('an ISO 4217 code'),
    v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
  ),
  number: upTo(INSTALMENTS_MAX),
  firstDueOn: dateField,
  interval: v.union(
    [v.strictObject({ days: upTo(366) }), v.strictObject({ months: upTo(12) })],
    '{ days } from 1 to 366, or { months } from 1 to 12',
  ),
});

/**
 * Divides an amount into equal instalments for {@link AgreePaymentPlan}. They add up to the amount exactly; the
 * smallest units that are left over go to the first instalments.
 *
 * @param terms - the amount, the number of instalments, the first day, and the interval
 * @returns the instalments, by date
 * @throws {@link PatronFeesError} `INVALID_ARGUMENT` with every fault in `details.faults`, including if the amount has
 * too few units for the number of instalments or a day is after the year 9999
 *
 * @example
 * ```ts
 * import { instalmentsOf } from 'patron-fees';
 *
 * const terms = { amount: '100.00', currency: 'USD', number: 3 };
 * instalmentsOf({ ...terms, firstDueOn: '2026-01-31', interval: { months: 1 } });
 * //=> [{ dueOn: '2026-01-31', amount: '33.34' }, { dueOn: '2026-02-28', amount: '33.33' }, { dueOn: '2026-03-31', amount: '33.33' }]
 * ```
 */
export function instalmentsOf(terms: InstalmentTerms): readonly Instalment[] {
  const { amount, currency, number, firstDueOn, interval } = checkedArgument(termsSchema, terms, 'terms');
  const digits = digitsOf(currency);
  const total = parseAmount(checkedArgument(amountSchema(digits), amount, 'terms.amount'), digits);
  checkedArgument(
    v.pipe(v.number(), v.maxValue(total, `at most ${total}, one for each unit of the amount`)),
    number,
    'terms.number',
  );
  return splitProportionally(total, new Array<number>(number).fill(1)).map((minor, index) => ({
    dueOn: checkedArgument(dateField, laterDay(firstDueOn, interval, index), 'terms: the last instalment'),
    amount: formatAmount(minor, digits),
  }));
}

/** Returns the date that is a number of intervals after a date. */
function laterDay(first: string, interval: InstalmentTerms['interval'], times: number): string {
  const [year, month, day] = first.split('-').map(Number) as [number, number, number];
  // `Date.UTC` treats years below 100 as years of the twentieth century.
  const date = new Date(0);
  if ('days' in interval) date.setUTCFullYear(year, month - 1, day + interval.days * times);
  else {
    date.setUTCFullYear(year, month + interval.months * times, 0);
    date.setUTCDate(Math.min(day, date.getUTCDate()));
  }
  return date.toISOString().slice(0, -'T00:00:00.000Z'.length);
}
