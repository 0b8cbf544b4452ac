import fc from 'fast-check';
import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  type FeePolicy,
  fold,
  formatAmount,
  minorDigits,
  type RejectionType,
  rejectionKinds,
} from '../../src/index.js';
import { defineCalendar, defineFineRule } from '../../src/overdue/index.js';
import { paymentOrders } from '../../src/policy/paymentOrder.js';
import { arbitraries } from '../../src/testing/index.js';
import { oddZones } from '../../test/overdue/calendars.js';
import { lateLoans } from '../../test/overdue/lateLoans.js';
import { goldenLogs } from '../../test/support/goldenEvents.js';
import { rejectionSentences } from '../../test/support/rejectionSentences.js';
import { wholeCommands } from '../../test/support/wholeCommands.js';
import { inexpressible } from '../schemas/checks.js';
import { examples } from '../schemas/examples.js';
import { answer, type CallVector } from './calls.js';
import { anyValue, type Change, changedBy, replacedAt, wrongValues } from './changes.js';

type Values<Value> = fc.Arbitrary<Value>;

/** Zones whose clocks no government may change soon: every release of the time zone database has the same answers. */
const settledZones = oddZones.filter((zone) => zone !== 'Africa/Casablanca');

/** Returns random values, always the same ones. */
const some = <Value>(values: Values<Value>, count: number, seed = 1) =>
  fc.sample(values, { seed, numRuns: count });

export function moneyCalls(): readonly CallVector[] {
  const { amounts, invalidAmounts } = arbitraries(fc);
  const texts = [
    '0',
    '0.00',
    '0.01',
    '1',
    '1.0',
    '1.5',
    '1.50',
    '1.005',
    '01',
    '+1',
    '-1',
    '1e3',
    ' 1',
    '1,5',
    '',
    '.5',
    '.50',
    '5.',
  ];
  const edges = [
    '999999999999',
    '9999999999.99',
    '10000000000.00',
    '999999999.999',
    '1000000000000',
    '٣',
    '1\n',
  ];
  const currencies = ['USD', 'EUR', 'JPY', 'KWD', 'BHD', 'CHF', 'ISK', 'CLF', 'XXX', 'usd', 'DM', 'CAD'];
  const notText = (value: unknown) => typeof value !== 'string';
  const strings = some(invalidAmounts(), 60).filter((value) => !notText(value));
  const all = [...new Set([...texts, ...edges, ...(strings as string[]), ...some(amounts(), 20)])];
  return [
    ...currencies.map((currency) => answer('minorDigits', currency)),
    ...all.flatMap((text) => [0, 2, 3].map((digits) => answer('parseLooseAmount', text, digits))),
    ...all.map((text) => answer('parseAmount', text, 2)),
    ...['', '0', '5', '05', '5.0'].map((text) => answer('parseAmount', text, 0)),
    ...[0, 0.5, 1, 7, 33.3, 50, 66.667, 99.999, 100].flatMap((percent) =>
      [0, 1, 3, 50, 333, 1005, 999_999_999_999].map((minor) => answer('percentOf', minor, percent)),
    ),
    ...[0.001, 5.5, 7, 8.1, 19, 100].flatMap((percent) =>
      [1, 3, 107, 119, 1190, 12_345, 999_999_999_999].map((minor) => answer('taxIncluded', minor, percent)),
    ),
    ...reported.flatMap((text) =>
      [undefined, '.', ','].map((mark) => answer('reportedAmount', text, 2, mark ?? null)),
    ),
    ...['5', '5.', '5.00', '-0', '5.01', '1,5'].map((text) => answer('reportedAmount', text, 0, null)),
    ...[0, 1, 1.005, 0.1 + 0.2, 12.34, -5.5, 1e9 + 0.01, 1e21, 999_999_999_999.99, 0.004, 5e-7].flatMap(
      (value) => [0, 2, 3].map((digits) => answer('amountFromNumber', value, digits)),
    ),
    ...[null, '1'].map((value) => answer('amountFromNumber', value, 2)),
  ];
}

/** Amounts as banks and providers write them, with marks of decimals and thousands. */
const reported = [
  ...[
    '',
    '0',
    '-0',
    '-0.00',
    '5',
    '+5',
    '-5',
    '--5',
    '5-',
    '12.34',
    '-12.34',
    '+12,34',
    '1.2.3',
    ' 5',
    '5 ',
    'x5',
  ],
  ...[
    '1.',
    '1,',
    '.5',
    ',5',
    '1.5',
    '1,5',
    '12.3400',
    '12.345',
    '12,3450',
    '1,234',
    '1.234',
    '1,234.5',
    '1.234,5',
  ],
  ...[
    '12,34,567',
    '1,234,567.89',
    '-1.234.567,89',
    '1234,567',
    '0,001',
    '1,234,56',
    '12345.6',
    '12345,6',
    '5.0a',
  ],
  ...['12,345', '123,456.7', '12.345', '123.456,7', '1234.567', ',123', '.123'],
  ...['9999999999.99', '10000000000.00', '9,999,999,999.99', '10.000.000.000,00', '-9999999999.99', '007.5'],
];

export function splitCalls(): readonly CallVector[] {
  const limits = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 99_999 })), {
    minLength: 1,
    maxLength: 6,
  });
  const cases = some(
    limits.chain((list) => fc.tuple(fc.nat(list.reduce((sum, limit) => sum + limit, 0)), fc.constant(list))),
    45,
  );
  const free: [number, number[]][] = [
    [0, []],
    [0, [0, 0]],
  ];
  return [...cases, ...free].flatMap(([amount, list]) => [
    answer('splitEvenly', amount, list),
    answer('splitProportionally', amount, list),
    ...paymentOrders.map((order) => answer('spread', amount, list, order)),
  ]);
}

const changes: Values<readonly Change[]> = fc.array(
  fc.record({
    place: fc.nat(),
    key: fc.constantFrom('same', 'same', 'same', 'removed', 'note'),
    value: anyValue.filter((value) => JSON.stringify(value).length < 60),
  }),
  { minLength: 1, maxLength: 1 },
);

/** Returns variants of examples that are valid or not. */
function variants(from: readonly object[], count: number): readonly object[] {
  const changed = some(fc.tuple(fc.constantFrom(...from), changes), count).map(([example, list]) =>
    JSON.parse(JSON.stringify(list.reduce(changedBy, structuredClone(example)))),
  );
  return [...from, ...changed];
}

const beyond = (definition: string) =>
  inexpressible
    .filter((each) => each.definition === definition)
    .map(({ example }) => JSON.parse(JSON.stringify(example)));

/** Fields that do not fit together, by the type of the command; null stands for a field that is left out. */
const together: readonly (readonly [keyof typeof wholeCommands, object])[] = [
  ['ReceivePayment', { part: 'rest', feeIds: ['f1'], order: null, allocations: null }],
  [
    'ReceivePayment',
    { part: 'rest', feeIds: null, order: null, allocations: [{ feeId: 'f1', amount: '1' }] },
  ],
  ['ReceivePayment', { part: 'rest', feeIds: null, order: null, allocations: [] }],
  ...[
    { feeIds: ['f1'], allocations: null },
    { feeIds: null, allocations: null },
    { feeIds: null, allocations: [] },
    { feeIds: null, allocations: [{ feeId: 'f1', amount: '1' }] },
  ].map(
    (chosen) =>
      ['ReceivePayment', { part: 'rest', order: null, externalTransactionTotal: null, ...chosen }] as const,
  ),
  ['ReceivePayment', { part: 'whole', amount: '5.00', externalTransactionTotal: '6.00' }],
  ['ReceivePayment', { part: 'whole', amount: '5.00', externalTransactionTotal: '5.00' }],
  ['ReceivePayment', { part: 'whole', externalTransactionId: null, externalTransactionTotal: null }],
  ['ReceivePayment', { part: null, externalTransactionId: null, externalTransactionTotal: '9.00' }],
  ['ReceivePayment', { allocations: [{ feeId: 'f1', amount: '1' }], feeIds: ['f1'], order: null }],
  ['ReceivePayment', { allocations: [{ feeId: 'f1', amount: '1' }], feeIds: null, order: 'oldest-first' }],
  ['RefundCredit', { externalTransactionId: null, externalTransactionTotal: '9.00' }],
  ['ReversePayment', { externalTransactionId: null, externalTransactionTotal: '9.00' }],
  ['ApplyCredit', { allocations: [], feeIds: null, order: null }],
  ['ApplyCredit', { allocations: [{ feeId: 'f1', amount: '1' }], feeIds: null, order: 'oldest-first' }],
  ['AccrueFine', { total: null, ends: null }],
  ['AccrueFine', { id: 'same', feeId: 'same' }],
  ...['0', '0.0', '0.00', '0.000', '00', '-0', '4.5', '4.505', 'x', '', 5].map(
    (total) => ['AccrueFine', { total, ends: null }] as const,
  ),
  ['ReturnLostItem', { feeIds: ['f1'], loanId: 'l1' }],
  ['ReturnLostItem', { feeIds: null, loanId: null }],
  ['ResolveDispute', { outcome: 'patronUpheld', remedy: null }],
  ['ResolveDispute', { outcome: 'feeStands', remedy: 'waive' }],
  ['TransferFees', { fees: [{ feeId: 'f1' }], credits: null, eligible: {} }],
  ['TransferFees', { fees: null, credits: [{ creditId: 'c1' }], eligible: {} }],
  ['TransferFees', { fees: null, credits: null, eligible: null }],
  ['IssueCredit', { cause: 'manual', purpose: 'refundable' }],
  // The limits of ids.
  ['DisputeFee', { id: '' }],
  ['DisputeFee', { id: 'i'.repeat(200) }],
  ['DisputeFee', { id: 'i'.repeat(201) }],
  ['DisputeFee', { id: 'i\0' }],
  ['DisputeFee', { id: '\u{1F4D6}' }],
  ['DisputeFee', { id: '\u{1F4D6}'[0] }],
];

/** Commands whose fields of a depth are wrong in the same way: of every type those whose faults no type before had. */
function wrongFields(): readonly object[] {
  const seen = new Set<string>();
  return [1, 2, 3].flatMap((depth) =>
    wrongValues.flatMap((wrong) =>
      Object.entries(wholeCommands).flatMap(([type, whole]) => {
        // What all commands have is part of the first one.
        const { by: _by, approvedBy: _approved, metadata: _metadata, ...own } = whole;
        const given = type === 'AssessFee' ? whole : own;
        const replaced = (isMeant?: (place: string) => boolean) => ({
          ...(replacedAt(given, depth, wrong, isMeant) as object),
          type,
        });
        const { result } = answer('command', replaced(), 2);
        const { faults = [] } = result as { faults?: readonly { path: string; expected: string }[] };
        const places = faults.flatMap(({ path, expected }) => {
          const fault = `${wrong} ${path.replace(/\[\d+\]/g, '')} ${expected}`;
          if (seen.has(fault)) return [];
          seen.add(fault);
          return [path];
        });
        return places.length === 0 ? [] : [replaced((place) => places.includes(place))];
      }),
    ),
  );
}

export const shapeCalls = (): readonly CallVector[] =>
  [
    ...variants(Object.values(wholeCommands), 250),
    ...together.map(([type, fields]) =>
      Object.fromEntries(
        Object.entries({ ...wholeCommands[type], ...fields }).filter(([, value]) => value !== null),
      ),
    ),
    ...beyond('Command'),
    ...wrongFields(),
    ...[null, 5, true, 'DisputeFee', [], {}, { type: null }, { type: 5 }],
  ].map((command) => answer('command', command, 2));

/** Steps of a fine that follow one another, or do not. */
const stepsTogether: readonly (readonly object[])[] = [
  [
    { from: 1, to: 3, amount: '1' },
    { from: 4, amount: '2' },
  ],
  [
    { from: 2, to: 3, amount: '1' },
    { from: 9, to: 9, amount: '2' },
  ],
  [
    { from: 1, to: 3, amount: '1' },
    { from: 3, amount: '2' },
  ],
  [{ from: 4, to: 3, amount: '1' }],
  [
    { from: 1, amount: '1' },
    { from: 9, amount: '2' },
  ],
  [
    { from: 5, to: 6, amount: '1' },
    { from: 1, to: 2, amount: '2' },
  ],
];

/** Fields of a fine rule that are each valid, but not together, and some that are. */
function rulesTogether(): readonly object[] {
  const day = { length: 1, unit: 'day' };
  const rule = { currency: 'USD', amount: '1', period: day };
  const steps = [{ from: 1, amount: '2' }];
  const later = { charges: 'laterPeriods', amount: '2' } as const;
  const units = ['minute', 'hour', 'day', 'week', 'month', 'year'];
  const measures = ['time', 'wholeHours', 'calendarDays'];
  const closedTimes = ['counted', 'hoursExcluded', 'daysExcluded'];
  return [
    { ...rule, steps },
    { currency: 'USD', period: day },
    { ...rule, recalled: { charges: 'allPeriods', amount: '2', steps } },
    { ...rule, recalled: { charges: 'allPeriods', steps: stepsTogether[2] } },
    ...[day, { length: 2, unit: 'day' }].map((period) => ({ ...rule, recalled: { ...later, period } })),
    ...[null, day, { length: 2, unit: 'day' }].map((grace) => ({
      ...{ ...rule, grace: day, recalled: { ...later, grace } },
    })),
    ...['hour', 'day'].map((unit) => ({ ...rule, grace: { length: 2, unit, endsOnOpenDay: true } })),
    ...units.flatMap((unit) =>
      measures.flatMap((measure) =>
        closedTimes.map((closedTime) => ({ ...rule, period: { length: 1, unit }, measure, closedTime })),
      ),
    ),
    ...units.flatMap((unit) => measures.map((measure) => ({ ...rule, measure, grace: { length: 2, unit } }))),
    ...units.flatMap((unit) => [
      { ...rule, grace: { length: 2, unit, closedTime: 'daysExcluded' } },
      {
        ...rule,
        recalled: { charges: 'allPeriods', period: { length: 1, unit }, grace: { length: 1, unit } },
      },
    ]),
  ];
}

export function overdueInputCalls(): readonly CallVector[] {
  const { FineRuleInput = [], LibraryCalendarInput = [] } = examples();
  const rules = some(lateLoans(undefined, settledZones), 20, 3).map(({ rule }) => rule);
  const calendars = some(lateLoans(undefined, settledZones), 20, 3).map(({ calendar }) => calendar);
  return [
    ...[
      ...variants([...(FineRuleInput as object[]), ...rules], 110),
      ...beyond('FineRuleInput'),
      ...stepsTogether.map((steps) => ({ currency: 'USD', steps, period: { length: 1, unit: 'day' } })),
      ...rulesTogether(),
    ].map((input) => answer('fineRule', input)),
    ...[
      ...variants([...(LibraryCalendarInput as object[]), ...calendars], 70),
      ...beyond('LibraryCalendarInput'),
      ...[
        '109:00-17:00',
        '09:00-17:000',
        '24:00-25:00',
        '9:00-17:00',
        '09:00-09:00',
        '22:00-24:00',
        '22:00-02:00',
      ].map((opening) => ({ timeZone: 'Europe/Vienna', openingHours: { monday: [opening] } })),
    ].map((input) => answer('calendar', input)),
    ...['2026-10-19', '2026-10-20', '2026-10-26', '2026-12-24', '2026-12-26', '2026-02-30'].map((date) =>
      answer('openings', namedDays(), date),
    ),
  ];
}

/** Days with openings and without, with names and without. */
const namedDays = () =>
  defineCalendar({
    timeZone: 'Europe/Vienna',
    openingHours: { monday: ['10:00-12:00', '13:00-18:00'], saturday: ['10:00-14:00'] },
    closures: [{ everyYear: '10-26', name: 'National Day' }, { from: '2026-12-26' }],
    specialHours: [{ from: '2026-12-24', name: 'Christmas Eve', hours: { thursday: ['09:00-12:00'] } }],
  });

/** The terms of other systems, as fine rules. */
export function otherSystemsCalls(): readonly CallVector[] {
  const usd = { currency: 'USD' };
  const terms: Readonly<Record<string, readonly object[]>> = {
    likeAlma: (['minute', 'hour', 'day'] as const).flatMap((per) => [
      { ...usd, overdueFine: { amount: '0.25', per } },
      {
        ...{ ...usd, overdueFine: { amount: '0.25', per }, maximumFine: '10', maximumRecalledFine: 'none' },
        gracePeriod: { length: 2, unit: per, excludedFromFine: per === 'hour' },
        recalledOverdueFine: { amount: '1.00', per },
      },
      { ...usd, overdueFine: { amount: '0.25', per }, maximumFine: '0', maximumRecalledFine: '5.00' },
      { ...usd, overdueFine: { amount: '0.25', per }, gracePeriod: { length: 2, unit: per } },
      { ...usd, overdueFine: { amount: '0.25' }, gracePeriod: { length: 0, unit: per } },
    ]),
    likeFolio: [
      ...folioGraces(usd),
      ...['minute', 'hour', 'day', 'week', 'month', 'year', 'decade'].flatMap((intervalId) => [
        { ...usd, overdueFine: { quantity: '0.50', intervalId }, maxOverdueFine: '0' },
        {
          ...{
            ...usd,
            overdueFine: { quantity: '0.50', intervalId },
            maxOverdueFine: '20',
            countClosed: true,
          },
          ...{ overdueRecallFine: { quantity: '2', intervalId: 'day' }, maxOverdueRecallFine: '30' },
          ...{ gracePeriodRecall: true, ignoreGracePeriodRecall: true, forgiveOverdueFine: true },
        },
        { ...usd, overdueFine: { quantity: '0.50', intervalId } },
        { ...usd, overdueFine: { quantity: 'x', intervalId } },
      ]),
    ],
    likeKoha: ['days', 'hours', 'weeks'].flatMap((lengthunit) => [
      { ...usd, fine: '0.50', lengthunit },
      { ...usd, fine: '0.50', lengthunit, chargeperiod: 7, chargeperiod_charge_at: 1, firstremind: 3 },
      { ...usd, fine: '0.50', lengthunit, overduefinescap: '5', recall_overdue_fine: '1.00' },
      { ...usd, fine: '0.50', lengthunit, finesCalendar: 'noFinesWhenClosed', firstremind: 1 },
      { ...usd, fine: '0.50', lengthunit, overduefinescap: '0', chargeperiod: 0 },
      { ...usd, fine: '0.50', lengthunit, overduefinescap: '0.00', FinesIncludeGracePeriod: true },
      { ...usd, fine: '0.50', lengthunit, cap_fine_to_replacement_price: true },
      {
        ...{ ...usd, fine: '0.50', lengthunit, firstremind: 2, FinesIncludeGracePeriod: true },
        ...{ cap_fine_to_replacement_price: true, defaultReplacementCost: '30.00' },
      },
      { ...usd, fine: '-1', lengthunit },
      { ...usd, fine: '0.50', lengthunit, firstremind: -1, chargeperiod_charge_at: 2, finesCalendar: 'x' },
      ...[{ firstremind: -1 }, { chargeperiod_charge_at: 2 }, { finesCalendar: 'x' }].map((one) => ({
        ...{ ...usd, fine: '0.50', lengthunit, ...one },
      })),
      { ...usd, fine: '0.50', lengthunit, finesCalendar: 'ignoreCalendar', FinesIncludeGracePeriod: 1 },
      {
        ...{ ...usd, fine: '0.50', lengthunit, firstremind: 2, FinesIncludeGracePeriod: false },
        finesCalendar: 'ignoreCalendar',
      },
      { ...usd, fine: '0.50', lengthunit, overduefinescap: 'x', recall_overdue_fine: '0' },
      { ...usd, fine: '0.50', lengthunit, cap_fine_to_replacement_price: 'yes', defaultReplacementCost: 'x' },
    ]),
    likeEvergreen: ['minute', 'hour', 'day', 'week', 'month'].flatMap((unit) => [
      { ...usd, recurring_fine: '0.10', fine_interval: { length: 1, unit }, max_fine: '5.00' },
      {
        ...{ ...usd, recurring_fine: '0.10', fine_interval: { length: 2, unit }, max_fine: { percent: 50 } },
        ...{ grace_period: { length: 2, unit }, chargeWhenClosed: true, extendGrace: true },
      },
      {
        ...{ ...usd, recurring_fine: '0.10', fine_interval: { length: 2, unit }, max_fine: '0' },
        grace_period: { length: 2, unit },
      },
      { ...usd, recurring_fine: '0.10', fine_interval: { length: 0, unit }, max_fine: { percent: 'x' } },
      ...[{ percent: 50 }, '5.00'].flatMap((max_fine) =>
        ['no', 'atEnd', 'all', 'some'].map((extendGrace) => ({
          ...{ ...usd, recurring_fine: '0.10', fine_interval: { length: 1, unit: 'day' }, max_fine },
          ...{ grace_period: { length: 2, unit }, capAtPrice: true, extendGrace },
        })),
      ),
    ]),
  };
  return Object.entries(terms).flatMap(([call, list]) => list.map((given) => answer(call, given)));
}

/** Overdue fine policies of FOLIO with grace, which a recall may end, and a unit of grace that does not exist. */
function folioGraces(usd: object): readonly object[] {
  const overdueFine = { quantity: '0.50', intervalId: 'day' };
  const recall = { overdueRecallFine: { quantity: '2', intervalId: 'hour' }, maxOverdueRecallFine: '0' };
  return ['Minutes', 'Hours', 'Days', 'Weeks', 'Months', 'Years'].flatMap((intervalId) =>
    [true, false].map((gracePeriodRecall) => ({
      ...{ ...usd, overdueFine, maxOverdueFine: '20', ...recall },
      ...{ gracePeriod: { duration: 3, intervalId }, gracePeriodRecall },
    })),
  );
}

/** Reminders of loans, some of them sent. */
export function reminderCalls(): readonly CallVector[] {
  const unit = fc.constantFrom('day', 'week', 'month', 'hour');
  const rules = fc.record({
    currency: fc.constantFrom('USD', 'JPY'),
    steps: fc.array(
      fc.record({
        after: fc.record({ length: fc.integer({ min: 1, max: 3 }), unit }),
        amount: fc.constantFrom('0', '1', '3'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    onClosedDays: fc.constantFrom('wait', 'send'),
  });
  const sent = fc.array(fc.constantFrom('2026-03-10T09:00:00Z', '2026-03-20T09:00:00Z'), { maxLength: 2 });
  const loans = some(
    fc.tuple(rules, lateLoans(undefined, settledZones), fc.option(sent, { nil: undefined }), fc.boolean()),
    70,
    11,
  );
  return [
    ...loans.slice(0, 10).map(([rule]) => answer('reminderRule', rule)),
    answer('reminderRule', { currency: 'USD', steps: [] }),
    answer('reminderRule', { currency: 'USD', steps: [{ after: { length: 0, unit: 'day' }, amount: '1' }] }),
    ...loans.map(([rule, { dueAt, until, calendar }, sentAt, stops]) =>
      answer('reminders', {
        ...{ dueAt, until, rule, calendar },
        ...(sentAt && { sentAt: [...sentAt].sort() }),
        ...(stops && { stoppedAt: dueAt }),
      }),
    ),
  ];
}

/** By how much a patron is behind a plan: on time, late, ahead, and when a payment bounced. */
export function behindCalls(): readonly CallVector[] {
  const instalments = ['2026-04-01', '2026-05-01', '2026-06-01'].map((dueOn, index) => ({
    ...{ dueOn, amount: [300, 300, 401][index] },
  }));
  return ['2026-03-31', '2026-04-01', '2026-05-31', '2026-06-01', '2027-01-01'].flatMap((on) =>
    [0, 1, 401, 701, 702, 1001, 1200].map((owed) => answer('behind', { instalments }, owed, on)),
  );
}

export function instalmentCalls(): readonly CallVector[] {
  const at = { firstDueOn: '2026-01-31', currency: 'USD' };
  const intervals = [{ days: 7 }, { days: 366 }, { months: 1 }, { months: 12 }, { months: 0 }, { days: 367 }];
  return ['100.00', '0.03', '99.99', '0'].flatMap((amount) =>
    [1, 3, 7, 601].flatMap((number) =>
      intervals.map((interval) => answer('instalments', { ...at, amount, number, interval })),
    ),
  );
}

/** Every rejection with its sentence in English; those with amounts also as a reader writes amounts; unknown ones. */
export function sentenceCalls(): readonly CallVector[] {
  const known = Object.entries(rejectionSentences).flatMap(([type, said]) =>
    said.map(([fields]) => ({ type, kind: rejectionKinds[type as RejectionType], ...fields })),
  );
  const plain = known.map((rejection) => answer('sentence', rejection));
  const written = known.map((rejection) => answer('sentence', rejection, '[{amount}]'));
  const amounts = [
    'above',
    'available',
    'deposit',
    'expected',
    'expectedTotal',
    'left',
    'minimumAmount',
    'payable',
  ];
  const unknown = ['Unknown', 'toString'].flatMap((type) => [
    { type, kind: 'conflict' },
    { type, kind: 'conflict', amount: '5.00', limit: 5, owed: 'USD', feeId: 'f1', total: '-5' },
  ]);
  const jobs = {
    type: 'ApprovalRequired',
    kind: 'forbidden',
    commandType: 'Purge',
    roles: ['HEAD', 'CHIEF'],
  };
  const offices = {
    type: 'Unknown',
    kind: 'conflict',
    ...Object.fromEntries(amounts.map((name) => [name, '5.00'])),
  };
  const words = { FeeNotFound: 'Die Gebühr {feeId} gibt es nicht.', Unknown: '{amount} für {feeId}' };
  return [
    ...plain,
    ...written.filter((one, index) => one.result !== plain[index]?.result),
    ...[...unknown, offices, jobs].map((rejection) => answer('sentence', rejection, '[{amount}]')),
    ...[...known.filter(({ type }) => type === 'FeeNotFound'), ...unknown].map((rejection) =>
      answer('sentence', rejection, '[{amount}]', words),
    ),
  ];
}

/** Late loans, most of which cost something. */
export const fineCalls = (): readonly CallVector[] => {
  const answers = some(lateLoans(undefined, settledZones), 900, 5).map((loan) => answer('fine', loan));
  const isFree = ({ result }: CallVector) =>
    Number((result as { amount?: string } | undefined)?.amount ?? 0) === 0;
  return [
    ...answers.filter((each) => !isFree(each)).slice(0, 300),
    ...answers.filter(isFree).slice(0, 60),
    ...rareLoans().map((loan) => answer('fine', loan)),
  ];
};

/** Loans that random ones seldom are: prices that are missing or invalid, amounts that are too large, openings that the clocks skip. */
function rareLoans(): readonly object[] {
  const priceCap = { percent: 50, defaultPrice: null, withoutPrice: 'refuse' } as const;
  const daily = { currency: 'USD', amount: '1', period: { length: 1, unit: 'day' } } as const;
  const due = { dueAt: '2026-03-05T12:00:00Z', until: '2026-03-12T12:00:00Z' };
  const loan = { ...due, rule: defineFineRule({ ...daily, priceCap }), calendar: calendarOf({}) };
  const prices = [undefined, '7', '0', '-1', 'x', 7, ''].map((price) => ({ ...loan, price }));
  const usual = { ...loan, rule: defineFineRule({ ...daily, priceCap: { ...priceCap, defaultPrice: '9' } }) };
  const large = defineFineRule({ ...daily, amount: '9999999999.99' });
  // At 2 o'clock on 8 March the clocks of New York show 3.
  const night = { sunday: ['02:00-03:00'], monday: ['02:00-03:00'], saturday: ['02:00-03:00'] };
  const hourly = { ...daily, period: { length: 1, unit: 'hour' }, closedTime: 'hoursExcluded' } as const;
  return [
    ...prices,
    ...[undefined, '4'].map((price) => ({ ...usual, price })),
    { ...loan, rule: large },
    { ...loan, rule: defineFineRule({ ...daily, amount: '9999999999.99', maximum: '20' }) },
    { ...due, rule: defineFineRule(hourly), calendar: calendarOf(night) },
    ...farLoans(),
  ];
}

/**
 * Loans of years in which the calendar repeats after 400 years, over several years with closures of their own, in months, and with clocks
 * that change within them; at some of these instants a loan has just begun to be late.
 */
function farLoans(): readonly object[] {
  const rule = (unit: string, fields: object = {}) =>
    defineFineRule({ currency: 'USD', amount: '0.01', period: { length: 1, unit }, ...fields } as never);
  const week = {
    ...{ monday: ['09:00-17:00'], wednesday: ['09:00-12:00'], friday: ['09:00-12:00'] },
    sunday: ['00:30-04:00'],
  };
  const busy = defineCalendar({
    timeZone: 'America/New_York',
    openingHours: week,
    closures: [
      { everyYear: '07-04', name: 'Independence Day' },
      { everyYear: '12-31' },
      { from: '2026-12-24', to: '2027-01-02', name: 'Winter' },
      { from: '2027-08-01', to: '2027-08-20' },
    ],
    specialHours: [
      { from: '2026-06-01', to: '2026-06-30', hours: { tuesday: ['10:00-11:00'] } },
      { from: '2027-03-01', to: '2027-03-31', hours: { sunday: ['01:00-03:30'] } },
      { from: '2028-05-01', to: '2028-05-14', hours: { friday: ['10:00-20:00'] } },
    ],
  } as never);
  const opens = { closedTime: 'hoursExcluded' };
  const rules = [
    ...['hour', 'minute'].flatMap((unit) => [rule(unit), rule(unit, opens)]),
    ...['day', 'week'].flatMap((unit) => [
      rule(unit, { closedTime: 'daysExcluded' }),
      rule(unit, { closedTime: 'daysExcluded', measure: 'time' }),
    ]),
    ...['day', 'month', 'year'].flatMap((unit) => [
      rule(unit, { measure: 'time' }),
      rule(unit, { charged: 'completed' }),
      rule(unit, { grace: { length: 1, unit, mode: 'excluded' } }),
    ]),
  ];
  const spans = [
    ['2026-03-08T05:30:00Z', '2026-03-08T08:30:00Z'],
    ['2026-11-01T03:30:00Z', '2026-11-02T03:30:00Z'],
    ['2026-05-29T20:59:00Z', '2026-07-06T13:00:00Z'],
    ['2026-12-31T12:00:00Z', '2027-01-01T04:59:59Z'],
    ['2026-12-31T12:00:00Z', '2027-01-01T05:00:00Z'],
    ['2026-05-15T12:00:00Z', '2029-01-01T05:00:00Z'],
    ['2027-02-27T12:00:00Z', '2028-05-05T15:00:00Z'],
    ['2627-06-30T12:00:00Z', '2627-12-01T12:00:00Z'],
    ['3027-03-01T12:00:00Z', '3027-03-20T12:00:00Z'],
    ['2026-01-31T12:00:00Z', '2026-03-01T12:00:00Z'],
    ['2026-05-15T12:00:00Z', '2027-12-30T18:00:00Z'],
    ['2026-03-05T12:00:00Z', '2026-03-05T12:00:00Z'],
  ] as const;
  const samoa = defineCalendar({ timeZone: 'Pacific/Apia' });
  const skipped = ['2011-12-31T10:00:00Z', '2012-01-01T11:00:00Z'].flatMap((until) =>
    ['2011-12-29T20:00:00Z', '2011-12-30T09:00:00Z'].flatMap((dueAt) =>
      ['calendarDays', 'time'].map((measure) => ({
        ...{ dueAt, until, calendar: samoa, rule: rule('day', { measure }) },
      })),
    ),
  );
  // A closure before the day that Samoa skipped, and one after it.
  const closed = defineCalendar({
    timeZone: 'Pacific/Apia',
    closures: [
      { from: '2011-12-26', to: '2011-12-27' },
      { from: '2012-01-03', to: '2012-01-04' },
    ],
  });
  const between = { dueAt: '2011-12-20T20:00:00Z', until: '2012-01-10T20:00:00Z', calendar: closed };
  // A closure that begins on that day, which is the first on which the loan is late; and that day every year.
  const onIt = [
    { closures: [{ from: '2011-12-30', to: '2012-01-01' }] },
    { closures: [{ everyYear: '12-30' }] },
  ].map((closures) => ({
    ...{ dueAt: '2011-12-30T08:00:00Z', until: '2012-01-05T20:00:00Z' },
    calendar: defineCalendar({ timeZone: 'Pacific/Apia', ...closures }),
    rule: rule('day', { closedTime: 'daysExcluded' }),
  }));
  // A library that never opens again, after the due date or at all.
  const ended = [[], [{ from: '2026-03-02', to: '2026-03-04', hours: ['09:00-17:00'] }]].flatMap(
    (specialHours) =>
      [
        rule('day', { closedTime: 'daysExcluded' }),
        rule('day', { closedTime: 'daysExcluded', measure: 'time' }),
        rule('hour', opens),
        ...['calendarDays', 'time'].map((measure) =>
          rule('day', {
            ...{ closedTime: 'daysExcluded', measure },
            grace: { length: 2, unit: 'day', closedTime: 'counted', endsOnOpenDay: true },
          }),
        ),
      ].map((each) => ({
        ...{ dueAt: '2026-03-03T12:00:00Z', until: '2026-03-20T12:00:00Z', rule: each },
        calendar: defineCalendar({ timeZone: 'Europe/Vienna', openingHours: { monday: [] }, specialHours }),
      })),
  );
  return [
    { ...between, rule: rule('day', { closedTime: 'daysExcluded' }) },
    ...onIt,
    ...ended,
    ...rules.slice(0, 4).map((each) => ({
      ...{ dueAt: '2026-03-05T12:00:00Z', until: '2026-03-05T09:00:00Z', rule: each, calendar: busy },
    })),
    ...rules.flatMap((each) => spans.map(([dueAt, until]) => ({ dueAt, until, rule: each, calendar: busy }))),
    ...skipped,
  ];
}

const calendarOf = (openingHours: object) =>
  defineCalendar({
    timeZone: 'America/New_York',
    ...(Object.keys(openingHours).length > 0 && { openingHours }),
  });

const currencyOf = (events: readonly object[]) =>
  (events.map((event) => (event as { data: { currency?: string } }).data.currency).find(Boolean) ??
    'USD') as string;

export function historyCalls(): readonly CallVector[] {
  return [
    ...[...goldenLogs.values()].map((events) => answer('fold', events, currencyOf(events))),
    ...edgeCalls().filter(({ error }) => error === undefined),
  ];
}

/** Histories with taxed fees. */
export function taxCalls(): readonly CallVector[] {
  const { policies, stories } = arbitraries(fc);
  const taxed = policies().chain((policy) =>
    stories({ maxCommands: 12, ids: 'plain', policies: [withTaxes(policy)] }),
  );
  const histories = some(taxed, 60, 13)
    .map(({ steps }) => steps.flatMap(({ decision }) => decision.events))
    .filter((events) => events.length > 4);
  return [...histories, usedAlike()].map((events) => answer('tax', events));
}

/** A taxed credit of which three equal parts with different taxes are used; the first use is undone. */
function usedAlike(): readonly AccountEvent[] {
  const policy = definePolicy({ currency: 'USD', feeTypes: { TAXED: { label: 'Taxed', vatPercent: 19 } } });
  const at = '2026-03-02T09:00:00Z';
  const fees = ['1.00', '0.33', '0.33', '0.33'].map((amount, index) => ({
    ...{ type: 'AssessFee', id: `f${index}`, feeType: 'TAXED', amount, owner: 'MAIN', at },
  }));
  const uses = ['f1', 'f2', 'f3'].map((feeId) => ({
    ...{ type: 'ApplyCredit', id: `u-${feeId}`, creditId: 'x1#1', feeIds: [feeId], at },
  }));
  const decision = decide(
    [
      ...fees,
      { type: 'ReceivePayment', id: 'p1', method: 'CASH', amount: '1.00', feeIds: ['f0'], at },
      { type: 'CancelFee', id: 'x1', feeId: 'f0', at },
      ...uses,
      { type: 'ReverseCreditApplication', id: 'r1', applicationId: 'u-f1', at },
    ] as Command[],
    fold([]),
    policy,
  );
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  return decision.events.map(({ metadata: _, ...event }) => event as AccountEvent);
}

const withTaxes = (policy: FeePolicy): FeePolicy => ({
  ...policy,
  feeTypes: Object.fromEntries(
    Object.entries(policy.feeTypes).map(([code, rule], index) => [
      code,
      { ...rule, vatPercent: [19, 7, 8.1][index % 3] as number },
    ]),
  ),
});

/** Events of every type, and what is left when their texts are erased. */
export function erasedCalls(): readonly CallVector[] {
  const seen = new Map<string, number>();
  return [...goldenLogs.values()].flat().flatMap((event) => {
    const { type, data } = event as AccountEvent;
    const shape = `${type} ${'cause' in data ? data.cause : ''}`;
    const times = seen.get(shape) ?? 0;
    seen.set(shape, times + 1);
    return times < 3 ? [answer('erase', event)] : [];
  });
}

export function mergedCalls(): readonly CallVector[] {
  const { mergedAccounts } = arbitraries(fc);
  return some(mergedAccounts({ maxCommands: 5 }), 14).flatMap(({ accounts, policy }) =>
    accounts.map(({ events }) => answer('fold', events, policy.currency)),
  );
}

/** Golden logs in which one id is that of another row, or of none, cut off after it. */
function exchangedIds() {
  return [...goldenLogs.values()].flatMap((events) => {
    const rows = [
      ...new Set(events.flatMap((event) => Object.entries(event.data).filter(isId)).map(([, id]) => id)),
    ];
    return events.flatMap((event, index) =>
      Object.entries(event.data)
        .filter(isId)
        .flatMap(([field, id]) =>
          [...rows.filter((row) => row !== id).slice(0, 12), 'nobody'].map((other) => {
            const changed = { ...event, data: { ...event.data, [field]: other } };
            return { events: [...events.slice(0, index), changed], currency: currencyOf(events) };
          }),
        ),
    );
  });
}

/** Golden logs cut off after an event that undoes something, which happens once more under another id. */
function undoneTwice() {
  return [...goldenLogs.values()].flatMap((events) =>
    events.flatMap(({ type, data }, index) => {
      if (!('reversalId' in data)) return [];
      const again = { type, data: { ...data, reversalId: 'once more' } } as AccountEvent;
      return [{ events: [...events.slice(0, index + 1), again], currency: currencyOf(events) }];
    }),
  );
}

/** Golden logs cut off after an event one of whose amounts is a minor unit larger or smaller. */
function otherAmounts() {
  return [...goldenLogs.values()].flatMap((events) => {
    const currency = currencyOf(events);
    const digits = minorDigits(currency) as number;
    return events.flatMap((event, index) =>
      amountsIn(event.data).flatMap((path) =>
        [-1, 1].map((units) => {
          const changed = structuredClone(event);
          const [last = '', ...rest] = [...path].reverse();
          const owner = rest.reduceRight<Record<string, unknown>>(
            (value, key) => value[key] as Record<string, unknown>,
            changed.data as never,
          );
          const minor = Math.round(Number(owner[last]) * 10 ** digits) + units;
          owner[last] = formatAmount(Math.max(0, minor), digits);
          return { events: [...events.slice(0, index), changed], currency };
        }),
      ),
    );
  });
}

/** Returns the paths of the amounts in plain data. */
function amountsIn(value: object): readonly (readonly string[])[] {
  return Object.entries(value).flatMap(([key, field]): readonly (readonly string[])[] => {
    if (typeof field === 'object' && field !== null) return amountsIn(field).map((path) => [key, ...path]);
    return /^(amount|total|cancelled|externalTransactionTotal)$/.test(key) ? [[key]] : [];
  });
}

const edgeCalls = () => edgeHistories().map((events) => answer('fold', events, 'USD'));

/** Histories whose last event just breaks a rule that random ones seldom break, or just fits. */
function edgeHistories(): readonly (readonly unknown[])[] {
  const at = '2026-03-02T09:00:00Z';
  const money = { amount: '5.00', currency: 'USD', at };
  const fee = { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', owner: 'MAIN', ...money } };
  const lost = { ...fee, data: { ...fee.data, feeType: 'LOSTITEMREPLACEMENTFEE', lostItem: true } };
  const credit = { creditId: 'c1', feeId: 'f1', cause: 'waived', purpose: 'setOff', ...money };
  const payment = {
    paymentId: 'p1',
    method: 'CASH',
    allocations: [{ feeId: 'f1', amount: '5.00' }],
    ...money,
  };
  const used = (creditId: string, ...allocations: readonly object[]) => ({
    type: 'CreditApplied',
    data: { applicationId: 'a1', creditId, allocations, currency: 'USD', at },
  });
  /** A fine of 5.00 that ended at 2.00. */
  const grown = [
    { ...fee, data: { ...fee.data, accruing: true, total: '5.00' } },
    {
      type: 'AccrualEnded',
      data: { endId: 'e1', feeId: 'f1', cause: 'returned', total: '2.00', currency: 'USD', at },
    },
  ];
  const fallen = (amount: string, total: string) => ({
    type: 'FeeCancelled',
    data: { cancellationId: 'x1', feeId: 'f1', ...money, amount, accrual: true, total },
  });
  const purge = { purgeId: 'x1', events: 1, currency: 'USD', totals: [], at };
  return [
    [null],
    [5],
    ['FeeAssessed'],
    [[]],
    [fee, null],
    [
      lost,
      { type: 'LostItemCreditIssued', data: credit },
      { type: 'CreditTransferred', data: { transferId: 't1', creditId: 'c1', ...money } },
    ],
    [fee, { type: 'PaymentReceived', data: { ...payment, feesNamed: 'f1' } }],
    [fee, { type: 'PaymentReceived', data: { ...payment, feesNamed: ['f1', 'f1'] } }],
    [fee, { type: 'PaymentReceived', data: { ...payment, feesNamed: { 0: 'f1' } } }],
    ...[
      { part: 'whole' },
      { part: 'rest' },
      { part: 'rest', externalTransactionId: 'x1', feesNamed: ['f1'] },
      { part: 'rest', externalTransactionId: 'x1' },
      { externalTransactionId: '' },
      { externalTransactionId: 'x\0' },
      { externalTransactionId: 'x1', method: 'A\0' },
    ].map((more) => [fee, { type: 'PaymentReceived', data: { ...payment, ...more } }]),
    ...['', 5, null, ['f1'], 'f'.repeat(200), 'f'.repeat(201)].map((feeId) => [
      { ...fee, data: { ...fee.data, feeId } },
    ]),
    ...[0, 0.01, 100, 100.01, -1, '19'].map((vatPercent) => [{ ...fee, data: { ...fee.data, vatPercent } }]),
    ...[
      { cause: 'manual', purpose: 'goodwill', feeId: 'f1' },
      { cause: 'cancelled', purpose: 'refundable' },
      { cause: 'cancelled', purpose: 'goodwill', feeId: 'f1' },
      { cause: 'manual', purpose: 'goodwill', accrual: true },
      { cause: 'nonsense', purpose: 'goodwill' },
    ].map((more) => [fee, { type: 'CreditIssued', data: { creditId: 'c1', ...money, ...more } }]),
    ...['0.00', 'x', '-5.00', '5.00'].map((amount) => [
      fee,
      {
        type: 'AccountPurged',
        data: {
          ...purge,
          totals: [{ month: '2026-03', account: ['receivable', 'MAIN'], side: 'debit', amount }],
        },
      },
    ]),
    // A credit that is used on another fee than its own, a refund undone by another amount, a total without a transaction.
    [
      ...[
        lost,
        { ...fee, data: { ...fee.data, feeId: 'f2' } },
        { type: 'LostItemCreditIssued', data: credit },
      ],
      used('c1', { feeId: 'f2', amount: '5.00' }),
    ],
    ...['4.99', '5.00', '5.01'].map((amount) => [
      { type: 'CreditIssued', data: { creditId: 'c1', ...money, cause: 'imported', purpose: 'refundable' } },
      { type: 'CreditRefunded', data: { refundId: 'b1', creditId: 'c1', method: 'CASH', ...money } },
      {
        type: 'RefundReversed',
        data: { reversalId: 'r1', refundId: 'b1', creditId: 'c1', ...money, amount },
      },
    ]),
    [
      ...[lost, { type: 'LostItemCreditIssued', data: credit }],
      { type: 'CreditCancelled', data: { cancellationId: 'x1', creditId: 'c1', forfeited: true, ...money } },
    ],
    [
      { type: 'CreditIssued', data: { creditId: 'c1', ...money, cause: 'manual', purpose: 'goodwill' } },
      { type: 'CreditCancelled', data: { cancellationId: 'x1', creditId: 'c1', forfeited: true, ...money } },
    ],
    ...['0.00', '5.00'].map((amount) => [
      fee,
      { type: 'FeeTransferred', data: { transferId: 't1', feeId: 'f1', expectsSettlement: true, ...money } },
      { type: 'TransferSettled', data: { settlementId: 's1', transferId: 't1', ...money } },
      {
        type: 'SettlementReversed',
        data: { reversalId: 'r1', settlementId: 's1', transferId: 't1', ...money, amount },
      },
    ]),
    [fee, { type: 'PaymentReceived', data: { ...payment, externalTransactionTotal: '5.00' } }],
    ...['2.00', '3.00', '3.01'].map((amount) => [...grown, fallen(amount, '2.00')]),
    ...['0.00', '2.00', '2.01'].map((total) => [...grown, fallen('3.00', total)]),
    ...[
      { cause: 'waived', part: '5.00' },
      { cause: 'waived', part: '5.01' },
      { cause: 'waived', part: '2.00', amount: '1.99' },
      { cause: 'waived', part: '2.00', feeId: 'f2' },
      { cause: 'manual', part: '2.00' },
    ].map(({ cause, part, amount = '5.00', feeId = 'f1' }) => [
      ...[fee, { ...fee, data: { ...fee.data, feeId: 'f2' } }],
      { type: 'FeeTransferred', data: { transferId: 't1', feeId: 'f1', expectsSettlement: true, ...money } },
      { type: 'FeeTransferred', data: { transferId: 't2', feeId: 'f2', expectsSettlement: true, ...money } },
      {
        type: 'CreditIssued',
        data:
          cause === 'waived'
            ? { creditId: 'c1', feeId, ...money, cause, purpose: 'external' }
            : { creditId: 'c1', ...money, cause, purpose: 'goodwill' },
      },
      {
        type: 'TransferRecalled',
        data: {
          recallId: 'r1',
          transferId: 't1',
          ...money,
          amount,
          setOff: [{ creditId: 'c1', amount: part }],
        },
      },
    ]),
    [fee, { type: 'AccountPurged', data: { ...purge, events: 0 } }],
    [fee, { type: 'AccountPurged', data: { ...purge, events: 1.5 } }],
    [fee, { type: 'AccountPurged', data: { ...purge, events: '1' } }],
    [
      fee,
      { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } },
      { type: 'AccountPurged', data: purge },
    ],
  ];
}

const isId = ([field, value]: readonly [string, unknown]) =>
  field.endsWith('Id') && typeof value === 'string';

/** Histories with a fault, cut off after it. */
export function corruptCalls(): readonly CallVector[] {
  const { corruptHistories } = arbitraries(fc);
  const seen = new Map<string, number>();
  const generated = some(corruptHistories({ maxCommands: 5, ids: 'plain' }), 3_000).map(
    ({ events, position, policy }) => ({ events: events.slice(0, position), currency: policy.currency }),
  );
  const found = [...generated, ...exchangedIds(), ...undoneTwice(), ...otherAmounts()].flatMap(
    ({ events: cut, currency }, index) => {
      if (JSON.stringify(cut) !== JSON.stringify(JSON.parse(JSON.stringify(cut)))) return [];
      const vector = answer('fold', cut, currency);
      // A value that JSON cannot hold may have been the fault.
      if (vector.error === undefined) return [];
      // What was expected of an event of this type, without the values of this history.
      const { fault = '', message } = vector.error;
      const expected = `${fault} ${message.replace(/ found .*/s, '').replace(/\S*\d\S*/g, '')}`;
      const times = seen.get(expected) ?? 0;
      seen.set(expected, times + 1);
      return times === 0 || (times < 5 && index < generated.length) ? [vector] : [];
    },
  );
  return [...found, ...edgeCalls().filter(({ error }) => error !== undefined)];
}
