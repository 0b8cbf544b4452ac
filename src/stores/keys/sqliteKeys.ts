import { type StoreRow, streamOf } from '../../history/codec.js';
import { type StreamId, streamKey } from '../../history/eventStore.js';
import { batchQueue } from '../batchQueue.js';
import {
  assertDatabase,
  inTransaction,
  overwriteDeleted,
  type SqliteDatabase,
  sweep,
  withNamedErrors,
} from '../sqlite/sqliteDatabase.js';
import type { KeyStore } from './keyStore.js';

/** The arguments of `replace`. */
type Replacement = {
  readonly account: StreamId;
  readonly before: string | null;
  readonly after: string | null;
};

/**
 * Keeps the keys of accounts in an SQLite database, and creates their table. Use a file of its own, which no backup of
 * the events contains. Deleted keys are overwritten in the file; `sweep` empties its write-ahead log.
 *
 * @param database - an open database of libsql, better-sqlite3 or `node:sqlite`
 * @returns the key store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it is not an open database
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { sqliteKeys } from 'patron-fees/keys';
 *
 * const keys = sqliteKeys(new Database(':memory:'));
 * const account = { institution: 'north', patronId: 'p1' };
 * await keys.replace(account, null, 'a key'); //=> true
 * await keys.read([account]); //=> ['a key']
 * ```
 */
export function sqliteKeys(database: SqliteDatabase): KeyStore {
  assertDatabase(database);
  const { find, put, remove, list } = withNamedErrors(() => {
    database.exec('pragma busy_timeout = 5000');
    database.exec('pragma journal_mode = wal');
    // A key is on the disk before an event is encrypted with it.
    database.exec('pragma synchronous = full');
    overwriteDeleted(database);
    database.exec(
      `create table if not exists patron_fees_key (
         institution text not null, patron_id text not null, keys text not null, primary key (institution, patron_id)
       ) without rowid`,
    );
    return {
      find: database.prepare('select keys from patron_fees_key where institution = ? and patron_id = ?'),
      put: database.prepare('insert or replace into patron_fees_key values (?, ?, ?)'),
      remove: database.prepare('delete from patron_fees_key where institution = ? and patron_id = ?'),
      list: database.prepare(
        `select institution, patron_id from patron_fees_key where (institution, patron_id) > (?, ?)
         order by institution, patron_id limit 100`,
      ),
    };
  });
  const keysOf = (institution: string, patronId: string) => {
    const row = find.get(institution, patronId) as StoreRow | undefined;
    return row === undefined ? null : String(row.keys);
  };
  const replaceAll = (replacements: readonly Replacement[]) =>
    withNamedErrors(() =>
      inTransaction(database, () =>
        replacements.map(({ account: { institution, patronId }, before, after }) => {
          if (keysOf(institution, patronId) !== before) return false;
          if (after === null) remove.run(institution, patronId);
          else put.run(institution, patronId, after);
          return true;
        }),
      ),
    );
  const { run } = batchQueue<Replacement, boolean>({
    one: (replacement) => replaceAll([replacement])[0] as boolean,
    many: replaceAll,
    keyOf: ({ account }) => streamKey(account),
    overlaps: false,
  });
  return {
    read: async (accounts) =>
      withNamedErrors(() => accounts.map(({ institution, patronId }) => keysOf(institution, patronId))),
    // Of accounts that get their first text at the same time, the keys share a flush to the disk.
    replace: (account, before, after) => run({ account, before, after }),
    // No id is empty.
    accounts: async ({ institution, patronId } = { institution: '', patronId: '' }) =>
      withNamedErrors(() => (list.all(institution, patronId) as StoreRow[]).map(streamOf)),
    sweep: () => sweep(database),
  };
}
