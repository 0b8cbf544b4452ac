import { expect, it } from 'vitest';
import { type ErasingEventStore, encodeEvent, versionConflict } from '../../../src/history/index.js';
import { purgeCases } from '../../../src/testing/conformance/purgeCases.js';
import { type CapableStore, failuresOfCapable } from '../../support/capableStore.js';
import type { OpenDatabase } from '../../support/sqliteDrivers.js';
import { withoutPausesInFile } from '../../support/withoutPauses.js';

withoutPausesInFile();

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
  [
    string,
    (store: ErasingEventStore, database: OpenDatabase) => Partial<ErasingEventStore>,
    readonly (string | undefined)[],
  ]
>([
  [
    'removes nothing',
    () => ({ purge: async (_stream, { data }) => ({ version: data.events + 1 }) }),
    [purges, goesOn, cursors, refusesLater, race, copy, times, refuses],
  ],
  [
    'appends the event, and keeps the others',
    ({ read }, database) => ({
      purge: async (stream, event) => {
        const { institution, patronId } = stream;
        const { version } = await read(stream);
        if (version !== event.data.events) throw versionConflict(stream, event.data.events, version);
        database
          .prepare(
            'insert into patron_fees_event (institution, patron_id, version, recorded_at, event) values (?, ?, ?, ?, ?)',
          )
          .run(institution, patronId, version + 1, event.data.at, encodeEvent(event));
        return { version: version + 1 };
      },
    }),
    [purges, goesOn, cursors, refusesLater, race, copy, times, refuses],
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
  const broken = ({ store, database }: CapableStore) => ({ store: { ...store, ...defect(store, database) } });
  expect(await failuresOfCapable(purgeCases, broken)).toEqual(expected);
});
