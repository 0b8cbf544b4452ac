import {
  defineCalendar,
  type FolioFinePolicy,
  type LibraryCalendar,
  likeFolio,
  overdueFine,
} from '../../src/overdue/index.js';
import { formatMismatch, unlessSame, unlessSameAmount } from './compare.js';
import { centsOf } from './folioAmount.js';
import { dollars, mustAsk, openDesk } from './ourDesk.js';
import type { OverdueScenario, PolicyScenario } from './overdueScenario.js';
import { type Verdict, verdictOf } from './verdict.js';

const dueAt = '2026-03-02T12:00:00Z';

/** The names of the openings of 8 to 10 April 2020 in FOLIO's tests, with their hours. */
const split = ['07:00-12:00', '13:30-18:30'];
const allDay = ['00:00-23:59'];
const openings: Readonly<Record<string, () => LibraryCalendar>> = {
  none: () => threeDays('UTC', [[], [], []]),
  '3 days with morning+afternoon openings (UTC)': () => threeDays('UTC', [split, split, split]),
  '3 all-day openings (New York)': () => threeDays('America/New_York', [allDay, allDay, allDay]),
  'split / all-day / split (London)': () => threeDays('Europe/London', [split, allDay, split]),
  '3 closed days (UTC)': () => threeDays('UTC', [[], [], []]),
  'split / closed / split (UTC)': () => threeDays('UTC', [split, [], split]),
};

function threeDays(timeZone: string, days: readonly (readonly string[])[]): LibraryCalendar {
  const specialHours = days.map((hours, day) => ({
    from: `2020-04-${String(day + 8).padStart(2, '0')}`,
    hours,
  }));
  return defineCalendar({ timeZone, openingHours: {}, specialHours });
}

/** The result of this library for a fine that FOLIO computes. */
type Answered = {
  readonly fine?: number;
  readonly accountCreated?: boolean;
  readonly chargeableMinutes?: number;
  readonly minutes?: number;
};

/** Computes a fine by FOLIO's policy and charges it. */
export function judgeOverdue(scenario: OverdueScenario): Verdict {
  const answered = answer(scenario);
  return verdictOf(scenario, ({ note: _note, ...expected }) => {
    const mismatches = Object.entries(expected).flatMap(([path, value]) =>
      path === 'fine' && typeof value === 'string'
        ? unlessSameAmount(path, value, answered.fine)
        : unlessSame(path, value, answered[path as keyof Answered]),
    );
    return { mismatches: mismatches.map(formatMismatch), reasons: [] };
  });
}

function answer({ given, when }: OverdueScenario): Answered {
  const { rate = '1.00', interval = 'minute', max = '0', recall: recallPolicy = false } = given.policy ?? {};
  const terms = { overdueFine: { quantity: rate, intervalId: interval }, maxOverdueFine: max };
  const policy: FolioFinePolicy = {
    currency: 'USD',
    ...(recallPolicy
      ? { overdueRecallFine: terms.overdueFine, maxOverdueRecallFine: terms.maxOverdueFine }
      : terms),
    ...(given.recall && { overdueRecallFine: terms.overdueFine, maxOverdueRecallFine: '0' }),
    ...(given.grace && { gracePeriod: { duration: given.grace[0], intervalId: given.grace[1] } }),
    gracePeriodRecall: given.ignoreGraceForRecall,
    countClosed: given.openings === undefined,
  };
  const calendar =
    given.openings === undefined ? defineCalendar({ timeZone: 'UTC' }) : calendarOf(given.openings);
  const due = given.due ?? dueAt;
  const until = given.returned ?? new Date(Date.parse(due) + when.overdueMinutes * 60_000).toISOString();
  const recalledAt = new Date(Date.parse(due) - 3_600_000).toISOString();
  const isRecalled = recallPolicy || given.recall;
  const fine = overdueFine({
    dueAt: due,
    until,
    rule: likeFolio(policy),
    calendar,
    ...(isRecalled && { recalledAt }),
  });
  const isForgiven = when.op === 'renew-overdue-loan' && given.policy?.forgiveOnRenewal === true;
  const total = isForgiven ? '0.00' : fine.amount;
  const desk = openDesk({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } } });
  mustAsk(desk, {
    type: 'AccrueFine',
    feeId: 'fine',
    feeType: 'OVERDUEFINE',
    total,
    owner: 'MAIN',
    ends: 'returned',
  });
  return {
    fine: centsOf(total),
    accountCreated: desk.account().fees.length > 0,
    chargeableMinutes: fine.periods,
    minutes: fine.counted.number,
  };
}

function calendarOf(words: string): LibraryCalendar {
  const made = openings[words];
  if (made === undefined)
    throw new Error(`given.openings: expected one of ${Object.keys(openings).join(', ')}`);
  return made();
}

/** Creates an overdue fine policy: a rule, or its first fault. */
export function judgePolicy(scenario: PolicyScenario): Verdict {
  const { when } = scenario;
  const rate = (quantity: string) => ({ quantity, intervalId: 'day' as const });
  const made: { httpStatus: number; field?: string; value?: string } = { httpStatus: 201 };
  try {
    likeFolio({
      currency: 'USD',
      overdueFine: rate(when['overdueFine.quantity']),
      overdueRecallFine: rate(when['overdueRecallFine.quantity']),
    });
  } catch (error) {
    const [fault] = (error as { details: { faults: readonly { path: string; found: string }[] } }).details
      .faults;
    made.httpStatus = 422;
    made.field = String(fault?.path.replace('policy.', ''));
    // FOLIO repeats the number with its decimals.
    made.value = dollars(centsOf(JSON.parse(fault?.found ?? '""')));
  }
  return verdictOf(scenario, ({ note: _note, ...expected }) => ({
    mismatches: Object.entries(expected)
      .flatMap(([path, value]) => unlessSame(path, value, made[path as keyof typeof made]))
      .map(formatMismatch),
    reasons: [],
  }));
}
