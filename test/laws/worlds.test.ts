import { describe, expect, it } from 'vitest';
import { exploreEvery } from '../../src/testing/index.js';
import { LAW_TIMEOUT_MS } from '../support/seeded.js';
import { smallWorlds, type World } from '../support/smallWorlds.js';

/**
 * Of each world: its states, its transitions, its depth, and how many types of events and of refusals are reached. These
 * figures change with every rule, even where no law notices; so accept a change only with its reason.
 */
const figures: Readonly<Record<keyof typeof smallWorlds, readonly number[]>> = {
  money: [801, 5355, 18, 14, 8],
  lost: [3708, 16159, 16, 11, 8],
  fine: [1629, 9695, 17, 13, 5],
  lostAll: [3368, 13868, 16, 11, 8],
  goodwill: [969, 5048, 13, 11, 7],
  there: [90, 315, 6, 10, 8],
  twoTransfers: [337, 985, 6, 12, 11],
  returnedThere: [259, 751, 10, 10, 7],
  twoFees: [56, 122, 8, 7, 5],
  choices: [148, 220, 4, 6, 4],
  transactions: [202, 398, 8, 7, 7],
  permissions: [49, 120, 5, 7, 5],
  plans: [2614, 12966, 17, 15, 10],
  merges: [2178, 11651, 14, 12, 7],
};

/** The worlds that every run visits; the others are visited with `FC_RUNS=all`. */
const always: readonly string[] = ['money', 'fine', 'there', 'twoTransfers'];

const worlds = Object.entries(smallWorlds).filter(
  ([name]) => process.env.FC_RUNS === 'all' || always.includes(name),
);

describe('every story of a small world', () => {
  it.each<[string, World]>(worlds)(
    '%s: all laws hold, and the figures are known',
    async (name, world) => {
      const found = await exploreEvery({ ...world, pairDepth: 7 });
      expect(found.faults.map(({ scenario }) => scenario)).toEqual([]);
      expect(found.endedBy).toBe(world.depth === undefined ? null : 'depth');
      const { states, transitions, depth, events, refusals } = found;
      const counts = [states, transitions, depth, Object.keys(events).length, Object.keys(refusals).length];
      expect(counts).toEqual(figures[name as keyof typeof smallWorlds]);
    },
    LAW_TIMEOUT_MS,
  );
});
