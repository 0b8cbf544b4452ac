import { COMMAND_ID_LENGTH_MAX, ID_LENGTH_MAX } from '../../src/account/fieldSchemas.js';
import { expectedAmount } from '../../src/money/amountSchema.js';
import { AMOUNT_DIGITS_MAX } from '../../src/money/money.js';
import { codeChecks } from '../eventsJsonSchema.js';
import { type Checks, type JsonSchema, ref } from './validatorSchema.js';

/** The number of decimals that currencies have. */
const decimals = [0, 2, 3] as const;

/** Returns the pattern of amounts as people write them, for some numbers of decimals. */
function loosePattern(digits: readonly number[]): string {
  const forms = digits.map((count) => {
    const whole = `(0|[1-9][0-9]{0,${AMOUNT_DIGITS_MAX - count - 1}})`;
    return count === 0 ? whole : `${whole}(\\.[0-9]{1,${count}})?`;
  });
  return `^(${forms.join('|')})$`;
}

/**
 * Returns the definitions that checks refer to.
 *
 * @param digits - the decimals of amounts: those of one currency in tests; in the published files those of every currency
 */
export function fieldDefinitions(digits: readonly number[] = decimals): Record<string, JsonSchema> {
  const most = Math.max(...digits);
  const exactZero = digits.map((count) => (count === 0 ? '0' : `0\\.0{${count}}`)).join('|');
  const name = { type: 'string', ...codeChecks.name };
  return {
    Name: name,
    CommandId: {
      ...name,
      maxLength: COMMAND_ID_LENGTH_MAX,
      description: `The id of a command: 1 to ${COMMAND_ID_LENGTH_MAX} UTF-16 units without U+0000 and lone surrogates.`,
    },
    Text: { type: 'string', ...codeChecks.text },
    Instant: { type: 'string', ...codeChecks.instant },
    LocalDate: { type: 'string', ...codeChecks.date },
    Currency: { type: 'string', ...codeChecks.currency },
    Amount: {
      type: 'string',
      pattern: loosePattern(digits),
      not: { type: 'string', pattern: '^[0.]*$' },
      description:
        "A decimal string above zero with at most the currency's decimals and 12 digits in minor units, such as 12.50 or 12.5.",
    },
    Zero: {
      type: 'string',
      pattern: most === 0 ? '^0$' : `^0(\\.0{1,${most}})?$`,
      description: 'Zero, with or without decimals.',
    },
    PlainZero: {
      type: 'string',
      pattern: `^(0|${exactZero})$`,
      description: "Zero, without decimals or with all of the currency's.",
    },
  };
}

const amountOrPlainZero = { anyOf: [ref('PlainZero'), ref('Amount')] };
const nameOf = ({ lengthMax }: { lengthMax?: unknown }) =>
  ref(lengthMax === ID_LENGTH_MAX ? 'Name' : 'CommandId');

/** What the checks of validators mean in JSON Schema. */
export const checks: Checks = {
  byCode: {
    name: nameOf,
    feeType: nameOf,
    method: nameOf,
    reason: nameOf,
    shortText: () => ref('Text'),
    amount: () => ref('Amount'),
    amountOrZero: () => ref('Zero'),
    instant: () => ref('Instant'),
    date: () => ref('LocalDate'),
    days: () => ({ minimum: 0 }),
    atLeastOne: (_, check) => (check([]) ? {} : { minItems: 1 }),
    // Of objects only the whole can be compared, not the id.
    distinct: () => ({ uniqueItems: true }),
    // On a later day than the one before.
    laterDays: () => ({ uniqueItems: true }),
  },
  byText: {
    [`zero, or ${expectedAmount(2)}`]: amountOrPlainZero,
    'a code of 1 to 200 characters without U+0000': { minLength: 1, maxLength: 200, pattern: '^[^\u0000]*$' },
    'a table by code (__proto__, constructor, prototype cannot be codes)': {
      propertyNames: { not: { enum: ['__proto__', 'constructor', 'prototype'] } },
    },
    'two or more commands': { minItems: 2 },
    'words of an entry': { pattern: '[\\p{L}\\p{N}]' },
    'a percentage from 0 to 100': { minimum: 0, maximum: 100 },
    'a percentage from 0 to 1000': { minimum: 0, maximum: 1000 },
    'a percentage from 0 to 100 with at most 3 decimals': { minimum: 0, maximum: 100 },
    'either an amount or a percentage (percent)': {
      oneOf: [{ required: ['amount'] }, { required: ['percent'] }],
    },
    'a language, such as de': { pattern: '^[a-z]{2,3}$' },
    'a number of days, 0 or more': { minimum: 0 },
    'a whole number from 1 to 1000000': { type: 'integer', minimum: 1, maximum: 1_000_000 },
    'an ISO 4217 code': ref('Currency'),
    'a time zone that this runtime knows': { pattern: '^[^+-]' },
    'an opening such as "09:00-17:00", which ends at another time than it begins': {
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
    },
    'a month and a day that exist, MM-DD': {
      pattern:
        '^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$',
    },
    'openings in the order of the day that do not overlap': {},
    "openings that end before the next day's first opening": {},
  },
  byPath: {
    'policy.feeTypes.*': {
      anyOf: [
        { properties: { lostItem: { const: true } }, required: ['lostItem'] },
        { properties: { refundPercent: { const: 0 } } },
      ],
    },
    // Codes in one table that another has.
    policy: {},
    // Of several units and steps together.
    rule: {
      oneOf: [{ required: ['amount'] }, { required: ['steps'] }],
      allOf: [{ properties: { recalled: { not: { type: 'object', required: ['amount', 'steps'] } } } }],
    },
    'calendar.openingHours': {},
    'calendar.closures[]': {},
    'calendar.specialHours[]': {},
    'calendar.specialHours[].hours': {},
  },
};

const present = (...names: string[]): JsonSchema => ({ required: names });
const anyPresent = (...names: string[]): JsonSchema => ({ anyOf: names.map((name) => present(name)) });
const absent = (...names: string[]): JsonSchema => ({ not: anyPresent(...names) });
const field = (name: string, schema: JsonSchema): JsonSchema => ({ properties: { [name]: schema } });
const fieldIs = (name: string, value: string): JsonSchema => ({
  ...field(name, { const: value }),
  required: [name],
});
const ifThen = (condition: JsonSchema, consequence: JsonSchema): JsonSchema => ({
  anyOf: [{ not: condition }, consequence],
});

/** What the rules between the fields of a command mean, by their code; empty if JSON Schema cannot compare two fields. */
export const fieldRuleSchemas: Readonly<Record<string, JsonSchema>> = {
  allocationsAlone: ifThen(present('allocations'), absent('feeIds', 'order')),
  transactionId: ifThen(anyPresent('externalTransactionTotal', 'part'), present('externalTransactionId')),
  restNamesNoFees: {
    anyOf: [
      { not: fieldIs('part', 'rest') },
      present('externalTransactionTotal'),
      { ...field('allocations', { maxItems: 0 }), ...absent('feeIds') },
    ],
  },
  totalOfWhole: {},
  totalOrEnd: anyPresent('total', 'ends'),
  otherId: {},
  atLeastOne: field('allocations', { minItems: 1 }),
  feesOrLoan: { oneOf: [present('feeIds'), present('loanId')] },
  remedyOfOutcome: {
    anyOf: [
      { ...fieldIs('outcome', 'patronUpheld'), required: ['outcome', 'remedy'] },
      { not: { anyOf: [fieldIs('outcome', 'patronUpheld'), present('remedy')] } },
    ],
  },
  namedOrEligible: {
    anyOf: [
      { ...absent('eligible'), ...anyPresent('fees', 'credits') },
      { ...present('eligible'), ...absent('fees', 'credits') },
    ],
  },
  goodwillIfManual: ifThen(fieldIs('cause', 'manual'), field('purpose', { not: { const: 'refundable' } })),
};

const at = '2026-03-02T09:00:00Z';
const usd = { currency: 'USD' };
const fineRule = { ...usd, amount: '0.25', period: { length: 1, unit: 'day' } };
const hourly = { ...fineRule, period: { length: 1, unit: 'hour' } };
const calendar = { timeZone: 'UTC' };

/**
 * What validators check and JSON Schema cannot express: an example that the schema accepts and the validator refuses, and
 * the fault. The property in `test/schemas` allows no other difference. Two more are not tried there: amounts may have
 * at most the decimals of the currency, which a command does not have; and JSON Schema counts a character beyond U+FFFF
 * once, and knows no lone surrogates.
 */
export const inexpressible: readonly {
  readonly definition: string;
  readonly example: object;
  /** The fault, as `expected, found`. */
  readonly fault: RegExp;
}[] = [
  {
    definition: 'Command',
    example: {
      type: 'WaiveFees',
      id: 'w',
      reason: 'OTHER',
      at,
      fees: [{ feeId: 'f' }, { feeId: 'f', amount: '1' }],
    },
    fault: /^each named once/,
  },
  {
    definition: 'Command',
    example: {
      ...{ type: 'AgreePaymentPlan', id: 'n', feeIds: ['f'], at },
      instalments: ['2026-05-01', '2026-04-01'].map((dueOn) => ({ dueOn, amount: '1' })),
    },
    fault: /^each on a later day/,
  },
  {
    definition: 'Command',
    example: {
      ...{ type: 'ReceivePayment', id: 'p', amount: '2', method: 'CASH', at },
      ...{ externalTransactionId: 'x', part: 'whole', externalTransactionTotal: '3' },
    },
    fault: /^the amount, beside the part whole/,
  },
  {
    definition: 'Command',
    example: { type: 'AccrueFine', id: 'f', feeId: 'f', feeType: 'OTHER', total: '1', at },
    fault: /^another id than that of the command/,
  },
  {
    definition: 'Command',
    example: { type: 'DisputeFee', id: 'd', feeId: 'f', at: '2026-02-29T09:00:00Z' },
    fault: /-02-29T/,
  },
  {
    definition: 'FeePolicyInput',
    example: { ...usd, blockLimits: { '*': [{ amount: '5', excludedFeeTypes: ['NONE'] }] } },
    fault: /^only fee types of this policy/,
  },
  {
    definition: 'FeePolicyInput',
    example: { ...usd, accrualLimits: { NONE: '5' } },
    fault: /^a fee type (of this policy|that is not for lost items)/,
  },
  {
    definition: 'FeePolicyInput',
    example: {
      ...usd,
      onlinePayments: { method: 'SHELLS', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
    },
    fault: /^a payment method of this policy/,
  },
  {
    definition: 'FeePolicyInput',
    example: { ...usd, feeTypes: { A: { label: 'A', vatPercent: 7.0001 } } },
    fault: /at most 3 decimals, found \d+\.\d{4}/,
  },
  {
    definition: 'FineRuleInput',
    example: {
      ...fineRule,
      amount: undefined,
      steps: [
        { from: 2, amount: '1' },
        { from: 1, amount: '1' },
      ],
    },
    fault: /^(\d+ or more|no step after one without an end)/,
  },
  {
    definition: 'FineRuleInput',
    example: { ...hourly, measure: 'calendarDays' },
    fault: /^("hour", which|a day or longer,|"minute" or "hour",|at most a week,)/,
  },
  {
    definition: 'FineRuleInput',
    example: { ...hourly, grace: { length: 1, unit: 'hour', endsOnOpenDay: true } },
    fault: /^false, since grace ends within a day/,
  },
  {
    definition: 'FineRuleInput',
    example: { ...fineRule, recalled: { period: { length: 2, unit: 'day' } } },
    fault: /^(null, or )?as without a recall/,
  },
  {
    definition: 'LibraryCalendarInput',
    example: { timeZone: 'Nowhere' },
    fault: /^a time zone that this runtime/,
  },
  {
    definition: 'LibraryCalendarInput',
    example: { ...calendar, openingHours: { monday: ['09:00-09:00'] } },
    fault: /ends at another time than it begins, found "(..:..)-\1"/,
  },
  {
    definition: 'LibraryCalendarInput',
    example: { ...calendar, openingHours: { monday: ['09:00-12:00', '11:00-17:00'] } },
    fault: /^openings in the order of the day/,
  },
  {
    definition: 'LibraryCalendarInput',
    example: { ...calendar, openingHours: { monday: ['18:00-02:00'], tuesday: ['01:00-03:00'] } },
    fault: /^(an end|openings that end) before the next day's first opening/,
  },
  {
    definition: 'LibraryCalendarInput',
    example: { ...calendar, closures: [{ from: '2026-03-02', to: '2026-03-01' }] },
    fault: /^a date on or after/,
  },
];
