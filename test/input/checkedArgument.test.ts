import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkedArgument } from '../../src/input/checkedArgument.js';

const schema = v.object({ at: v.string(), rows: v.array(v.number()) });

describe('an argument', () => {
  it('is given back when it fits', () => {
    expect(checkedArgument(schema, { at: 'now', rows: [1] }, 'input')).toEqual({ at: 'now', rows: [1] });
  });

  it('is refused with every fault and its path', () => {
    const refused = () => checkedArgument(schema, { at: 7, rows: [1, 'two'] }, 'input');
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message:
          'INVALID_ARGUMENT: input.at: expected a string, found 7; input.rows[1]: expected a number, found "two"',
        details: {
          faults: [
            { path: 'input.at', expected: 'a string', found: '7' },
            { path: 'input.rows[1]', expected: 'a number', found: '"two"' },
          ],
        },
      }),
    );
  });

  it('may be a list, whose entries have paths of their own', () => {
    expect(() => checkedArgument(v.array(v.string()), ['a', 7], 'names')).toThrow(
      'names[1]: expected a string, found 7',
    );
  });

  it('is named itself when it is no object at all', () => {
    expect(() => checkedArgument(schema, null, 'input')).toThrow('input: expected an object, found null');
  });

  it('is refused, whatever it throws when it is read', () => {
    const trap = () => {
      throw Object.create(null);
    };
    const hostile = { at: new Proxy({}, { get: trap, getPrototypeOf: trap }), rows: [] };
    expect(() => checkedArgument(schema, hostile, 'input')).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message:
          'INVALID_ARGUMENT: input: expected something that can be read, found something that throws when it is read',
      }),
    );
  });
});
