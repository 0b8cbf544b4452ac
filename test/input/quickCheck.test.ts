import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { officeLogs } from '../../scripts/goldenOffice.js';
import { eventFields, eventSchemas } from '../../src/history/eventSchemas.js';
import { quickCheck } from '../../src/input/quickParse.js';
import { officeEventSchemas } from '../../src/office/officeEventSchemas.js';
import { officeFields } from '../../src/office/officeFields.js';
import { goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';

const schemas: Readonly<Record<string, v.GenericSchema>> = {
  ...eventSchemas(eventFields(2)),
  ...officeEventSchemas(officeFields(2)),
};

/** The golden events of accounts and of the office. */
const allEvents = [...goldenEvents, ...Object.values(officeLogs).flatMap(({ events }) => events)];

const pairs = Object.values(schemas).map((schema) => ({ schema, fits: quickCheck(schema) }));

/** Whether a value matches each event: by the quick check, and by the schema. */
const verdicts = (value: unknown) => ({
  quick: pairs.map(({ fits }) => fits(value)),
  schema: pairs.map(({ schema }) => v.is(schema, value)),
});

type Wrap = (inner: v.GenericSchema<string>) => v.GenericSchema<string>;

const startsWithA = (text: string) => text.startsWith('a');
const isShort = (text: string) => text.length < 3;

describe('quickCheck', () => {
  it('accepts every golden event in dollars', () => {
    const inDollars = allEvents.filter(({ data }) => !('currency' in data) || data.currency === 'USD');
    for (const event of inDollars) {
      const { quick, schema } = verdicts(event);
      expect(quick).toEqual(schema);
      expect(quick.filter(Boolean)).toHaveLength(1);
    }
  });

  it('agrees with the schema on any fault of an event', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('5.00', 'USD', 'desk', 101, -1, true, [], {}),
    );
    const name = fc.constantFrom('same', 'removed', '__proto__', 'constructor', 'toString', 'note');
    fc.assert(
      fc.property(
        fc.constantFrom(...allEvents),
        fc.nat(),
        name,
        value,
        (event, place, change, replacement) => {
          const changed: unknown = JSON.parse(JSON.stringify(event));
          const objects = objectsIn(changed);
          const target = objects[place % objects.length] as Record<string, unknown>;
          const own = Object.keys(target)[place % (Object.keys(target).length || 1)] ?? 'note';
          if (change === 'removed') delete target[own];
          else {
            const field = { value: replacement, enumerable: true, configurable: true, writable: true };
            Object.defineProperty(target, change === 'same' ? own : change, field);
          }
          const { quick, schema } = verdicts(changed);
          expect(quick).toEqual(schema);
        },
      ),
      tried(3000),
    );
  });

  it('checks all steps of a pipe within a pipe', () => {
    const step = fc.constantFrom<Wrap>(
      (inner) => v.pipe(inner, v.check(startsWithA)),
      (inner) => v.pipe(inner, v.check(isShort)),
      (inner) => v.pipe(v.string(), inner),
    );
    const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'bcd');
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), text, (steps, given) => {
        const schema = steps.reduce<v.GenericSchema<string>>((inner, wrap) => wrap(inner), v.string());
        expect(quickCheck(schema)(given)).toBe(v.is(schema, given));
      }),
      tried(300),
    );
  });

  it('asks the schema about a kind of schema that it does not know', () => {
    const schema = v.strictObject({ at: v.pipe(v.string(), v.regex(/^\d+$/)), id: v.nullable(v.string()) });
    const fits = quickCheck(schema);
    expect(fits({ at: '17', id: null })).toBe(true);
    expect(fits({ at: '17', id: 1 })).toBe(false);
    expect(fits({ at: 'x', id: null })).toBe(false);
  });

  it('agrees with the schema on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { quick, schema } = verdicts(value);
        expect(quick).toEqual(schema);
      }),
      tried(1000),
    );
  });
});

/** An object and all objects and lists in it. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}
