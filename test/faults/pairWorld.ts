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
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';
import { faultsOfTables } from '../support/accountTables.js';
import type { Feature } from '../support/featurePairs.js';
import { openFile, type PairPlace, type PairStore } from './pairStores.js';

const NORTH = 'north';

/** A store whose reads fail for a while, now and then, with errors that say nothing, until it is healed. */
export function flaky(storeNow: () => EventStore, seed: number): EventStore & { readonly heal: () => void } {
  let [reads, isHealed] = [seed, false];
  const none = async () => {
    throw new Error('not called');
  };
  const failing = checkedStore({
    read: async (stream, part) => {
      reads += 1;
      if (!isHealed && Math.floor(reads / 15) % 3 === 1) throw new Error('the store is down');
      return storeNow().read(stream, omitUndefined(part));
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

/** Creates the tables of the follower. */
export function prepareFollower(seen: SqliteDatabase): void {
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

/** Returns what does not hold after all processes have ended. */
export async function faultsOfPair(
  { features, ...place }: PairPlace,
  pair: PairStore,
  acknowledged: ReadonlySet<string>,
): Promise<readonly string[]> {
  const has = (feature: Feature) => features.includes(feature);
  const store = await pair.open();
  const { plain, own, messages, inline, followed } = await pair.found();
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

  check(
    'rows of the caller without their event',
    own.filter((id) => !fees.includes(id)),
    [],
  );
  const isOwn = (id: string) =>
    (has('transaction') && indexOf(id) % 3 === 0) || (has('within') && indexOf(id) % 3 === 1);
  check('events without the row of the caller', fees.filter(isOwn).length, own.length);

  if (inline !== undefined) check('table', await faultsOfTables(inline, store), []);
  if (followed !== undefined) check('followed table', await faultsOfTables(followed, store), []);
  const placesOf = (list: readonly { readonly patronId: string; readonly version: number }[]) =>
    list.map(({ patronId, version }) => `${NORTH}/${patronId}/${version}`).sort();
  const file = openFile(place, 'seen');
  const seen = file.prepare('select patron as patronId, version from seen').all() as [];
  file.close();
  const withoutGone = (places: readonly string[]) =>
    places.filter((place) => !place.startsWith('north/gone/'));
  check('seen', withoutGone(placesOf(seen)), placesOf(kept));
  if (has('outbox')) {
    const ids = messages.map((message) => JSON.parse(message).id as string).sort();
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
