import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { onlyFields, plainObject } from '../input/plainObject.js';
import { clockFor, sameTime, timelinesOf } from './clock.js';
import { definedSchedule } from './defineCalendar.js';
import type { FinePeriod } from './fineRule.js';
import { amountOrZero, canonical, currencyField, lengthField, unitField } from './fineRuleSchema.js';
import { frozen } from './frozen.js';
import type { LibraryCalendar } from './libraryCalendar.js';
import type { Schedule } from './schedule.js';
import { localTime } from './zone.js';

/**
 * A reminder: its time after the previous one (for the first, after the due date), and its amount. Amounts are decimal
 * strings.
 */
export type ReminderStep = {
  /**
   * The time after the previous reminder. A day ends at the same time of the next day, a month at the same time of the
   * same day of the next month.
   */
  readonly after: FinePeriod;
  /** The amount; zero for a free notice. */
  readonly amount: string;
};

/** The reminders for late loans: plain JSON, frozen, complete. Made by {@link defineReminderRule}. */
export type ReminderRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The reminders, in order. */
  readonly steps: readonly ReminderStep[];
  /** Whether a reminder that falls on a closed day waits for the same time of the next open day, or is sent. */
  readonly onClosedDays: 'wait' | 'send';
};

/** The input of a reminder rule. */
export type ReminderRuleInput = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The reminders, in order, at least one. */
  readonly steps: readonly ReminderStep[];
  /**
   * Whether a reminder that falls on a closed day waits for the same time of the next open day, or is sent.
   *
   * @defaultValue `"wait"`
   */
  readonly onClosedDays?: 'wait' | 'send';
};

const ruleSchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  const after = onlyFields({ length: lengthField, unit: unitField });
  return onlyFields({
    currency: currencyField,
    steps: v.pipe(v.array(onlyFields({ after, amount })), v.nonEmpty('at least one step')),
    onClosedDays: v.optional(v.picklist(['wait', 'send']), 'wait'),
  });
});

const defined = /* @__PURE__ */ new WeakSet<ReminderRule>();

/**
 * Checks a reminder rule, adds defaults and freezes it.
 *
 * @param input - the currency, and the reminders in order
 * @returns the complete rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 *
 * @example
 * ```ts
 * import { defineReminderRule } from 'patron-fees/overdue';
 *
 * const rule = defineReminderRule({
 *   currency: 'EUR',
 *   steps: [
 *     { after: { length: 1, unit: 'day' }, amount: '0' },
 *     { after: { length: 1, unit: 'week' }, amount: '1.50' },
 *   ],
 * });
 * rule.onClosedDays; //=> 'wait'
 * ```
 */
export function defineReminderRule(input: ReminderRuleInput): ReminderRule {
  const { steps, ...checked } = checkedArgument(ruleSchema, input, 'rule');
  const amountOf = (amount: string) => canonical(amount, checked.currency);
  const rule: ReminderRule = frozen({
    ...checked,
    steps: steps.map(({ after, amount }) => ({ after: { ...after }, amount: amountOf(amount) })),
  });
  defined.add(rule);
  return rule;
}

/** A late loan, with the reminders already sent. */
export type RemindedLoan = {
  /** When the loan was due, ISO 8601 with a zone. */
  readonly dueAt: string;
  /** The current time; reminders up to and including this time are due. */
  readonly until: string;
  /** The reminder rule. */
  readonly rule: ReminderRule;
  /** The library's calendar, with its time zone. */
  readonly calendar: LibraryCalendar;
  /**
   * The actual times of the reminders already sent, in order. The next reminder is counted from the last of them; from
   * the times when reminders were due if left out.
   */
  readonly sentAt?: readonly string[];
  /**
   * When reminders stopped: the loan was closed, declared lost, or claimed returned. No reminder is due from then on.
   */
  readonly stoppedAt?: string;
};

/** A reminder of a loan. Amounts are decimal strings. */
export type Reminder = {
  /** The number of the step in the rule, counted from 1. */
  readonly number: number;
  /** When it is due, in local time with its offset. */
  readonly at: string;
  /** The amount, in the format of `AssessFee`; zero for a free notice. */
  readonly amount: string;
};

/** The reminders of a loan. */
export type ReminderFees = {
  /** The reminders that are due and were not sent, in order. */
  readonly due: readonly Reminder[];
  /** The reminder after them; null without one. */
  readonly next: Reminder | null;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
};

const loanSchema = v.pipe(
  plainObject,
  v.object({
    dueAt: instantField,
    until: instantField,
    sentAt: v.optional(v.array(instantField), []),
    stoppedAt: v.optional(instantField),
  }),
);

/**
 * Returns the due reminders of a late loan, and the next one: fees by step, not by time.
 *
 * @param loan - the due date, the current time, the rule, the calendar, and the reminders sent
 * @returns the reminders that are due, and the next one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid instants, rules or calendars,
 * or if more reminders were sent than the rule has
 * @source FOLIO mod-circulation: RemindersPolicy, ScheduledDigitalReminderHandler
 *
 * @example
 * ```ts
 * import { defineCalendar, defineReminderRule, reminderFees } from 'patron-fees/overdue';
 *
 * const rule = defineReminderRule({
 *   currency: 'EUR',
 *   steps: [
 *     { after: { length: 1, unit: 'day' }, amount: '1.50' },
 *     { after: { length: 1, unit: 'week' }, amount: '3.00' },
 *   ],
 * });
 * const weekday = ['10:00-18:00'];
 * const calendar = defineCalendar({
 *   timeZone: 'Europe/Vienna',
 *   openingHours: { monday: weekday, tuesday: weekday, wednesday: weekday, thursday: weekday, friday: weekday },
 * });
 * // Due on a Friday: the first reminder waits for Monday.
 * const { due, next } = reminderFees({
 *   dueAt: '2026-03-06T18:00:00+01:00',
 *   until: '2026-03-10T09:00:00+01:00',
 *   rule,
 *   calendar,
 * });
 * due; //=> [{ number: 1, at: '2026-03-09T18:00:00+01:00', amount: '1.50' }]
 * next; //=> { number: 2, at: '2026-03-16T18:00:00+01:00', amount: '3.00' }
 * ```
 */
export function reminderFees(loan: RemindedLoan): ReminderFees {
  const { dueAt, until, sentAt, stoppedAt } = checkedArgument(loanSchema, loan, 'loan');
  const rule = defined.has(loan.rule) ? loan.rule : defineReminderRule(loan.rule);
  const schedule = definedSchedule(loan.calendar);
  if (sentAt.length > rule.steps.length) {
    const fault = {
      path: 'loan.sentAt',
      expected: `at most ${rule.steps.length} reminders, as many as the rule has`,
      found: `${sentAt.length} reminders`,
    };
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `loan.sentAt: expected ${fault.expected}, found ${fault.found}`,
      {
        faults: [fault],
      },
    );
  }
  const end = stoppedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(stoppedAt);
  const due: Reminder[] = [];
  let previous: number = Date.parse(sentAt.at(-1) ?? dueAt);
  for (const [index, step] of rule.steps.entries()) {
    if (index < sentAt.length) continue;
    const at = reminderAt(schedule, previous, step.after, rule.onClosedDays);
    if (at === undefined || at >= end) return { due, next: null, currency: rule.currency };
    const reminder = { number: index + 1, at: localTime(schedule.zone, at), amount: step.amount };
    if (at > Date.parse(until)) return { due, next: reminder, currency: rule.currency };
    due.push(reminder);
    previous = at;
  }
  return { due, next: null, currency: rule.currency };
}

/** Returns when a reminder is due; `undefined` if the library never opens again. */
function reminderAt(
  schedule: Schedule,
  previous: number,
  { length, unit }: FinePeriod,
  onClosedDays: ReminderRule['onClosedDays'],
): number | undefined {
  const { clock, unitsPerUnit } = clockFor(schedule, { measure: 'time', unit, closedTime: 'counted' });
  const at = clock.whenCompleted(previous, length * unitsPerUnit);
  if (at === undefined || onClosedDays === 'send') return at;
  const { daysExcluded: openDates } = timelinesOf(schedule);
  const day = schedule.zone.dayAt(at);
  if (openDates.openDays(day, day + 1) > 0) return at;
  const next = openDates.nthOpenDay(day, 1);
  return next === undefined ? undefined : sameTime(schedule.zone, at, next);
}
