import type pg from 'pg';
import { checkpointMoved, type FollowedProjection, type Shard } from '../../src/history/index.js';
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';

/** The tables of {@link seenInPostgres} and {@link seenInSqlite}: every version that was applied, in order, once. */
export const seenTables = {
  postgres: `
    create table seen (place bigint generated always as identity, shard integer not null, patron_id text not null,
      version integer not null, primary key (patron_id, version));
    create table seen_checkpoint (name text primary key, cursor text not null);`,
  sqlite: `
    create table seen (place integer primary key autoincrement, shard integer not null, patron_id text not null,
      version integer not null, unique (patron_id, version));
    create table seen_checkpoint (name text primary key, cursor text not null);`,
};

/** Returns a shard of a projection that notes each version that it was given, and refuses one that it has. */
export function seenInPostgres(pool: pg.Pool, { index, of }: Shard): FollowedProjection {
  const name = `${index}/${of}`;
  const inTransaction = async (task: (client: pg.PoolClient) => Promise<unknown>) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await task(client);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  };
  return {
    reset: () =>
      inTransaction(async (client) => {
        await client.query('delete from seen where shard = $1', [index]);
        await client.query('delete from seen_checkpoint where name = $1', [name]);
      }),
    apply: (events, cursor, previous) =>
      inTransaction(async (client) => {
        const moved =
          previous === undefined
            ? await client.query('insert into seen_checkpoint values ($1, $2) on conflict do nothing', [
                name,
                cursor,
              ])
            : await client.query('update seen_checkpoint set cursor = $2 where name = $1 and cursor = $3', [
                name,
                cursor,
                previous,
              ]);
        if (moved.rowCount === 0) throw checkpointMoved(previous);
        const text =
          'insert into seen (shard, patron_id, version) select $1, * from unnest($2::text[], $3::integer[])';
        await client.query(text, [
          index,
          events.map(({ patronId }) => patronId),
          events.map(({ version }) => version),
        ]);
      }),
    checkpoint: {
      load: async () =>
        (await pool.query('select cursor from seen_checkpoint where name = $1', [name])).rows[0]?.cursor,
      save: async () => undefined,
    },
  };
}

/** Returns the same in SQLite. */
export function seenInSqlite(database: SqliteDatabase, { index, of }: Shard): FollowedProjection {
  const name = `${index}/${of}`;
  const inTransaction = (task: () => void) => {
    database.exec('begin immediate');
    try {
      task();
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };
  return {
    reset: () =>
      inTransaction(() => {
        database.prepare('delete from seen where shard = ?').run(index);
        database.prepare('delete from seen_checkpoint where name = ?').run(name);
      }),
    apply: (events, cursor, previous) =>
      inTransaction(() => {
        const moved =
          previous === undefined
            ? database.prepare('insert or ignore into seen_checkpoint values (?, ?)').run(name, cursor)
            : database
                .prepare('update seen_checkpoint set cursor = ? where name = ? and cursor = ?')
                .run(cursor, name, previous);
        if ((moved as { changes: number }).changes === 0) throw checkpointMoved(previous);
        const insert = database.prepare('insert into seen (shard, patron_id, version) values (?, ?, ?)');
        for (const { patronId, version } of events) insert.run(index, patronId, version);
      }),
    checkpoint: {
      load: async () => {
        const row = database.prepare('select cursor from seen_checkpoint where name = ?').get(name);
        return (row as { cursor: string } | undefined)?.cursor;
      },
      save: async () => undefined,
    },
  };
}
