import { formatAmount } from '../money/money.js';
import type { Assessment, Standing } from './assessment.js';
import { type ClosedDays, closedDays } from './closedDays.js';
import type { FineQuestion } from './fineQuestion.js';
import type { FinePeriod } from './fineRule.js';
import { localTime } from './localTime.js';

/** From when to when lateness is counted, in local time with its offset. Costs nothing by itself. */
export type LateLine = {
  /** What the line tells. */
  readonly kind: 'late';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
  /** When the loan was due. */
  readonly dueAt: string;
  /** When it was due before the rule moved the due date to an open day; left out if it did not. */
  readonly movedFrom?: string;
  /** Until when is counted. */
  readonly until: string;
};

/** The loan is not late: it came back in time, or it was due on a closed day and the library never opened since. */
export type NotLateLine = {
  /** What the line tells. */
  readonly kind: 'notLate';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
  /** When the loan was due, in local time; of a due date that waits for an open day that never comes, as it was given. */
  readonly dueAt: string;
  /** Until when is counted. */
  readonly until: string;
};

/** Days between due date and return on which the library did not open, and which do not count. */
export type ClosedLine = ClosedDays & {
  /** What the line tells. */
  readonly kind: 'closed';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
};

/** How much time counts. */
export type CountedLine = {
  /** What the line tells. */
  readonly kind: 'counted';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
  /** How many units. */
  readonly number: number;
  /** The unit. */
  readonly unit: 'minute' | 'hour' | 'day' | 'month';
  /** Whether only time within opening hours was counted. */
  readonly withinOpeningHours: boolean;
};

/** What grace did. */
export type GraceLine = {
  /** What the line tells. */
  readonly kind: 'grace';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
  /** How long it is. */
  readonly grace: FinePeriod;
  /** The first moment after it, in local time; null if it never ends, since the library does not open. */
  readonly endsAt: string | null;
  /** `within`: nothing is charged yet. `exceeded`: all is charged. `excluded`: what came after it is charged. */
  readonly outcome: 'within' | 'exceeded' | 'excluded';
};

/** The item was recalled, and other terms hold. */
export type RecalledLine = {
  /** What the line tells. */
  readonly kind: 'recalled';
  /** What the line adds to the fine: nothing. */
  readonly amount: string;
  /** When it was recalled, in local time. */
  readonly recalledAt: string;
  /** What the terms of the recall apply to. */
  readonly charges: 'laterPeriods' | 'allPeriods';
  /** What the fine was at the recall, before its terms held. */
  readonly fineBefore: string;
};

/** Periods that cost the same. */
export type PeriodsLine = {
  /** What the line tells. */
  readonly kind: 'periods';
  /** What they cost together. */
  readonly amount: string;
  /** The number of the first one. */
  readonly from: number;
  /** The number of the last one. */
  readonly to: number;
  /** What each costs. */
  readonly each: string;
  /** How long each is. */
  readonly period: FinePeriod;
  /** Whether they cost what a recall makes them cost. */
  readonly recalled: boolean;
};

/** The fine reached a limit: the rule's maximum, or that of the item's price. */
export type LimitLine = {
  /** What the line tells. */
  readonly kind: 'maximum' | 'price';
  /** What it takes off the fine: a negative amount. */
  readonly amount: string;
  /** The most that the fine can be. */
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

/** Explains, line by line, how a fine came about. */
export function explain(question: FineQuestion, assessment: Assessment, standing: Standing): FineLine[] {
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
  lines.push(countedLine(standing, rule.closedTime === 'hoursExcluded', amount));
  const grace = graceLine(question, standing, amount);
  if (grace) lines.push(grace);
  if (standing.terms.recalled && rule.recalled) {
    const { charges } = rule.recalled;
    const fineBefore = write(standing.terms.fineBefore);
    lines.push({ kind: 'recalled', amount, recalledAt: time(recalledAt), charges, fineBefore });
  }
  let sum = 0n;
  for (const { from, to, each, recalled } of standing.steps) {
    const cost = each * BigInt(to - from + 1);
    sum += cost;
    const { period } = standing.terms;
    lines.push({ kind: 'periods', amount: write(cost), from, to, each: write(each), period, recalled });
  }
  const { limit } = standing;
  if (limit) lines.push({ kind: limit.by, amount: write(limit.to - sum), limit: write(limit.to) });
  return lines;
}

function countedLine({ counted, terms }: Standing, withinOpeningHours: boolean, amount: string): CountedLine {
  const unit = terms.clock.shown;
  const number = unit === 'minute' ? Math.floor(counted / 60_000) : counted;
  return { kind: 'counted', amount, number, unit, withinOpeningHours };
}

function graceLine(question: FineQuestion, { terms }: Standing, amount: string): GraceLine | undefined {
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
