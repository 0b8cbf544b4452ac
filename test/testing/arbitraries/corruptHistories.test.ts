import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, isPatronFeesError } from '../../../src/index.js';
import { corruptHistories, givenFaults } from '../../../src/testing/arbitraries/corruptHistories.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';
import { fixedCases } from '../../support/seeded.js';

describe('corrupt histories', () => {
  it('are valid up to the corrupt event, and contain every fault', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(corruptHistories(fc, stories(fc)), ({ events, code, fault, position }) => {
        fold(events.slice(0, position - 1));
        try {
          fold(events);
        } catch (error) {
          if (!isPatronFeesError(error, code)) throw error;
          expect([error.details.fault, error.details.position]).toEqual([fault, position]);
          seen.add(fault);
          return;
        }
        expect.fail(`${fault} was folded`);
      }),
      fixedCases(500),
    );
    expect(seen).toEqual(new Set(givenFaults));
  });

  it('are printed in short with the corrupt event, and shrink to few events', () => {
    const corrupt = corruptHistories(fc, stories(fc));
    const { counterexample } = fc.check(
      fc.property(corrupt, ({ fault }) => fault !== 'AlreadyUndone'),
      { seed: 5, numRuns: 1_000 },
    );
    expect(fc.stringify(counterexample?.[0])).toMatch(
      /^\n1\. FeeAssessed\n2\. FeeWaived\n3\. WaiverReversed\n4\. WaiverReversed\nwhere 4 must be found to be AlreadyUndone: \{/,
    );
  });
});
