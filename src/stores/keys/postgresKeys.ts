import {
  assertQueryable,
  errorCodeOf,
  ownSession,
  type Queryable,
  retryTransient,
} from '../postgres/session.js';
import type { KeyStore } from './keyStore.js';

const TABLES = `
  create table if not exists patron_fees_key (
    institution text collate "C" not null, patron_id text collate "C" not null, keys text not null,
    primary key (institution, patron_id)
  );
  create table if not exists patron_fees_key_file (erased_in oid);
  insert into patron_fees_key_file select null where not exists (select from patron_fees_key_file)`;

/** Two programs created the tables at once: `duplicate_table`, `duplicate_object`, `unique_violation`. */
const RACES: ReadonlySet<unknown> = new Set(['42P07', '42710', '23505']);

const READ_ONE = 'select 0 as place, keys from patron_fees_key where institution = $1 and patron_id = $2';

/** Reads the keys of accounts ($1, a JSON list). The inner limit keeps the planner from joining the whole table. */
const READ_MANY = `
  select given.place, known.keys
  from json_to_recordset($1::json) as given (place integer, institution text, patron_id text)
  cross join lateral (
    select keys from patron_fees_key where institution = given.institution and patron_id = given.patron_id limit 1
  ) known`;

/** Creates the keys ($3) of an account, unless it has some. */
const CREATE = 'insert into patron_fees_key values ($1, $2, $3) on conflict do nothing returning 1';

/** Notes in which file of the table a key was deleted: it stays there until `VACUUM FULL`. */
const ERASED = `
  with erased as (
    update patron_fees_key_file set erased_in = pg_relation_filenode('patron_fees_key')
    where erased_in is distinct from pg_relation_filenode('patron_fees_key')
  )`;

const UPDATE = `${ERASED}
  update patron_fees_key set keys = $4 where institution = $1 and patron_id = $2 and keys = $3 returning 1`;

const DELETE = `${ERASED}
  delete from patron_fees_key where institution = $1 and patron_id = $2 and keys = $3 returning 1`;

/** Ids with a mark before them, see the statements of the store. */
const ACCOUNTS = `
  select '=' || institution as institution, '=' || patron_id as patron_id from patron_fees_key
  where (institution, patron_id) > ($1, $2) order by patron_fees_key.institution, patron_fees_key.patron_id limit 100`;

const REMAINS = `select 1 from patron_fees_key_file where erased_in = pg_relation_filenode('patron_fees_key')`;

/**
 * Keeps the keys of accounts in PostgreSQL, and creates their tables. Use a server of its own, or at least a database
 * that is in no backup of the events. If you append in transactions of your own, they need another pool: keys are read
 * on a second connection, and if all of a pool are in such transactions, these wait for each other.
 *
 * After a key was deleted, `sweep` says `vacuum` until `VACUUM FULL patron_fees_key`; the server's log and its archive
 * have the key for longer. Wrap the keys ({@link MasterKey}), and destroy the master key after {@link renewKeys}, to
 * make those remains useless.
 *
 * @param database - a `Pool` or `Client` of pg, PGlite, or anything else with their `query`
 * @returns the key store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it is not a database; errors of the
 * driver
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { postgresKeys } from 'patron-fees/keys';
 *
 * const database = new PGlite();
 * const keys = await postgresKeys(database);
 * const account = { institution: 'north', patronId: 'p1' };
 * await keys.replace(account, null, 'a key'); //=> true
 * await keys.read([account]); //=> ['a key']
 * await database.close();
 * ```
 */
export async function postgresKeys(database: Queryable): Promise<KeyStore> {
  assertQueryable(database);
  const { rows } = ownSession(database, { namedStatements: false });
  for (const statement of TABLES.split(';')) {
    await retryTransient(
      () => rows(statement),
      (error) => RACES.has(errorCodeOf(error)),
    );
  }
  return {
    read: async (accounts) => {
      const [first, second] = accounts;
      const given = accounts.map(({ institution, patronId: patron_id }, place) => ({
        place,
        institution,
        patron_id,
      }));
      const known =
        first !== undefined && second === undefined
          ? await rows(READ_ONE, [first.institution, first.patronId])
          : await rows(READ_MANY, [JSON.stringify(given)]);
      const found: (string | null)[] = accounts.map(() => null);
      for (const { place, keys } of known) found[Number(place)] = String(keys);
      return found;
    },
    replace: async ({ institution, patronId }, before, after) => {
      const account = [institution, patronId];
      const changed =
        before === null
          ? await rows(CREATE, [...account, after])
          : after === null
            ? await rows(DELETE, [...account, before])
            : await rows(UPDATE, [...account, before, after]);
      return changed.length > 0;
    },
    // No id is empty.
    accounts: async ({ institution, patronId } = { institution: '', patronId: '' }) =>
      (await rows(ACCOUNTS, [institution, patronId])).map((row) => ({
        institution: String(row.institution).slice(1),
        patronId: String(row.patron_id).slice(1),
      })),
    sweep: async () => ((await rows(REMAINS)).length > 0 ? { remaining: 'vacuum' } : {}),
  };
}
