import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';
import { besideStories, clause, inStories, same, statesOf } from '../../../src/testing/laws/law.js';
import { referenceModelOf } from '../../../src/testing/laws/referenceModel.js';
import { tried } from '../../support/seeded.js';

const holds = () => undefined;

describe('the sentence of a law', () => {
  it('is about stories, stories and further input, or other input', () => {
    expect(inStories('of stories', holds)).toEqual({ sentence: 'of stories', holdsIn: holds });
    const beside = () => fc.nat();
    expect(besideStories('beside them', beside, holds)).toEqual({
      sentence: 'beside them',
      beside,
      holdsIn: holds,
    });
    const input = () => fc.nat();
    expect(clause('of numbers', input, holds)).toEqual({ sentence: 'of numbers', input, holds });
  });
});

describe('same', () => {
  it('treats values as equal if their JSON is equal', () => {
    expect(() => same({ a: 1, b: undefined }, { a: 1 }, 'x')).not.toThrow();
  });

  it('shows the differences, including the order of fields', () => {
    expect(() => same({ a: 1 }, { a: 2 }, 'the tail')).toThrow(/^the tail: [\s\S]*\+ {3}a: 1\n- {3}a: 2/);
    expect(() => same({ a: 1, b: 2 }, { b: 2, a: 1 }, 'x')).toThrow('x: the fields come in another order');
  });
});

describe('the states of a story', () => {
  it('are the accounts after each step that changed something, computed once', () => {
    fc.assert(
      fc.property(stories(fc), (story) => {
        const states = statesOf(story);
        expect(statesOf(story)).toBe(states);
        expect(states.at(-1)?.events ?? []).toEqual(story.events);
        for (const { events, account, step, model } of states) {
          expect(JSON.stringify(account)).toBe(JSON.stringify(fold(events)));
          expect(step.after).toBe(account);
          expect(model).toEqual(referenceModelOf(events));
        }
      }),
      tried(100),
    );
  });
});
