import fc from 'fast-check';
import { defineFineRule, type FineRuleInput } from 'patron-fees/overdue';
import { describe, expect, it } from 'vitest';
import { definedFineRule } from '../../src/overdue/defineFineRule.js';
import { ruleInputs } from './lateLoans.js';

const base = { currency: 'USD', amount: '1', period: { length: 1, unit: 'day' } };
const hourly = { ...base, period: { length: 1, unit: 'hour' } };
const without = ({ amount: _, ...rest }: typeof base, more: object) => ({ ...rest, ...more });

/** The fields of a rule that have faults. */
function pathsOf(input: unknown): readonly string[] {
  try {
    defineFineRule(input as FineRuleInput);
  } catch (error) {
    const { code, details } = error as { code: string; details: { faults: { path: string }[] } };
    expect(code).toBe('INVALID_ARGUMENT');
    return details.faults.map(({ path }) => path);
  }
  return [];
}

/** Every field of a value at any depth: its path, and a function that returns a copy with another value there. */
function spoilers(value: unknown, path = 'rule'): [path: string, spoil: (wrong: unknown) => unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const copy = (changed: unknown) =>
      Array.isArray(value)
        ? value.map((each, index) => (index === Number(key) ? changed : each))
        : { ...value, [key]: changed };
    const here = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const deeper = spoilers(field, here).map(
      ([at, spoil]) => [at, (wrong: unknown) => copy(spoil(wrong))] as [string, (wrong: unknown) => unknown],
    );
    return [[here, copy], ...deeper];
  });
}

describe('a fine rule', () => {
  it('is complete, frozen, and unchanged when defined again or read back', () => {
    fc.assert(
      fc.property(ruleInputs, (input) => {
        const rule = defineFineRule(input);
        expect(defineFineRule(rule)).toEqual(rule);
        expect(definedFineRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
        expect(definedFineRule(rule)).toBe(rule);
        expect(Object.isFrozen(rule.steps)).toBe(true);
      }),
    );
  });

  it('has defaults for everything but its currency, amount and period', () => {
    expect(defineFineRule(base as FineRuleInput)).toEqual({
      currency: 'USD',
      steps: [{ from: 1, amount: '1.00' }],
      period: { length: 1, unit: 'day' },
      measure: 'calendarDays',
      closedTime: 'counted',
      charged: 'started',
      precision: 'minute',
      closedDueDate: 'stays',
      grace: null,
      maximum: null,
      priceCap: null,
      recalled: null,
    });
    expect(defineFineRule(hourly as FineRuleInput).measure).toBe('time');
  });

  it('names every field that has a wrong value', () => {
    const grace = {
      length: 1,
      unit: 'day',
      mode: 'excluded',
      closedTime: 'counted',
      end: 'free',
      endsOnOpenDay: true,
    };
    const complete = {
      ...without(base, { steps: [{ from: 1, to: 2, amount: '1' }] }),
      measure: 'calendarDays',
      closedTime: 'counted',
      charged: 'started',
      precision: 'minute',
      closedDueDate: 'stays',
      grace,
      maximum: '9',
      priceCap: { percent: 50, defaultPrice: '3', withoutPrice: 'refuse' },
      recalled: {
        charges: 'allPeriods',
        steps: [{ from: 1, to: 2, amount: '1' }],
        period: { length: 1, unit: 'day' },
        grace,
        maximum: '5',
      },
    };
    expect(pathsOf(complete)).toEqual([]);
    const { steps: _, ...defined } = defineFineRule(complete as FineRuleInput);
    expect(Object.keys(complete).sort()).toEqual([...Object.keys(defined), 'steps'].sort());
    for (const [path, spoil] of spoilers(complete)) {
      for (const wrong of [-1.5, 'nonsense', Number.NaN, Symbol('wrong')])
        expect(pathsOf(spoil(wrong))[0], `${path}: ${String(wrong)}`).toBe(path);
    }
  });

  it('uses the rest of the rule for whatever a recall does not change', () => {
    const grace = { length: 1, unit: 'day' } as const;
    const { recalled } = defineFineRule({ ...(base as FineRuleInput), grace, maximum: '9', recalled: {} });
    expect(recalled).toEqual({
      charges: 'laterPeriods',
      steps: [{ from: 1, amount: '1.00' }],
      period: { length: 1, unit: 'day' },
      grace: { ...grace, mode: 'allOrNothing', closedTime: 'counted', end: 'free', endsOnOpenDay: false },
      maximum: '9.00',
    });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', null, ['rule']],
    ['no currency', { ...base, currency: undefined }, ['rule.currency']],
    ['a currency that does not exist', { ...base, currency: 'XXX' }, ['rule.currency']],
    ['an amount and steps', { ...base, steps: [{ from: 1, amount: '1' }] }, ['rule.amount']],
    ['neither', without(base, {}), ['rule.amount']],
    ['more decimals than the currency has', { ...base, amount: '0.005' }, ['rule.amount']],
    ['an amount as a number', { ...base, amount: 1 }, ['rule.amount']],
    ['a negative amount', { ...base, amount: '-1' }, ['rule.amount']],
    ['no steps', without(base, { steps: [] }), ['rule.steps']],
    [
      'steps that overlap, or come after the last',
      without(base, {
        steps: [
          { from: 1, to: 3, amount: '1' },
          { from: 3, amount: '1' },
          { from: 9, amount: '1' },
        ],
      }),
      ['rule.steps[1].from', 'rule.steps[2].from'],
    ],
    [
      'a step that ends before it begins',
      without(base, { steps: [{ from: 3, to: 2, amount: '1' }] }),
      ['rule.steps[0].to'],
    ],
    ['a period of length zero', { ...base, period: { length: 0, unit: 'day' } }, ['rule.period.length']],
    [
      'a unit that does not exist',
      { ...base, period: { length: 1, unit: 'fortnight' } },
      ['rule.period.unit'],
    ],
    ['hours by the calendar', { ...hourly, measure: 'calendarDays' }, ['rule.period.unit']],
    ['days in whole hours', { ...base, measure: 'wholeHours' }, ['rule.period.unit']],
    ['days of opening hours', { ...base, closedTime: 'hoursExcluded' }, ['rule.period.unit']],
    [
      'months without closed days',
      { ...base, period: { length: 1, unit: 'month' }, closedTime: 'daysExcluded' },
      ['rule.period.unit'],
    ],
    [
      'grace in days of opening hours',
      { ...hourly, closedTime: 'hoursExcluded', grace: { length: 1, unit: 'day' } },
      ['rule.grace.unit'],
    ],
    [
      'grace of an hour until a day',
      { ...base, grace: { length: 1, unit: 'hour', endsOnOpenDay: true } },
      ['rule.grace.endsOnOpenDay'],
    ],
    ['a percentage that is too large', { ...base, priceCap: { percent: 1001 } }, ['rule.priceCap.percent']],
    [
      'a recall of later periods with a period and grace of its own',
      {
        ...base,
        recalled: {
          period: { length: 2, unit: 'day' },
          grace: { length: 1, unit: 'day' },
          amount: '1',
          steps: [{ from: 1, amount: '1' }],
        },
      },
      ['rule.recalled.amount', 'rule.recalled.period', 'rule.recalled.grace'],
    ],
    [
      'a recall whose period and grace cannot be measured',
      {
        ...base,
        recalled: {
          charges: 'allPeriods',
          period: { length: 1, unit: 'hour' },
          grace: { length: 1, unit: 'hour', endsOnOpenDay: true },
          steps: [{ from: 2, to: 1, amount: '1' }],
        },
      },
      ['rule.recalled.steps[0].to', 'rule.recalled.period.unit', 'rule.recalled.grace.endsOnOpenDay'],
    ],
    [
      'faults of fields and faults between them, all at once',
      {
        ...base,
        amount: '0.255',
        maximum: '-1',
        closedTime: 'hoursExcluded',
        grace: { length: 0, unit: 'day' },
      },
      ['rule.amount', 'rule.grace.length', 'rule.maximum', 'rule.period.unit', 'rule.grace.unit'],
    ],
    ['a field that does not exist', { ...base, cap: '5' }, ['rule.cap']],
  ])('is refused with %s, and the error names the field', (_what, input, paths) => {
    expect(pathsOf(input)).toEqual(paths);
  });
});
