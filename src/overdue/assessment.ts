import { PatronFeesError } from '../errors.js';
import { AMOUNT_DIGITS_MAX } from '../money/money.js';
import { type Clock, clockFor, sameTime, timelinesOf } from './clock.js';
import {
  costOf,
  type FineQuestion,
  looseMinor,
  nextCostly,
  precisionOf,
  readSteps,
  type Step,
  stepsBetween,
} from './fineQuestion.js';
import type { FineGrace, FinePeriod, FineRule, FineStep, RecallTerms } from './fineRule.js';
import { graceMeasure } from './fineRuleSchema.js';
import type { Schedule } from './schedule.js';

/** The terms at a given time: the rule's own, or those of a recall. */
export type Terms = {
  readonly recalled: boolean;
  readonly clock: Clock;
  readonly period: FinePeriod;
  /** The number of the clock's units in a period. */
  readonly units: number;
  readonly grace: FineGrace | null;
  /** Nothing is charged before this instant. */
  readonly chargedFrom: number;
  /** Periods are counted from this instant, after the free units. */
  readonly countedFrom: number;
  readonly freeUnits: number;
  /** Returns the steps of all periods up to a number. */
  readonly stepsUpTo: (last: number) => readonly PartialStep[];
  readonly nextCostly: (after: number) => number | undefined;
  /** The maximum of the fine, and its minimum: the fine when a recall came. */
  readonly maximum: bigint | undefined;
  readonly minimum: bigint;
  /** The fine when a recall came; zero without a recall. */
  readonly fineBefore: bigint;
};

/** Periods with the same amount. */
export type PartialStep = Step & { readonly recalled: boolean };

/** The fine of a loan at one time. Amounts are minor units. */
export type FineAtTime = {
  readonly terms: Terms;
  /** The units that count, without grace that is not charged. */
  readonly counted: number;
  /** The number of periods charged. */
  readonly periods: number;
  readonly steps: readonly PartialStep[];
  readonly amount: bigint;
  /** The limit that was reached, and its amount. */
  readonly limit: { readonly by: 'maximum' | 'price'; readonly to: bigint } | undefined;
};

/** Computes the fine of one loan for any time. */
export type Assessment = {
  /** The due date, moved if the library is closed; `undefined` if the library never opens again. */
  readonly dueAt: number | undefined;
  readonly at: (instant: number) => FineAtTime;
  /** Returns when the amount changes next after an instant, and the new amount; `undefined` if it never changes. */
  readonly nextChange: (after: number) => { readonly at: number; readonly amount: bigint } | undefined;
};

const AMOUNT_LIMIT = 10n ** BigInt(AMOUNT_DIGITS_MAX);

/** Prepares the assessment of one loan. */
export function assess(question: FineQuestion): Assessment {
  const { rule, digits, recalledAt, priceLimit } = question;
  const tick = precisionOf(rule);
  const dueAt = movedDueDate(question);
  const due = dueAt ?? NEVER;
  const own = termsOf(question, due, rule, ownSteps(rule.steps, digits));
  const fineUnder = (terms: Terms, instant: number) => fineAt(terms, instant, rule, priceLimit);
  const recallTerms = (recall: RecallTerms): Terms => {
    const terms = termsOf(
      question,
      due,
      recall,
      stepsOf({ steps: readSteps(recall.steps, digits), recalled: true }),
    );
    const fineBefore = fineUnder(own, recalledAt).amount;
    if (recall.charges === 'allPeriods') return { ...terms, recalled: true, fineBefore };
    const steps = splitSteps(own, terms, periodsBegun(terms, recalledAt));
    return { ...terms, ...steps, recalled: true, fineBefore, minimum: fineBefore };
  };
  let whileRecalled: Terms | undefined;
  const termsAt = (instant: number): Terms => {
    if (rule.recalled === null || instant < recalledAt) return own;
    whileRecalled ??= recallTerms(rule.recalled);
    return whileRecalled;
  };
  const at = (instant: number): FineAtTime => fineUnder(termsAt(instant), instant);
  const nextChange = (after: number): ReturnType<Assessment['nextChange']> => {
    const terms = termsAt(after);
    const { periods, amount } = fineUnder(terms, after);
    const next = terms.nextCostly(periods);
    const rises =
      next !== undefined && limited(costOf(terms.stepsUpTo(next)), terms, priceLimit).amount !== amount;
    const reached = rises ? whenReached(terms, next, rule.charged) : undefined;
    const change = reached === undefined ? NEVER : Math.ceil(reached / tick) * tick;
    if (recalledAt > after && recalledAt <= change && recalledAt < NEVER) {
      const recalledAmount = at(recalledAt).amount;
      return recalledAmount === amount ? nextChange(recalledAt) : { at: recalledAt, amount: recalledAmount };
    }
    return change === NEVER ? undefined : { at: change, amount: at(change).amount };
  };
  return { dueAt, at, nextChange };
}

function movedDueDate({ rule, schedule, dueAt }: FineQuestion): number | undefined {
  if (rule.closedDueDate === 'stays') return dueAt;
  const { zone } = schedule;
  const day = zone.dayAt(dueAt);
  const { daysExcluded: openDates } = timelinesOf(schedule);
  if (openDates.openDays(day, day + 1) > 0) return dueAt;
  const next = openDates.nthOpenDay(day, 1);
  return next === undefined ? undefined : sameTime(zone, dueAt, next);
}

type Steps = Pick<Terms, 'stepsUpTo' | 'nextCostly'>;

function ownSteps(steps: readonly FineStep[], digits: number): Steps {
  return stepsOf({ steps: readSteps(steps, digits), recalled: false });
}

function stepsOf({
  steps,
  recalled,
}: {
  readonly steps: readonly Step[];
  readonly recalled: boolean;
}): Steps {
  return {
    stepsUpTo: (last) => stepsBetween(steps, 0, last).map((step) => ({ ...step, recalled })),
    nextCostly: (after) => nextCostly(steps, after),
  };
}

/** Returns the steps of the periods that began before a recall, and of those after it. */
function splitSteps(own: Steps, later: Steps, before: number): Steps {
  return {
    stepsUpTo: (last) => [
      ...own.stepsUpTo(Math.min(last, before)),
      ...later
        .stepsUpTo(last)
        .map((step) => ({ ...step, from: Math.max(step.from, before + 1) }))
        .filter(({ from, to }) => from <= to),
    ],
    nextCostly: (after) => {
      const next = own.nextCostly(after);
      return next !== undefined && next <= before ? next : later.nextCostly(Math.max(after, before));
    },
  };
}

function termsOf(
  question: FineQuestion,
  due: number,
  { period, grace, maximum }: Pick<FineRule, 'period' | 'grace' | 'maximum'>,
  steps: Steps,
): Terms {
  const { rule, schedule, digits } = question;
  const { measure, closedTime } = rule;
  const { clock, unitsPerUnit } = clockFor(schedule, { measure, closedTime, unit: period.unit });
  return {
    ...steps,
    recalled: false,
    clock,
    period,
    units: period.length * unitsPerUnit,
    grace,
    ...(due === NEVER
      ? { chargedFrom: due, countedFrom: due, freeUnits: 0 }
      : afterGrace(grace, due, clock, rule, schedule)),
    maximum: maximum === null ? undefined : looseMinor(maximum, digits),
    minimum: 0n,
    fineBefore: 0n,
  };
}

function countedUnits(terms: Terms, instant: number): { readonly completed: number; readonly begun: number } {
  if (instant <= terms.countedFrom) return { completed: 0, begun: 0 };
  const { completed, begun } = terms.clock.passed(terms.countedFrom, instant);
  return {
    completed: Math.max(0, completed - terms.freeUnits),
    begun: Math.max(0, begun - terms.freeUnits),
  };
}

/** Returns the number of periods that began before an instant. */
function periodsBegun(terms: Terms, instant: number): number {
  return Math.ceil(countedUnits(terms, instant).begun / terms.units);
}

function fineAt(terms: Terms, instant: number, rule: FineRule, priceLimit: bigint | undefined): FineAtTime {
  const { completed, begun } = countedUnits(terms, instant);
  const counted = rule.charged === 'started' ? begun : completed;
  const reached =
    rule.charged === 'started' ? Math.ceil(begun / terms.units) : Math.floor(completed / terms.units);
  const periods = instant < terms.chargedFrom ? 0 : reached;
  const steps = terms.stepsUpTo(periods);
  return { terms, counted, periods, steps, ...limited(costOf(steps), terms, priceLimit) };
}

/** Applies the maximum and the price limit to a sum. */
function limited(
  sum: bigint,
  { maximum, minimum }: Terms,
  priceLimit: bigint | undefined,
): Pick<FineAtTime, 'amount' | 'limit'> {
  const byPrice = priceLimit !== undefined && (maximum === undefined || priceLimit < maximum);
  const most = byPrice ? priceLimit : maximum;
  if (most === undefined || sum <= most || sum <= minimum) {
    if (sum < AMOUNT_LIMIT) return { amount: sum, limit: undefined };
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `rule.maximum: expected a maximum, since this fine has more than ${AMOUNT_DIGITS_MAX} digits in minor units, found none`,
      { faults: [{ path: 'rule.maximum', expected: 'a maximum', found: 'none' }] },
    );
  }
  const to = most > minimum ? most : minimum;
  return { amount: to, limit: { by: byPrice ? 'price' : 'maximum', to } };
}

/** Returns the first instant at which the given number of periods (1 or more) is charged. */
function whenReached(terms: Terms, periods: number, charged: FineRule['charged']): number | undefined {
  const { clock, units, countedFrom, freeUnits, chargedFrom } = terms;
  if (countedFrom === NEVER || chargedFrom === NEVER) return undefined;
  const reached =
    charged === 'started'
      ? clock.whenBegun(countedFrom, freeUnits + (periods - 1) * units + 1)
      : clock.whenCompleted(countedFrom, freeUnits + periods * units);
  return reached === undefined ? undefined : Math.max(reached, chargedFrom);
}

/** An instant after all others. */
export const NEVER = Number.POSITIVE_INFINITY;

/** The beginning of a fine after grace. */
export type AfterGrace = {
  /** Nothing is charged before this instant. */
  readonly chargedFrom: number;
  /** Periods are counted from this instant, after `freeUnits`. */
  readonly countedFrom: number;
  /** The number of the clock's units that are free after `countedFrom`. */
  readonly freeUnits: number;
};

/** Returns when charging begins, and where periods are counted from. */
export function afterGrace(
  grace: FineGrace | null,
  due: number,
  clock: Clock,
  rule: FineRule,
  schedule: Schedule,
): AfterGrace {
  if (grace === null) return { chargedFrom: due, countedFrom: due, freeUnits: 0 };
  const { unit, closedTime, mode, length } = grace;
  const measure = graceMeasure(rule.measure, unit);
  const { clock: graceClock, unitsPerUnit } = clockFor(schedule, { measure, unit, closedTime });
  const units = length * unitsPerUnit;
  const end = graceClock.whenCompleted(due, units);
  if (end === undefined) return { chargedFrom: NEVER, countedFrom: due, freeUnits: 0 };
  const moved = grace.endsOnOpenDay
    ? nextOpening(schedule, end, due, measure === 'calendarDays' ? 'date' : 'time')
    : undefined;
  if (moved) {
    const chargedFrom = grace.end === 'charged' ? moved.end : moved.after;
    return mode === 'excluded'
      ? { chargedFrom, countedFrom: moved.end, freeUnits: 0 }
      : { chargedFrom, countedFrom: due, freeUnits: 0 };
  }
  const chargedFrom = grace.end === 'charged' ? end : (graceClock.whenBegun(due, units + 1) ?? NEVER);
  if (mode === 'allOrNothing') return { chargedFrom, countedFrom: due, freeUnits: 0 };
  return graceClock.name === clock.name
    ? { chargedFrom, countedFrom: due, freeUnits: units }
    : { chargedFrom, countedFrom: end, freeUnits: 0 };
}

/**
 * Returns the extended end of grace that would end on a closed day: its last moment (or day), and the moment after it.
 */
function nextOpening(
  schedule: Schedule,
  end: number,
  due: number,
  by: 'date' | 'time',
): { readonly end: number; readonly after: number } | undefined {
  const { zone } = schedule;
  const { daysExcluded: openDates } = timelinesOf(schedule);
  const day = zone.dayAt(end);
  if (openDates.openDays(day, day + 1) > 0) return undefined;
  const next = openDates.nthOpenDay(day, 1);
  if (next === undefined) return { end: NEVER, after: NEVER };
  if (by === 'date') return { end: zone.startOfDay(next), after: zone.startOfDay(next + 1) };
  const moved = sameTime(zone, due, next);
  return { end: moved, after: moved + 1 };
}
