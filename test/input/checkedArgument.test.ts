import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkedArgument } from '../../src/input/checkedArgument.js';

const schema = v.object({ at: v.string(), rows: v.array(v.number()) });

describe('checkedArgument', () => {
  it('returns a valid argument', () => {
    expect(checkedArgument(schema, { at: 'now', rows: [1] }, 'input')).toEqual({ at: 'now', rows: [1] });
  });

  it('throws INVALID_ARGUMENT with every fault and its path', () => {
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

  it('puts the name before the index of a list entry', () => {
    expect(() => checkedArgument(v.array(v.string()), ['a', 7], 'names')).toThrow(
      'names[1]: expected a string, found 7',
    );
  });

  it('names the argument itself if it is not an object', () => {
    expect(() => checkedArgument(schema, null, 'input')).toThrow('input: expected an object, found null');
  });

  it('throws INVALID_ARGUMENT if reading the argument throws anything', () => {
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
