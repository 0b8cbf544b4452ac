import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { clockFor, sameTime, timelinesOf } from './clock.js';
import { definedSchedule } from './defineCalendar.js';
import type { FinePeriod } from './fineRule.js';
import { amountOrZero, canonical, currencyField, lengthField, unitField } from './fineRuleSchema.js';
import { frozen } from './frozen.js';
import type { LibraryCalendar } from './libraryCalendar.js';
import { localTime } from './localTime.js';
import type { Schedule } from './schedule.js';

/** A reminder: how long after the one before it (the first: after the due date), and what it costs. */
export type ReminderStep = {
  /** How long after. A day is over at the same time of the next day, a month at the same time of the same day of the next month. */
  readonly after: FinePeriod;
  /** The amount; zero for a notice that costs nothing. */
  readonly amount: string;
};

/** Which reminders a late loan gets: plain JSON, frozen, complete. Made by {@link defineReminderRule}. */
export type ReminderRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The reminders in their order. */
  readonly steps: readonly ReminderStep[];
  /** What becomes of a reminder that falls on a closed day: it waits for the same time of the next open day, or is sent. */
  readonly onClosedDays: 'wait' | 'send';
};

/** Reminders as one writes them. */
export type ReminderRuleInput = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The reminders in their order, at least one. */
  readonly steps: readonly ReminderStep[];
  /**
   * What becomes of a reminder that falls on a closed day.
   *
   * @defaultValue `"wait"`
   */
  readonly onClosedDays?: 'wait' | 'send';
};

const ruleSchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  const after = v.pipe(plainObject, v.strictObject({ length: lengthField, unit: unitField }));
  return v.pipe(
    plainObject,
    v.strictObject({
      currency: currencyField,
      steps: v.pipe(
        v.array(v.pipe(plainObject, v.strictObject({ after, amount }))),
        v.nonEmpty('at least one step'),
      ),
      onClosedDays: v.optional(v.picklist(['wait', 'send']), 'wait'),
    }),
  );
});

const defined = /* @__PURE__ */ new WeakSet<ReminderRule>();

/**
 * Completes a reminder rule, checks it and freezes it.
 *
 * @param input - the currency, and the reminders in their order
 * @returns the complete rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
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

/** A late loan, and which reminders it got. */
export type RemindedLoan = {
  /** When the loan was due, ISO 8601 with a zone. */
  readonly dueAt: string;
  /** Now; reminders up to this time are due, itself included. */
  readonly until: string;
  /** Which reminders there are. */
  readonly rule: ReminderRule;
  /** When the library is open, and in which time zone. */
  readonly calendar: LibraryCalendar;
  /**
   * When the reminders that were already sent really went out, in their order: the next one is counted from the last of
   * them. Without it, reminders are counted from when they should have gone out.
   */
  readonly sentAt?: readonly string[];
  /** When reminders stopped: the loan was closed, declared lost, or claimed returned. Nothing is due from then on. */
  readonly stoppedAt?: string;
};

/** A reminder of a loan. */
export type Reminder = {
  /** Which step of the rule, 1 for the first. */
  readonly number: number;
  /** When it is due, in local time with its offset. */
  readonly at: string;
  /** What it costs, in the form that `AssessFee` takes; zero for a notice only. */
  readonly amount: string;
};

/** The reminders of a loan. */
export type ReminderFees = {
  /** Those that are due and were not sent, in their order. */
  readonly due: readonly Reminder[];
  /** The one after them; null if there is none. */
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
 * Tells which reminders of a late loan are due, and when the next one is: fees that come by steps and not by time.
 *
 * @param loan - when it was due, now, the rule, and what was sent
 * @returns the reminders that are due, and the next one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for instants, rules or calendars with faults, or if more
 * reminders were sent than the rule has
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

/** When a reminder is due; `undefined` if it waits for a day that never comes. */
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
