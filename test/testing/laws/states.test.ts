import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';
import { booksOf } from '../../../src/testing/laws/books.js';
import { statesOf } from '../../../src/testing/laws/states.js';

describe('the states of a story', () => {
  it('are the accounts after each step that changed something, computed once', () => {
    fc.assert(
      fc.property(stories(fc), (story) => {
        const states = statesOf(story);
        expect(statesOf(story)).toBe(states);
        expect(states.at(-1)?.events ?? []).toEqual(story.events);
        for (const { events, account, step, books } of states) {
          expect(JSON.stringify(account)).toBe(JSON.stringify(fold(events)));
          expect(step.after).toBe(account);
          expect(books).toEqual(booksOf(events));
        }
      }),
      { numRuns: 50 },
    );
  });
});
