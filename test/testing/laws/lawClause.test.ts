import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besideStories, clause, inStories, type LawText } from '../../../src/testing/laws/law.js';
import { lawClause } from '../../../src/testing/laws/lawClause.js';
import { subjectOf } from '../../../src/testing/laws/laws.js';
import { fixedCases } from '../../support/seeded.js';

const ofNumbers = clause(
  'every number is small',
  (fast) => fast.nat(),
  (number: number) => {
    if (number >= 10) throw new Error(`${number} is large`);
  },
);
const law: LawText = { number: 11, name: 'numbers', sentence: 'They are small.', clauses: [ofNumbers] };

describe('a clause of a law', () => {
  it('reports the law, the smallest input, what was wrong, and how to repeat it', async () => {
    const { check } = lawClause(law, ofNumbers, subjectOf());
    const error: Error = await check({ seed: 3, runs: 50 }).then(
      () => new Error('it holds'),
      (thrown: Error) => thrown,
    );
    expect(error.message).toMatch(
      /^Law 11 \(numbers\) does not hold: every number is small\n\n10\n\n10 is large\n\nFound in run \d+\. Once more: clauses\[0\]\.check\(\{ seed: 3, path: '[\d:]+' \}\)$/,
    );
    expect(error.cause).toEqual(new Error('10 is large'));
    const path = /path: '([\d:]+)'/.exec(error.message)?.[1] as string;
    await expect(check({ seed: 3, path })).rejects.toThrow('10 is large');
  });

  it('tries the given number of inputs, the same ones for the same seed', async () => {
    const tried: unknown[][] = [];
    const counting = clause(
      'anything goes',
      (fast) => fast.nat(),
      (number: number) => tried.at(-1)?.push(number),
    );
    const { check } = lawClause(law, counting, subjectOf());
    for (const how of [{ seed: 1, runs: 7 }, { seed: 1, runs: 7 }, {}]) {
      tried.push([]);
      await check(how);
    }
    expect(tried[1]).toEqual(tried[0]);
    expect(tried.map(({ length }) => length)).toEqual([7, 7, 100]);
  });

  it('reports unreadable thrown values too, which malformed input can cause', async () => {
    const thrown = Object.create(null);
    const never = clause(
      'never',
      (fast) => fast.nat(),
      () => {
        throw thrown;
      },
    );
    const { check } = lawClause({ ...law, clauses: [ofNumbers, never] }, never, subjectOf());
    await expect(check()).rejects.toThrow(/never\n\n0\n\nsomething unreadable\n\n.*clauses\[1\]\.check/);
  });

  it.each([0, -5, Number.NaN, 1.5, '10'])('refuses %s runs, which would find nothing', async (runs) => {
    const { check } = lawClause(law, ofNumbers, subjectOf());
    await expect(check({ runs: runs as number })).rejects.toThrow(
      /^INVALID_ARGUMENT: runs: expected a whole number/,
    );
  });

  it('returns a property for use in other test runners', () => {
    const { property } = lawClause(law, ofNumbers, subjectOf());
    expect(() => fc.assert(property(fc), fixedCases(100))).toThrow('Counterexample: [\n10\n]');
  });

  it('is tried with stories and with further input', async () => {
    const seen: unknown[][] = [];
    const texts = [
      inStories('of stories', (...given) => seen.push(given)),
      besideStories(
        'beside stories',
        (fast) => fast.constant('a number'),
        (...given) => seen.push(given),
      ),
    ];
    const subject = subjectOf();
    for (const text of texts) await lawClause(law, text, subject).check({ runs: 1 });
    expect(seen).toEqual([
      [expect.objectContaining({ steps: expect.any(Array) }), subject, undefined],
      [expect.objectContaining({ steps: expect.any(Array) }), subject, 'a number'],
    ]);
  });

  it('reports the story and the further input', async () => {
    const never = besideStories(
      'never',
      (fast) => fast.nat(),
      () => {
        throw new Error('no');
      },
    );
    await expect(lawClause(law, never, subjectOf()).check()).rejects.toThrow(
      /never\n\nIn USD:\n.*\n?and beside it 0\n\nno\n/,
    );
  });
});
