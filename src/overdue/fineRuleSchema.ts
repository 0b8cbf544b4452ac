import * as v from 'valibot';
import { onlyFields } from '../input/plainObject.js';
import { expectedAmount } from '../money/amountSchema.js';
import { digitsOf, minorDigits } from '../money/currency.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';
import type { ClosedTime, FineGrace, FineMeasure, FineRule, PeriodUnit } from './fineRule.js';

const LENGTH_MAX = 1_000_000;
const PERCENT_MAX = 1000;

const units = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const measures = ['calendarDays', 'time', 'wholeHours'] as const;
const closedTimes = ['counted', 'daysExcluded', 'hoursExcluded'] as const;

/** A whole number of at least 1. */
export const lengthField = v.pipe(
  v.number('a whole number'),
  v.check(
    (length) => Number.isSafeInteger(length) && length >= 1 && length <= LENGTH_MAX,
    `a whole number from 1 to ${LENGTH_MAX}`,
  ),
);

/** A unit of time. */
export const unitField = v.picklist(units);

/** An ISO 4217 code. */
export const currencyField = v.pipe(
  v.string('an ISO 4217 code'),
  v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
);

/**
 * The schema of amounts of a currency, zero included, in any notation that people write. The amounts are made canonical
 * afterwards, since a schema that changes a value keeps later checks from running.
 */
export function amountOrZero(currency: unknown) {
  const digits = minorDigits(currency as string) ?? 2;
  const expected = `zero, or ${expectedAmount(digits)}`;
  return v.pipe(
    v.string(expected),
    v.check((text) => isZero(text, digits) || parseLooseAmount(text, digits) !== -1, expected),
  );
}

function isZero(text: string, digits: number): boolean {
  return text === '0' || text === formatAmount(0, digits);
}

/** Returns the canonical form of a checked amount. */
export function canonical(amount: string, currency: string): string {
  const digits = digitsOf(currency);
  return formatAmount(isZero(amount, digits) ? 0 : parseLooseAmount(amount, digits), digits);
}

const periodField = onlyFields({ length: lengthField, unit: unitField });
const measureField = v.picklist(measures);
const closedTimeField = v.picklist(closedTimes);

const graceField = onlyFields({
  length: lengthField,
  unit: unitField,
  mode: v.optional(v.picklist(['allOrNothing', 'excluded']), 'allOrNothing'),
  closedTime: v.exactOptional(closedTimeField),
  end: v.optional(v.picklist(['free', 'charged']), 'free'),
  endsOnOpenDay: v.optional(v.boolean(), false),
});

function fieldsOf(currency: unknown) {
  const amount = amountOrZero(currency);
  const step = onlyFields({ from: lengthField, to: v.exactOptional(lengthField), amount });
  const steps = v.pipe(v.array(step), v.nonEmpty('at least one step'));
  return onlyFields({
    currency: currencyField,
    amount: v.exactOptional(amount),
    steps: v.exactOptional(steps),
    period: periodField,
    measure: v.exactOptional(measureField),
    closedTime: v.optional(closedTimeField, 'counted'),
    charged: v.optional(v.picklist(['started', 'completed']), 'started'),
    precision: v.optional(v.picklist(['minute', 'second']), 'minute'),
    closedDueDate: v.optional(v.picklist(['stays', 'movesToNextOpenDay']), 'stays'),
    grace: v.optional(v.nullable(graceField), null),
    maximum: v.optional(v.nullable(amount), null),
    priceCap: v.optional(
      v.nullable(
        onlyFields({
          percent: v.pipe(
            v.number(),
            v.check(
              (percent) => percent >= 0 && percent <= PERCENT_MAX,
              `a percentage from 0 to ${PERCENT_MAX}`,
            ),
          ),
          defaultPrice: v.optional(v.nullable(amount), null),
          withoutPrice: v.optional(v.picklist(['refuse', 'noLimit']), 'refuse'),
        }),
      ),
      null,
    ),
    recalled: v.optional(
      v.nullable(
        onlyFields({
          charges: v.optional(v.picklist(['laterPeriods', 'allPeriods']), 'laterPeriods'),
          amount: v.exactOptional(amount),
          steps: v.exactOptional(steps),
          period: v.exactOptional(periodField),
          grace: v.exactOptional(v.nullable(graceField)),
          maximum: v.exactOptional(v.nullable(amount)),
        }),
      ),
      null,
    ),
  });
}

type Fields = v.InferOutput<ReturnType<typeof fieldsOf>>;
type Report = (path: string, expected: string, found: unknown) => void;

/** The schema of the input of {@link defineFineRule}, with defaults. */
export const fineRuleSchema = v.lazy((input) => {
  const currency = (input as { readonly currency?: unknown } | null | undefined)?.currency;
  return v.pipe(
    fieldsOf(currency),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const rule = dataset.value;
      checkTogether(rule, (path, expected, found) => {
        const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
        const [first, ...rest] = keys.map(
          (key) => ({ type: 'unknown', origin: 'value', input: rule, key, value: null }) as const,
        );
        addIssue({
          message: expected,
          received: JSON.stringify(found) ?? 'nothing',
          path: [first as v.IssuePathItem, ...rest],
        });
      });
    }),
    v.transform(completed),
  );
});

/** Reports faults in combinations of fields that are each valid. */
function checkTogether(rule: Fields, report: Report): void {
  const { recalled, grace, closedTime } = rule;
  const measure = measureOf(rule);
  if ((rule.amount === undefined) === (rule.steps === undefined)) {
    report('amount', 'either an amount or steps', rule.amount);
  }
  checkSteps(rule.steps, 'steps', report);
  checkUnit(rule.period.unit, measure, closedTime, 'period.unit', report);
  checkGrace(grace, rule, 'grace', report);
  if (!recalled) return;
  checkSteps(recalled.steps, 'recalled.steps', report);
  if (recalled.amount !== undefined && recalled.steps !== undefined) {
    report('recalled.amount', 'either an amount or steps', recalled.amount);
  }
  if (recalled.charges === 'laterPeriods') {
    const why = 'as without a recall, which changes later periods only';
    if (recalled.period && JSON.stringify(recalled.period) !== JSON.stringify(rule.period))
      report('recalled.period', why, recalled.period);
    if (recalled.grace && JSON.stringify(recalled.grace) !== JSON.stringify(grace))
      report('recalled.grace', `null, or ${why}`, recalled.grace);
  } else {
    if (recalled.period) checkUnit(recalled.period.unit, measure, closedTime, 'recalled.period.unit', report);
    checkGrace(recalled.grace, rule, 'recalled.grace', report);
  }
}

function checkSteps(steps: Fields['steps'], path: string, report: Report): void {
  let next = 1;
  for (const [index, { from, to = Number.POSITIVE_INFINITY }] of (steps ?? []).entries()) {
    const afterAll = next === Number.POSITIVE_INFINITY;
    if (from < next)
      report(
        `${path}.${index}.from`,
        afterAll ? 'no step after one without an end' : `${next} or more, after the step before`,
        from,
      );
    if (to < from) report(`${path}.${index}.to`, `${from} or more`, to);
    next = to + 1;
  }
}

function checkUnit(
  unit: PeriodUnit,
  measure: FineMeasure,
  closedTime: ClosedTime,
  path: string,
  report: Report,
): void {
  const short = unit === 'minute' || unit === 'hour';
  const long = unit === 'month' || unit === 'year';
  if (measure === 'wholeHours' && unit !== 'hour') report(path, '"hour", which is what is measured', unit);
  else if (measure === 'calendarDays' && short)
    report(path, 'a day or longer, since calendar days are measured', unit);
  else if (closedTime === 'hoursExcluded' && !short)
    report(path, '"minute" or "hour", since only opening hours count and days differ in them', unit);
  else if (closedTime === 'daysExcluded' && long)
    report(path, 'at most a week, since closed days do not count and months differ in them', unit);
}

function checkGrace(grace: Fields['grace'] | undefined, rule: Fields, path: string, report: Report): void {
  if (!grace) return;
  const { unit, closedTime = rule.closedTime, endsOnOpenDay } = grace;
  checkUnit(unit, graceMeasure(measureOf(rule), unit), closedTime, `${path}.unit`, report);
  if (endsOnOpenDay && (unit === 'minute' || unit === 'hour'))
    report(`${path}.endsOnOpenDay`, 'false, since grace ends within a day', true);
}

function measureOf({ measure, period }: Pick<Fields, 'measure' | 'period'>): FineMeasure {
  return measure ?? (period.unit === 'minute' || period.unit === 'hour' ? 'time' : 'calendarDays');
}

/** Returns how grace is measured: like the fine, if its unit allows it. */
export function graceMeasure(measure: FineMeasure, unit: PeriodUnit): FineMeasure {
  if (unit === 'hour' && measure === 'wholeHours') return measure;
  if (unit === 'minute' || unit === 'hour') return 'time';
  return measure === 'calendarDays' ? measure : 'time';
}

function completed({ amount, recalled, ...rule }: Fields): FineRule {
  const { grace: ownGrace, closedTime, currency, period, priceCap } = rule;
  const write = (text: string) => canonical(text, currency);
  const writeOrNull = (text: string | null) => (text === null ? null : write(text));
  const stepsOf = (given: Fields['steps'], each: string | undefined) =>
    // The schema requires steps or an amount.
    (given ?? [{ from: 1, amount: each as string }]).map((step) => ({ ...step, amount: write(step.amount) }));
  const graceOf = (grace: Fields['grace']): FineGrace | null => grace && { closedTime, ...grace };
  const steps = stepsOf(rule.steps, amount);
  const maximum = writeOrNull(rule.maximum);
  return {
    ...rule,
    steps,
    maximum,
    measure: measureOf(rule),
    grace: graceOf(ownGrace),
    priceCap: priceCap && { ...priceCap, defaultPrice: writeOrNull(priceCap.defaultPrice) },
    recalled: recalled && {
      charges: recalled.charges,
      steps:
        recalled.steps === undefined && recalled.amount === undefined
          ? steps
          : stepsOf(recalled.steps, recalled.amount),
      period: recalled.period ?? period,
      grace: graceOf(recalled.grace === undefined ? ownGrace : recalled.grace),
      maximum: recalled.maximum === undefined ? maximum : writeOrNull(recalled.maximum),
    },
  };
}
