import { expect, it } from 'vitest';
import { readAllCases } from '../../../src/testing/conformance/readAllCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'begins anew whatever the cursor',
    ({ readAll }) => ({ readAll: (page) => readAll(page?.after === '2' ? { limit: 1 } : page) }),
    'goes on from a cursor with what is new, and only with that',
  ],
  [
    'gives pages of another size',
    ({ readAll }) => ({ readAll: (page) => readAll({ ...page, limit: (page?.limit ?? 100) + 1 }) }),
    'reads all events in one order, whatever the size of the pages',
  ],
  [
    'mixes up the events of a stream',
    ({ readAll }) => ({
      readAll: async (page) => {
        const { events, cursor } = await readAll(page);
        return { events: [...events].reverse(), cursor };
      },
    }),
    'gives the events of all streams with what their streams say of them, each stream in its order',
  ],
  [
    'puts events before a cursor that was given out',
    ({ readAll }) => {
      let pages = 0;
      return {
        // Now and then an event is not there yet that has its place already.
        readAll: async (page) => {
          const { events, cursor } = await readAll(page);
          pages += 1;
          return { events: pages % 5 === 1 ? events.slice(1) : events, cursor };
        },
      };
    },
    'misses no event and gives none twice while 3 writers append',
  ],
])(
  'notices a store that %s',
  async (_, defect, clause) => {
    expect(await failuresOf(readAllCases(3), defect)).toContain(clause);
  },
  60_000,
);
