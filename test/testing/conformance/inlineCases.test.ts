import { expect, it } from 'vitest';
import type { StoreUnderTest } from '../../../src/testing/conformance/clause.js';
import { inlineCases } from '../../../src/testing/conformance/inlineCases.js';
import { type CapableStore, failuresOfCapable } from '../../support/capableStore.js';

const clauses = inlineCases(3);
const titles = clauses.map(([title]) => title);
const [applies, failsWhole, conflicts, races] = titles;

it('passes for a sound store, and fails in every case for a store without inline projections', async () => {
  expect(await failuresOfCapable(clauses, () => ({}))).toEqual([]);
  expect(await failuresOfCapable(clauses, () => ({ inline: undefined as never }))).toEqual(titles);
});

it.each<[string, (sound: CapableStore) => Partial<StoreUnderTest>, readonly (string | undefined)[]]>([
  ['applies nothing', () => ({ inline: async () => [] }), titles],
  [
    'stores the events although the projection fails',
    ({ store, database }) => ({
      store: {
        ...store,
        append: (stream, events, options) =>
          store.append(stream, events, options).catch((error) => {
            if (!/refused/.test(String(error))) throw error;
            const insert =
              'insert into patron_fees_event (institution, patron_id, version, recorded_at, event)';
            database
              .prepare(`${insert} values (?, ?, ?, ?, ?)`)
              .run('north', 'p1', 2, '2026-03-02T09:00:00Z', JSON.stringify(events[0]));
            throw error;
          }),
      },
    }),
    [failsWhole],
  ],
  [
    'hides the error of the projection',
    ({ store }) => ({
      store: {
        ...store,
        append: (stream, events, options) =>
          store.append(stream, events, options).catch((error) => {
            if (!/refused/.test(String(error))) throw error;
            return { version: 3 };
          }),
      },
    }),
    [failsWhole],
  ],
  [
    'applies the events of an append before it checks the version',
    ({ store, database }) => ({
      store: {
        ...store,
        append: (stream, events, options) =>
          store.append(stream, events, options).catch((error) => {
            if (error.code === 'VERSION_CONFLICT')
              database.prepare("insert into inline_log values ('north', 'p1', 99)").run();
            throw error;
          }),
      },
    }),
    [conflicts],
  ],
  [
    'applies events twice when several append',
    ({ inline }) => ({
      inline: async () => {
        const once = await inline();
        return once.length > 3 ? [...once, ...once.slice(0, 1)] : once;
      },
    }),
    [races],
  ],
  [
    'numbers the events wrongly',
    ({ inline }) => ({
      inline: async () => (await inline()).map((event) => ({ ...event, version: event.version - 1 })),
    }),
    [applies, failsWhole, conflicts, races],
  ],
])('detects a store that %s', async (_, defect, expected) => {
  expect(await failuresOfCapable(clauses, defect)).toEqual(expected);
});
