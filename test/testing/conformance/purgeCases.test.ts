import { expect, it } from 'vitest';
import type { ErasingEventStore } from '../../../src/history/index.js';
import { purgeCases } from '../../../src/testing/conformance/purgeCases.js';
import { failuresOfCapable } from '../../support/capableStore.js';

const titles = purgeCases.map(([title]) => title);
const [purges, goesOn, cursors, refusesLater, race, copy, times, refuses] = titles;

it('passes for a sound store, and fails in every case for a store that cannot purge', async () => {
  expect(await failuresOfCapable(purgeCases, () => ({}))).toEqual([]);
  const without = ({ store }: { readonly store: ErasingEventStore }) => {
    const { purge: _, ...rest } = store;
    return { store: rest };
  };
  expect(await failuresOfCapable(purgeCases, without)).toEqual(titles);
});

it.concurrent.each<
  [string, (store: ErasingEventStore) => Partial<ErasingEventStore>, readonly (string | undefined)[]]
>([
  [
    'removes nothing',
    () => ({ purge: async (_stream, { data }) => ({ version: data.events + 1 }) }),
    [purges, goesOn, cursors, refusesLater, race, copy, times, refuses],
  ],
  [
    'appends the event, and keeps the others',
    ({ append }) => ({
      purge: (stream, event) => append(stream, [event], { expectedVersion: event.data.events }),
    }),
    [purges, goesOn, cursors, race, copy, times],
  ],
  [
    'records a copy by its own clock',
    ({ purge }) => ({ purge: (stream, event) => purge(stream, event) }),
    [times],
  ],
  [
    'loses cursors at removed events',
    ({ readAll, read }) => ({
      readAll: async (page = {}) => {
        const { events } = await readAll({ limit: 1 });
        const isPurged = (await read({ institution: 'north', patronId: 'p1' })).events[0]?.version === 4;
        if (isPurged && page.after === '1' && events.length > 0) throw new Error('unknown cursor');
        return readAll(page);
      },
    }),
    [cursors],
  ],
])('detects a store that %s', async (_, defect, expected) => {
  const broken = ({ store }: { readonly store: ErasingEventStore }) => ({
    store: { ...store, ...defect(store) },
  });
  expect(await failuresOfCapable(purgeCases, broken)).toEqual(expected);
});
