// What the processes of a pair of features work on, and what must hold of it afterwards.
import { isDeepStrictEqual } from 'node:util';
import {
  checkedStore,
  checkpointMoved,
  type EventStore,
  type FollowedProjection,
  type StoredAccountEvent,
} from '../../src/history/index.js';
import { omitUndefined } from '../../src/input/plainObject.js';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import { type SqliteDatabase, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { faultsOfTables, sqliteTables } from '../support/accountTables.js';
import type { Feature } from '../support/featurePairs.js';

/** What one process does. */
export type PairPlan = {
  readonly features: readonly Feature[];
  readonly folder: string;
  readonly driver: string;
  /** The number of the process, in the ids of its commands. */
  readonly run: number;
  readonly commands: number;
  readonly seed: number;
};

const NORTH = 'north';

/** A store whose reads fail for a while, now and then, with errors that say nothing, until it is healed. */
export function flaky(store: EventStore, seed: number): EventStore & { readonly heal: () => void } {
  let [reads, isHealed] = [seed, false];
  const none = async () => {
    throw new Error('not called');
  };
  const failing = checkedStore({
    read: async (stream, part) => {
      reads += 1;
      if (!isHealed && Math.floor(reads / 15) % 3 === 1) throw new Error('the store is down');
      return store.read(stream, omitUndefined(part));
    },
    append: none,
    readAll: none,
    accounts: none,
  });
  return {
    ...failing,
    heal: () => {
      isHealed = true;
    },
  };
}

/** Creates the tables of the world beside those of the store. */
export function prepareWorld(events: SqliteDatabase, seen: SqliteDatabase): void {
  events.exec('create table own (id text primary key)');
  seen.exec('create table seen (patron text, version integer, primary key (patron, version))');
  seen.exec('create table place (shard integer primary key, cursor text)');
}

/** A projection that writes down each event of a shard, and reads its account from a store. */
export function seenIn(database: SqliteDatabase, shard: number, read: EventStore): FollowedProjection {
  const cursorOf = () => {
    const row = database.prepare('select cursor from place where shard = ?').all(shard)[0];
    return (row as { cursor: string } | undefined)?.cursor;
  };
  return {
    // The rows of events that were read before the checkpoint stay: each is written once.
    reset: () => undefined,
    apply: async (events, cursor, previous) => {
      for (const { institution, patronId } of events) await read.read({ institution, patronId });
      database.exec('begin immediate');
      try {
        if (cursorOf() !== previous) throw checkpointMoved(previous);
        const insert = database.prepare('insert into seen values (?, ?)');
        for (const { patronId, version } of events) insert.run(patronId, version);
        database.prepare('insert or replace into place values (?, ?)').run(shard, cursor);
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    checkpoint: { load: async () => cursorOf(), save: async () => undefined },
  };
}

/** Returns what does not hold after all processes have ended; `open` opens a file of the world. */
export async function faultsOfWorld(
  features: readonly Feature[],
  open: (name: string) => SqliteDatabase,
  acknowledged: ReadonlySet<string>,
): Promise<readonly string[]> {
  const has = (feature: Feature) => features.includes(feature);
  const database = open('events');
  const plain = sqliteEventStore(database);
  const store = has('keys') ? keyedEventStore(plain, { keys: sqliteKeys(open('keys')) }) : plain;
  const { events } = await store.readAll();
  const faults: string[] = [];
  const check = (what: string, found: unknown, expected: unknown) => {
    if (!isDeepStrictEqual(found, expected))
      faults.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  };
  const feeOf = ({ event }: StoredAccountEvent) => (event.type === 'FeeAssessed' ? event.data.feeId : '');
  const kept = events.filter(({ patronId }) => patronId !== 'gone');
  const fees = kept.map(feeOf);
  check('fees stored twice', fees.length - new Set(fees).size, 0);
  check(
    'acknowledged, not stored',
    [...acknowledged].filter((id) => !fees.includes(id)),
    [],
  );
  // Reads each stream, which refuses a gap.
  const { accounts } = await store.accounts();
  for (const account of accounts) await store.read(account);

  const own = database.prepare('select id from own').all() as { readonly id: string }[];
  check(
    'rows of the caller without their event',
    own.map(({ id }) => id).filter((id) => !fees.includes(id)),
    [],
  );
  const isOwn = (id: string) =>
    (has('transaction') && indexOf(id) % 3 === 0) || (has('within') && indexOf(id) % 3 === 1);
  check('events without the row of the caller', fees.filter(isOwn).length, own.length);

  if (has('inlineTable') || has('rebuild'))
    check('table', await faultsOfTables(sqliteTables(database), store), []);
  if (has('followedTable'))
    check('followed table', await faultsOfTables(sqliteTables(open('table')), store), []);
  const placesOf = (list: readonly { readonly patronId: string; readonly version: number }[]) =>
    list.map(({ patronId, version }) => `${NORTH}/${patronId}/${version}`).sort();
  const seen = open('seen').prepare('select patron as patronId, version from seen').all() as [];
  const withoutGone = (places: readonly string[]) =>
    places.filter((place) => !place.startsWith('north/gone/'));
  check('seen', withoutGone(placesOf(seen)), placesOf(kept));
  if (has('outbox')) {
    const messages = database.prepare('select message from patron_fees_outbox').all() as {
      message: string;
    }[];
    const ids = messages.map(({ message }) => JSON.parse(message).id as string).sort();
    check('outbox', withoutGone(ids), placesOf(kept));
  }
  const texts = (list: readonly StoredAccountEvent[]) =>
    list.filter(({ event }) => event.type === 'FeeAssessed' && event.data.comment !== undefined).length;
  const readable = kept.filter(({ patronId }) => patronId !== 'p4');
  check('texts', texts(readable), readable.length);
  if (!has('redact')) check('texts of p4', texts(kept), kept.length);
  if (has('keys')) check('texts in clear', texts((await plain.readAll()).events), 0);
  return faults;
}

function indexOf(feeId: string): number {
  return Number(feeId.split('-').at(-1));
}
