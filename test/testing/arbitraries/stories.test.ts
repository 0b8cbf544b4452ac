import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, definePolicy, fold } from '../../../src/index.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';

const samples = (options: Parameters<typeof stories>[1]) =>
  fc.sample(stories(fc, options), { numRuns: 100, seed: 1 });

describe('stories', () => {
  it('have at most the given number of commands', () => {
    const lengths = samples({ maxCommands: 7 }).map(({ steps }) => steps.length);
    expect(Math.max(...lengths)).toBe(7);
    expect(Math.max(...samples({}).map(({ steps }) => steps.length))).toBe(20);
  });

  it('use the given policies and their codes', () => {
    const policy = definePolicy({ currency: 'CHF', feeTypes: { FINE: { label: 'Fine' } } });
    const all = samples({ policies: [policy] });
    expect(all.every((story) => story.policy === policy)).toBe(true);
    const types = all.flatMap(({ account }) => account.fees.map(({ feeType }) => feeType));
    expect(new Set(types)).toEqual(new Set(['FINE']));
  });

  it('name their commands in both ways, or in the given one', () => {
    const first = (options: Parameters<typeof stories>[1]) =>
      [
        ...new Set(
          samples(options).flatMap(({ steps }) => steps.slice(0, 1).map(({ command }) => command.id)),
        ),
      ].sort();
    expect(first({})).toEqual(expect.arrayContaining(['__proto__', 'c0']));
    expect(first({ ids: 'plain' }).filter((id) => !/^(c0|squattedc0#1)$/.test(id))).toEqual([]);
    expect(first({ ids: 'hostile' })).toContain('__proto__');
  });

  it('are decided and folded by the given functions', () => {
    const calls = { decide: 0, fold: 0 };
    samples({
      decide: (...given) => {
        calls.decide += 1;
        return decide(...given);
      },
      fold: (...given) => {
        calls.fold += 1;
        return fold(...given);
      },
    });
    expect(calls.decide).toBeGreaterThan(500);
    expect(calls.fold).toBeGreaterThan(200);
  });
});
