import fc from 'fast-check';
import {
  type ClosedTime,
  defineCalendar,
  defineFineRule,
  type FineGraceInput,
  type FineRule,
  type FineRuleInput,
  type OverdueLoan,
  type PeriodUnit,
  type PriceCapInput,
  type RecallTermsInput,
} from 'patron-fees/overdue';
import { calendarsAround, oddZones } from './calendars.js';

const short = ['minute', 'hour'] as const;
const long = ['day', 'week'] as const;
const calendarUnits = ['month', 'year'] as const;

const cents = fc.integer({ min: 0, max: 500 }).map((minor) => (minor / 100).toFixed(2));
const closedTimes = fc.constantFrom<ClosedTime>('counted', 'daysExcluded', 'hoursExcluded');

/** The units allowed for a way of measuring: the table of fineRuleSchema.ts. */
function unitsFor(measure: FineRule['measure'], closedTime: ClosedTime): readonly PeriodUnit[] {
  if (measure === 'wholeHours') return ['hour'];
  const days = closedTime === 'hoursExcluded' ? [] : long;
  const months = closedTime === 'counted' ? calendarUnits : [];
  return [...(measure === 'time' ? short : []), ...days, ...months];
}

const steps = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }), cents), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => {
    let next = 1;
    return list.map(([gap, more, amount], index) => {
      const from = next + gap;
      next = from + more + 1;
      return index === list.length - 1 && more > 1 ? { from, amount } : { from, to: from + more, amount };
    });
  });

function graceFor(measure: FineRule['measure']): fc.Arbitrary<FineGraceInput | null> {
  const graces = closedTimes.chain((closedTime) => {
    const units = [
      ...unitsFor('time', closedTime).filter((unit) => short.some((each) => each === unit)),
      ...unitsFor(measure === 'wholeHours' ? 'time' : measure, closedTime),
    ];
    return fc.record({
      unit: fc.constantFrom(...units),
      length: fc.integer({ min: 1, max: 4 }),
      mode: fc.constantFrom('allOrNothing' as const, 'excluded' as const),
      end: fc.constantFrom('free' as const, 'charged' as const),
      closedTime: fc.constant(closedTime),
      extended: fc.boolean(),
    });
  });
  return fc.option(
    graces.map(({ extended, ...grace }) => ({
      ...grace,
      endsOnOpenDay: extended && grace.unit !== 'minute' && grace.unit !== 'hour',
    })),
  );
}

const maximum: fc.Arbitrary<string | null> = fc.option(cents);

const priceCaps: fc.Arbitrary<PriceCapInput | null> = fc.option(
  fc.record({
    percent: fc.constantFrom(100, 50, 33.3, 0),
    defaultPrice: maximum,
    withoutPrice: fc.constant('noLimit' as const),
  }),
);

/** Valid fine rules of every kind. */
export const ruleInputs: fc.Arbitrary<FineRuleInput> = fc
  .tuple(fc.constantFrom('calendarDays' as const, 'time' as const, 'wholeHours' as const), closedTimes)
  .filter(([measure, closedTime]) => unitsFor(measure, closedTime).length > 0)
  .chain(([measure, closedTime]) => {
    const period = fc.record({
      length: fc.integer({ min: 1, max: 3 }),
      unit: fc.constantFrom(...unitsFor(measure, closedTime)),
    });
    const later: fc.Arbitrary<RecallTermsInput> = fc
      .record({ steps, maximum, withoutGrace: fc.boolean() })
      .map(({ withoutGrace, ...terms }) => ({
        charges: 'laterPeriods' as const,
        ...terms,
        ...(withoutGrace ? { grace: null } : {}),
      }));
    const all: fc.Arbitrary<RecallTermsInput> = fc.record({
      charges: fc.constant('allPeriods' as const),
      steps,
      maximum,
      period,
      grace: graceFor(measure),
    });
    return fc.record({
      currency: fc.constant('USD'),
      steps,
      period,
      measure: fc.constant(measure),
      closedTime: fc.constant(closedTime),
      charged: fc.constantFrom('started' as const, 'completed' as const),
      precision: fc.constantFrom('minute' as const, 'second' as const),
      closedDueDate: fc.constantFrom('stays' as const, 'movesToNextOpenDay' as const),
      grace: graceFor(measure),
      maximum,
      priceCap: priceCaps,
      recalled: fc.option(fc.oneof(later, all)) as fc.Arbitrary<RecallTermsInput | null>,
    });
  });

/** Around each of these dates, a clock in one of the zones changes in an unusual way. */
const oddDates = [
  '2011-12-30',
  '2026-03-08',
  '2026-04-05',
  '2026-11-01',
  '2006-10-29',
  '2018-11-04',
  '2024-02-28',
];

/** Late loans: rules of every kind, calendars with unusual clocks, times before and after the due date. */
export function lateLoans(
  rules = ruleInputs,
  zones: readonly string[] = oddZones,
): fc.Arbitrary<OverdueLoan> {
  return fc.constantFrom(...oddDates).chain((date) => {
    const instants = (days: number) =>
      fc
        .integer({ min: -days * 1440 * 4, max: days * 1440 * 4 })
        .map((quarters) => new Date(Date.parse(`${date}T12:00Z`) + quarters * 15_000).toISOString());
    return fc
      .record({
        dueAt: instants(8),
        until: instants(25),
        rule: rules.map(defineFineRule),
        calendar: calendarsAround(date, zones).map(defineCalendar),
        price: fc.option(cents, { nil: undefined }),
        recalledAt: fc.option(instants(15), { nil: undefined }),
      })
      .map(({ price, recalledAt, ...loan }) => ({
        ...loan,
        ...(price === undefined ? {} : { price }),
        ...(recalledAt === undefined ? {} : { recalledAt }),
      }));
  });
}
