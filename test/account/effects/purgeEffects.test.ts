import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve, evolveWithPatches } from '../../../src/account/evolve.js';
import { type AccountEvent, fold } from '../../../src/index.js';
import { at } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

describe('the event that a purge leaves', () => {
  it('has an id that belongs to no row, and that no later command may use', () => {
    const data = { purgeId: 'x', events: 3, currency: 'USD', totals: [], at };
    expect(fold([{ type: 'AccountPurged', data }]).ids).toEqual([
      { id: 'x', kind: 'other', position: 0, digest: null },
    ]);
  });

  it('empties any account: folded, step by step, with patches, or alone', () => {
    fc.assert(
      fc.property(moves(), anyPolicy, (story, rules) => {
        const events = eventsOf(runMoves(story, rules));
        const data = { purgeId: 'x', events: Math.max(1, events.length), currency: 'USD', totals: [], at };
        const purged: AccountEvent = { type: 'AccountPurged', data };
        const alone = fold([purged]);
        expect(fold([...events, purged])).toEqual(alone);
        expect(fold([purged], fold(events.slice(0, events.length / 2)))).toEqual(alone);
        const before = fold(events);
        const stepped = evolveWithPatches(before, purged);
        expect(evolve(before, purged)).toEqual(alone);
        expect(stepped.account).toEqual(alone);
        const patched = Object.fromEntries(
          stepped.patches.map(({ path, value }) => [String(path[0]), value]),
        );
        expect({ ...before, ...patched }).toEqual(alone);
        const back = Object.fromEntries(
          stepped.inversePatches.map(({ path, value }) => [String(path[0]), value]),
        );
        expect({ ...alone, ...back }).toEqual(before);
      }),
      tried(100),
    );
  });
});
