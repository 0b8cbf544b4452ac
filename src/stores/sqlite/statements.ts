import { SCAN_SIZE } from '../accountList.js';
import type { SqliteDatabase, SqliteStatement } from './sqliteDatabase.js';

/** The prepared statements. */
export type Statements = { readonly [Name in keyof typeof texts]: SqliteStatement } & {
  /**
   * Reads what `last` reads, and what the database notes of its parts; without events version 0, and no row if it notes
   * the given ones. Prepared by the first append.
   */
  readonly lastNoting: SqliteStatement;
};

/** Prepares all statements. */
export function prepareAll(database: SqliteDatabase): Statements {
  const prepared = Object.entries(texts).map(([name, sql]) => [name, database.prepare(sql)] as const);
  let lastNoting: SqliteStatement | undefined;
  return {
    ...(Object.fromEntries(prepared) as Omit<Statements, 'lastNoting'>),
    // A database that an earlier release has migrated can still be read.
    get lastNoting() {
      const { last } = texts;
      const noted = '(select part_names from patron_fees_schema) as part_names';
      // The first row is read, so the second part runs only for a stream without events.
      lastNoting ??= database.prepare(
        `select * from (${last.replace('recorded_at', `recorded_at, ${noted}`)})
         union all select 0, null, part_names from patron_fees_schema where part_names <> ?`,
      );
      return lastNoting;
    },
  };
}

// A limit of -1 means no limit. SQLite plans a statement again each time that a bare limit is bound, which takes longer than
// to read an account; it does not look into an expression.
const texts = {
  last: `select version, recorded_at from patron_fees_event
         where institution = ? and patron_id = ? order by version desc limit 1`,
  stream: `select version, recorded_at, event from patron_fees_event
           where institution = ? and patron_id = ? and version > ? order by version limit ? + 0`,
  insert: `insert into patron_fees_event (institution, patron_id, version, recorded_at, event)
           values (?, ?, ?, ?, ?)`,
  all: `select position, institution, patron_id, version, recorded_at, event from patron_fees_event
        where position > ? order by position limit ? + 0`,
  end: 'select max(position) as position from patron_fees_event',
  accounts: `select position, institution, patron_id from patron_fees_event
             where (version = 1 or is_left_by_purge = 1) and position > ? order by position limit ? + 0`,
  accountsOf: `select position, institution, patron_id from patron_fees_event
               where (version = 1 or is_left_by_purge = 1) and position > ? and institution = ?
               order by position limit ? + 0`,
  scan: `with recursive stream (patron_id, place) as (
           select (select patron_id from patron_fees_event where institution = ? and patron_id > ?
                   order by patron_id limit 1), 1
           union all
           select (select patron_id from patron_fees_event where institution = ? and patron_id > stream.patron_id
                   order by patron_id limit 1), place + 1
           from stream where patron_id is not null and place < ${SCAN_SIZE}
         )
         select patron_id, place,
           (select version = 1 or is_left_by_purge = 1 from patron_fees_event as first
            where first.institution = ? and first.patron_id = stream.patron_id order by version limit 1) as begins
         from stream where patron_id is not null and (begins = 0 or place = ${SCAN_SIZE})`,
  institution: 'select institution from patron_fees_event where institution > ? order by institution limit 1',
  remove: 'delete from patron_fees_event where institution = ? and patron_id = ?',
  leave: `insert into patron_fees_event (institution, patron_id, version, recorded_at, event, is_left_by_purge)
          values (?, ?, ?, ?, ?, 1)`,
  rewrite: 'update patron_fees_event set event = ? where institution = ? and patron_id = ? and version = ?',
};
