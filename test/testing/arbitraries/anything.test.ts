import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anything,
  changingProxy,
  mutated,
  mutatedBy,
  mutations,
} from '../../../src/testing/arbitraries/anything.js';

describe('anything', () => {
  it('has values of every type, including some that throw when read', () => {
    const seen = new Set<string>();
    for (const make of fc.sample(anything(fc), { numRuns: 2_000, seed: 1 })) {
      const value = make();
      try {
        seen.add(value === null ? 'null' : typeof value);
        if (typeof value === 'object' && value !== null) seen.add(`keys: ${typeof Reflect.ownKeys(value)}`);
      } catch {
        seen.add('throws');
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'null',
        'undefined',
        'boolean',
        'number',
        'bigint',
        'string',
        'symbol',
        'function',
        'object',
        'throws',
      ]),
    );
  });
});

const data = { a: 1, list: [{ b: 2 }, { b: 3 }] };

const value = () => 'other';

describe('a mutation', () => {
  it('replaces or removes one value at the end of a path', () => {
    expect(mutated(data, { path: [0], value, how: 'set' })).toEqual({ ...data, a: 'other' });
    expect(mutated(data, { path: [1, 1, 0], value, how: 'set' })).toEqual({
      a: 1,
      list: [{ b: 2 }, { b: 'other' }],
    });
    expect(mutated(data, { path: [0], value, how: 'drop' })).toEqual({ list: data.list });
    expect(mutated({}, { path: [4], value, how: 'set' })).toEqual({ extra: 'other' });
    expect(mutated(17 as unknown, { path: [0], value, how: 'set' })).toBe('other');
  });

  it('never changes its input, and does not throw on unreadable values', () => {
    const before = JSON.stringify(data);
    fc.assert(
      fc.property(fc.array(mutations(fc), { maxLength: 3 }), (changes) => {
        mutatedBy(data, changes);
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        mutatedBy(proxy, changes);
        expect(JSON.stringify(data)).toBe(before);
      }),
    );
  });
});

describe('a changing proxy', () => {
  it('returns another value from the nth read on', () => {
    const odd = changingProxy({ a: 1 }, 2, value);
    expect([odd.a, odd.a, odd.a]).toEqual([1, 1, 'other']);
  });
});
