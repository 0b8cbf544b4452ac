import { expect, it } from 'vitest';
import type { EventStore, StreamId } from '../../../src/history/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { deletionCases } from '../../../src/testing/conformance/deletionCases.js';
import { libsql } from '../../support/sqliteDrivers.js';
import { withoutPausesInFile } from '../../support/withoutPauses.js';

withoutPausesInFile();

const titles = deletionCases.map(([title]) => title);
const [gap, headless, , unreadable] = titles;

/** Returns the titles of the cases that fail for a store with a defect. */
async function failures(defect: (store: EventStore) => Partial<EventStore>, canDelete = true) {
  const failed: string[] = [];
  for (const [title, check] of deletionCases) {
    const database = libsql.open(':memory:');
    migrate(database);
    const store = sqliteEventStore(database);
    const deleteEvent = async ({ institution, patronId }: StreamId, version: number) => {
      database
        .prepare('delete from patron_fees_event where institution = ? and patron_id = ? and version = ?')
        .run(institution, patronId, version);
    };
    const opened = { store: { ...store, ...defect(store) }, ...(canDelete && { deleteEvent }) };
    await check(opened).catch(() => failed.push(title));
    database.close();
  }
  return failed;
}

it('passes for a sound store, and fails in every case if nothing can be deleted', async () => {
  expect(await failures(() => ({}))).toEqual([]);
  expect(await failures(() => ({}), false)).toEqual(titles);
});

it.each<[string, (store: EventStore) => Partial<EventStore>, (string | undefined)[]]>([
  [
    'reads what is there',
    ({ read }) => ({
      read: (stream, options) => read(stream, options).catch(() => ({ version: 0, events: [] })),
    }),
    [gap, headless],
  ],
  [
    'reads all events that are there',
    ({ readAll }) => ({
      readAll: (options) => readAll(options).catch(() => ({ events: [], cursor: '0' })),
    }),
    [gap, headless],
  ],
  [
    'drops an event after a gap',
    ({ readAll }) => ({
      readAll: async (options) => {
        const { events, cursor } = await readAll(options);
        return { events, cursor };
      },
    }),
    [unreadable],
  ],
  [
    'lists accounts by their first events',
    ({ accounts, read }) => ({
      accounts: async (options) => {
        const page = await accounts(options);
        const readable = await Promise.all(
          page.accounts.map((stream) => read(stream, { limit: 1 }).catch(() => null)),
        );
        return { ...page, accounts: page.accounts.filter((_, index) => readable[index] !== null) };
      },
    }),
    [headless],
  ],
  [
    'lists accounts that it had once',
    ({ accounts, append }) => {
      const known: StreamId[] = [];
      return {
        append: (stream, events, options) => {
          known.push(stream);
          return append(stream, events, options);
        },
        accounts: async (options) => ({ ...(await accounts(options)), accounts: known }),
      };
    },
    titles.slice(0, 3),
  ],
])('detects a store that %s', async (_, defect, expected) => {
  expect(await failures(defect)).toEqual(expected);
});
