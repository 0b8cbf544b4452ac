import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { CommandType } from '../../src/account/commands/command.js';
import { commandSchemas } from '../../src/account/commands/parseCommand.js';
import { quickParse } from '../../src/input/quickParse.js';
import { tried } from '../support/seeded.js';
import { placesIn, wholeCommands } from '../support/wholeCommands.js';

const types = Object.keys(wholeCommands) as CommandType[];
const parsers = Object.entries(commandSchemas(2)).map(([type, schema]) => ({
  type,
  schema: schema as v.GenericSchema,
  quick: quickParse(schema),
}));

/** What each schema and its parser make of a value, as text, so that the order of fields counts: null if refused. */
const results = (value: unknown) => ({
  quick: parsers.map(({ quick }) => JSON.stringify(quick(value) ?? null)),
  schema: parsers.map(({ schema }) => {
    const { success, output } = v.safeParse(schema, value);
    return JSON.stringify(success ? output : null);
  }),
});

const parserOf = (wanted: CommandType) => {
  const found = parsers.find(({ type }) => type === wanted);
  if (found === undefined) throw new Error(`no schema of ${wanted}`);
  return found.quick;
};

const waive = wholeCommands.WaiveFees;

describe('quickParse', () => {
  it.each(types)('accepts %s with all fields', (type) => {
    const { quick, schema } = results(wholeCommands[type]);
    expect(quick).toEqual(schema);
    expect(quick).toContain(JSON.stringify(parserOf(type)(wholeCommands[type])));
  });

  it('gives amounts the decimals of the currency, as the schema does', () => {
    for (const amount of ['3', '3.5', '03', '3.500', '0', '0.00', '-1', ' 3']) {
      const { quick, schema } = results({ ...wholeCommands.ReceivePayment, amount });
      expect(quick).toEqual(schema);
    }
  });

  it('agrees with the schema on any fault of a command', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('5', '5.00', '0', 'desk', 101, -1, true, [], {}, Number.NaN, '2026-03-02T09:00:00Z'),
    );
    const type = fc.constantFrom(...types);
    const change = fc.constantFrom('removed', 'replaced', 'surprise', 'constructor', 'toString');
    fc.assert(
      fc.property(type, fc.nat(), change, value, (of, number, how, replacement) => {
        const command = wholeCommands[of];
        const places = placesIn(command);
        const place = places[number % places.length];
        const changed =
          how === 'removed'
            ? place?.without()
            : how === 'replaced'
              ? place?.with(replacement)
              : { ...command, [how]: replacement };
        const { quick, schema } = results(changed);
        expect(quick).toEqual(schema);
      }),
      tried(3000),
    );
  });

  it('agrees with the schema on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { quick, schema } = results(value);
        expect(quick).toEqual(schema);
      }),
      tried(300),
    );
  });

  it('shares no object with the value', () => {
    const output = parserOf('WaiveFees')(waive) as typeof waive;
    expect(output.fees).toEqual(waive.fees);
    expect(output.fees).not.toBe(waive.fees);
    expect(output.fees[0]).not.toBe(waive.fees[0]);
    expect(output.by).not.toBe(waive.by);
  });

  it('refuses what is not an object', () => {
    const quick = quickParse(v.strictObject({ id: v.string() }));
    for (const value of [null, undefined, 'f1', 17, true]) expect(quick(value)).toBeUndefined();
    expect(quick({ id: 'f1' })).toEqual({ id: 'f1' });
  });
});
