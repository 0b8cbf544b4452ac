import { formatAmount } from '../money/money.js';
import type { Assessment, FineAtTime } from './assessment.js';
import { type ClosedDays, closedDays } from './closedDays.js';
import type { FineQuestion } from './fineQuestion.js';
import type { FinePeriod } from './fineRule.js';
import { localTime } from './zone.js';

/** The period of lateness, in local time with its offset. Adds nothing to the fine. */
export type LateLine = {
  /** The kind of line. */
  readonly kind: 'late';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
  /** When the loan was due. */
  readonly dueAt: string;
  /** The original due date, if the rule moved it to an open day; otherwise left out. */
  readonly movedFrom?: string;
  /** The end of the period. */
  readonly until: string;
};

/**
 * The loan is not late: it was returned in time, or it was due on a closed day and the library has not opened since.
 */
export type NotLateLine = {
  /** The kind of line. */
  readonly kind: 'notLate';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
  /** When the loan was due, in local time; as given if the library never opens again. */
  readonly dueAt: string;
  /** The time up to which lateness is counted. */
  readonly until: string;
};

/** Closed days between due date and return, which do not count. */
export type ClosedLine = ClosedDays & {
  /** The kind of line. */
  readonly kind: 'closed';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
};

/** The time that counts. */
export type CountedLine = {
  /** The kind of line. */
  readonly kind: 'counted';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
  /** The number of units. */
  readonly number: number;
  /** The unit. */
  readonly unit: 'minute' | 'hour' | 'day' | 'month';
  /** Whether only time within opening hours was counted. */
  readonly withinOpeningHours: boolean;
};

/** The effect of grace. */
export type GraceLine = {
  /** The kind of line. */
  readonly kind: 'grace';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
  /** The length of grace. */
  readonly grace: FinePeriod;
  /** The first moment after grace, in local time; null if it never ends because the library does not open. */
  readonly endsAt: string | null;
  /**
   * `within`: nothing is charged yet. `exceeded`: everything is charged. `excluded`: only time after grace is charged.
   */
  readonly outcome: 'within' | 'exceeded' | 'excluded';
};

/** The item was recalled, and other terms apply. */
export type RecalledLine = {
  /** The kind of line. */
  readonly kind: 'recalled';
  /** The amount that the line adds to the fine: zero, as a decimal string. */
  readonly amount: string;
  /** When the item was recalled, in local time. */
  readonly recalledAt: string;
  /** The periods that the recall's terms apply to. */
  readonly charges: 'laterPeriods' | 'allPeriods';
  /** The fine when the item was recalled, before the recall's terms applied. */
  readonly fineBefore: string;
};

/** Periods with the same amount. */
export type PeriodsLine = {
  /** The kind of line. */
  readonly kind: 'periods';
  /** The sum of the periods, a decimal string. */
  readonly amount: string;
  /** The number of the first period. */
  readonly from: number;
  /** The number of the last period. */
  readonly to: number;
  /** The amount of each period, a decimal string. */
  readonly each: string;
  /** The length of each period. */
  readonly period: FinePeriod;
  /** Whether the amount is that of a recall. */
  readonly recalled: boolean;
};

/** The fine reached a limit: the rule's maximum, or the limit by the item's price. */
export type LimitLine = {
  /** The kind of line. */
  readonly kind: 'maximum' | 'price';
  /** The amount that the limit removes from the fine: a negative decimal string. */
  readonly amount: string;
  /** The maximum of the fine, a decimal string. */
  readonly limit: string;
};

/** A line of an explanation. */
export type FineLine =
  | LateLine
  | NotLateLine
  | ClosedLine
  | CountedLine
  | GraceLine
  | RecalledLine
  | PeriodsLine
  | LimitLine;

/** Returns the lines that explain a fine. */
export function explain(question: FineQuestion, assessment: Assessment, fineNow: FineAtTime): FineLine[] {
  const { rule, schedule, digits, recalledAt } = question;
  const write = (minor: bigint) => formatAmount(minor, digits);
  const amount = write(0n);
  const time = (instant: number) => localTime(schedule.zone, instant);
  const until = time(question.until);
  const { dueAt } = assessment;
  if (dueAt === undefined || question.until <= dueAt) {
    return [{ kind: 'notLate', amount, dueAt: time(dueAt ?? question.dueAt), until }];
  }
  const moved = dueAt === question.dueAt ? {} : { movedFrom: time(question.dueAt) };
  const lines: FineLine[] = [{ kind: 'late', amount, dueAt: time(dueAt), ...moved, until }];
  if (rule.closedTime !== 'counted') {
    const closed = closedDays(
      schedule,
      schedule.zone.dayAt(dueAt) + 1,
      schedule.zone.dayAt(question.until) + 1,
    );
    if (closed.days > 0) lines.push({ kind: 'closed', amount, ...closed });
  }
  lines.push(countedLine(fineNow, rule.closedTime === 'hoursExcluded', amount));
  const grace = graceLine(question, fineNow, amount);
  if (grace) lines.push(grace);
  if (fineNow.terms.recalled && rule.recalled) {
    const { charges } = rule.recalled;
    const fineBefore = write(fineNow.terms.fineBefore);
    lines.push({ kind: 'recalled', amount, recalledAt: time(recalledAt), charges, fineBefore });
  }
  let sum = 0n;
  for (const { from, to, each, recalled } of fineNow.steps) {
    const cost = each * BigInt(to - from + 1);
    sum += cost;
    const { period } = fineNow.terms;
    lines.push({ kind: 'periods', amount: write(cost), from, to, each: write(each), period, recalled });
  }
  const { limit } = fineNow;
  if (limit) lines.push({ kind: limit.by, amount: write(limit.to - sum), limit: write(limit.to) });
  return lines;
}

function countedLine(
  { counted, terms }: FineAtTime,
  withinOpeningHours: boolean,
  amount: string,
): CountedLine {
  const unit = terms.clock.shown;
  const number = unit === 'minute' ? Math.floor(counted / 60_000) : counted;
  return { kind: 'counted', amount, number, unit, withinOpeningHours };
}

function graceLine(question: FineQuestion, { terms }: FineAtTime, amount: string): GraceLine | undefined {
  const { grace, chargedFrom } = terms;
  if (!grace) return undefined;
  const { length, unit, mode } = grace;
  const over = mode === 'excluded' ? 'excluded' : 'exceeded';
  return {
    kind: 'grace',
    amount,
    grace: { length, unit },
    endsAt: chargedFrom < Number.POSITIVE_INFINITY ? localTime(question.schedule.zone, chargedFrom) : null,
    outcome: question.until < chargedFrom ? 'within' : over,
  };
}
