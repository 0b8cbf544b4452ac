import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything } from '../../../src/testing/arbitraries/anything.js';

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
        ...['null', 'undefined', 'boolean', 'number', 'bigint', 'string', 'symbol', 'function', 'object'],
        'throws',
      ]),
    );
  });
});
