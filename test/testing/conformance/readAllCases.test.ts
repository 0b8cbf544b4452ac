import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { accountCases, readAllCases } from '../../../src/testing/conformance/readAllCases.js';
import { withoutPausesInFile } from '../../support/withoutPauses.js';
import { type Defect, failuresOf } from './failures.js';

withoutPausesInFile();

// The suite waits ten seconds for what a store shows late; a broken one never shows it. Here they pass sooner.
beforeEach(() => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => 20 * now());
});

afterEach(() => {
  vi.restoreAllMocks();
});

it.each<[string, Defect, string]>([
  [
    'starts again for some cursor',
    ({ readAll }) => ({ readAll: (page) => readAll(page?.after === '2' ? { limit: 1 } : page) }),
    'continues from a cursor with the new events, and only those',
  ],
  [
    'returns pages of another size',
    ({ readAll }) => ({ readAll: (page) => readAll({ ...page, limit: (page?.limit ?? 100) + 1 }) }),
    'reads all events in one order, whatever the page size',
  ],
  [
    'reverses the events of a stream',
    ({ readAll }) => ({
      readAll: async (page) => {
        const { events, cursor } = await readAll(page);
        return { events: [...events].reverse(), cursor };
      },
    }),
    'returns the events of all streams with the versions and times of their streams, each stream in its order',
  ],
  [
    'adds events before a cursor that was returned',
    ({ readAll }) => {
      let pages = 0;
      return {
        // Sometimes an event is still missing although its position is taken.
        readAll: async (page) => {
          const { events, cursor } = await readAll(page);
          pages += 1;
          return { events: pages % 5 === 1 ? events.slice(1) : events, cursor };
        },
      };
    },
    'misses no event and returns none twice while 3 writers append',
  ],
])('detects a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(readAllCases(3), defect)).toContain(clause);
});

it.each<[string, Defect, string]>([
  [
    'lists an account for each of its events',
    ({ readAll }) => ({
      accounts: async (page) => {
        const { events, cursor } = await readAll(page);
        return {
          accounts: events.map(({ institution, patronId }) => ({ institution, patronId })),
          cursor,
        };
      },
    }),
    'lists every account once, however many events and appends it has',
  ],
  [
    'ignores the institution',
    ({ accounts }) => ({
      accounts: (page) => accounts({ ...(page?.after !== undefined && { after: page.after }) }),
    }),
    'lists the accounts of one institution',
  ],
  [
    'sorts accounts by their ids',
    ({ accounts }) => ({
      accounts: async ({ after = '0', limit = 100, institution } = {}) => {
        const all = (await accounts(institution === undefined ? {} : { institution })).accounts;
        const sorted = [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        const start = Number(after);
        const part = sorted.slice(start, start + limit);
        return { accounts: part, cursor: String(start + part.length) };
      },
    }),
    'lists new accounts after those listed before, and none twice',
  ],
])('detects a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(accountCases, defect)).toContain(clause);
});
