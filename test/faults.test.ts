import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/faults.js';

/** The faults that a schema finds in an input. */
function faultsIn(schema: v.GenericSchema, input: unknown) {
  return faultsOf(v.safeParse(schema, input).issues ?? []);
}

describe('faultsOf', () => {
  it('writes the path of a fault as a programmer would', () => {
    const allocation = v.strictObject({ feeId: v.string(), amount: v.string('a decimal string') });
    const schema = v.strictObject({ allocations: v.array(allocation) });
    expect(faultsIn(schema, { allocations: [{ feeId: 'f1', amount: 5 }] })).toEqual([
      { path: 'allocations[0].amount', expected: 'a decimal string', found: '5' },
    ]);
  });

  it('leaves the path empty for the input as a whole', () => {
    expect(faultsIn(v.string('a text'), 5)).toEqual([{ path: '', expected: 'a text', found: '5' }]);
    expect(faultsIn(v.array(v.string('a text')), [5])[0]?.path).toBe('[0]');
  });

  it('names what the schema library expected where a schema has no words of its own', () => {
    expect(faultsIn(v.boolean(), 'yes')).toEqual([{ path: '', expected: 'boolean', found: '"yes"' }]);
    expect(faultsOf([{ expected: null, received: '1', message: 'Invalid thing' }])).toEqual([
      { path: '', expected: 'Invalid thing', found: '1' },
    ]);
  });

  it('says that there is no such field, and which one is missing', () => {
    expect(faultsIn(v.strictObject({ feeId: v.string() }), { fee: 'f1' })).toEqual([
      { path: 'feeId', expected: '"feeId"', found: 'undefined' },
      { path: 'fee', expected: 'no such field', found: '"fee"' },
    ]);
  });

  it('lists every fault, in order', () => {
    const schema = v.strictObject({
      a: v.string('a text'),
      b: v.number('a number'),
      c: v.boolean('a choice'),
    });
    expect(faultsIn(schema, { a: 1, b: 'x', c: null }).map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  it('keeps what it shows of hostile input short', () => {
    const long = 'x'.repeat(10_000);
    const [fault] = faultsIn(v.strictObject({ [long]: v.number('a number') }), { [long]: long });
    expect(fault).toEqual({
      path: `${'x'.repeat(80)}… (10000 characters)`,
      expected: 'a number',
      found: `"${'x'.repeat(79)}… (10002 characters)`,
    });
  });
});
