import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import {
  findAccounts,
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../../src/stores/postgres/index.js';
import { columnNames } from '../../../src/stores/readModels/accountColumns.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

const at = '2026-03-02T09:00:00Z';

function assessed(feeId: string, comment?: string): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
  return { type: 'FeeAssessed', data: comment === undefined ? data : { ...data, comment } };
}

const patron = (patronId: string) => ({ institution: 'north', patronId });

const dropTables = `drop table if exists patron_fees_event, patron_fees_schema, patron_fees_read_model,
  patron_fees_accounts_all, patron_fees_owed_all, patron_fees_till_all cascade`;

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
});

beforeEach(async () => {
  await pool.query(dropTables);
  await migrate(pool);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

/** A naive reader that continues from the last position that it saw. */
async function naiveReadAll(after: number): Promise<{ patrons: string[]; position: number }> {
  const text = 'select patron_id, position from patron_fees_event where position > $1 order by position';
  const { rows } = await pool.query(text, [after]);
  return { patrons: rows.map((row) => row.patron_id), position: Number(rows.at(-1)?.position ?? after) };
}

describe('two transactions that do not commit in the order in which they began', () => {
  it('make a reader by position miss an event, but not readAll and accounts', async () => {
    const store = postgresEventStore(pool);
    const slow = await pool.connect();
    await slow.query('begin');
    await postgresEventStore(slow).append(patron('slow'), [assessed('f1')], { expectedVersion: 0 });
    await store.append(patron('fast'), [assessed('f2')], { expectedVersion: 0 });

    const naive = await naiveReadAll(0);
    const page = await store.readAll();
    const list = await store.accounts();
    await slow.query('commit');
    slow.release();

    const naiveNext = await naiveReadAll(naive.position);
    expect([...naive.patrons, ...naiveNext.patrons]).toEqual(['fast']);

    const next = await store.readAll({ after: page.cursor });
    const seen = [...page.events, ...next.events].map(({ patronId }) => patronId);
    expect(seen.sort()).toEqual(['fast', 'slow']);
    const listed = [...list.accounts, ...(await store.accounts({ after: list.cursor })).accounts];
    expect(listed.map(({ patronId }) => patronId).sort()).toEqual(['fast', 'slow']);
  });

  it('keep the order of a stream, even if the later event comes from the older transaction', async () => {
    const store = postgresEventStore(pool);
    const older = await pool.connect();
    await older.query('begin');
    await postgresEventStore(older).append(patron('x'), [assessed('f0')], { expectedVersion: 0 });
    await store.append(patron('p'), [assessed('f1')], { expectedVersion: 0 });
    await postgresEventStore(older).append(patron('p'), [assessed('f2')], { expectedVersion: 1 });
    expect((await store.readAll()).events).toEqual([]);
    await older.query('commit');
    older.release();
    const { events } = await store.readAll();
    const ofP = events.filter(({ patronId }) => patronId === 'p').map(({ version }) => version);
    expect(ofP).toEqual([1, 2]);
    expect(events).toHaveLength(3);
  });

  it('leave no gap if one of them was rolled back', async () => {
    const store = postgresEventStore(pool);
    const other = await pool.connect();
    await other.query('begin');
    await postgresEventStore(other).append(patron('gone'), [assessed('f1')], { expectedVersion: 0 });
    await store.append(patron('there'), [assessed('f2')], { expectedVersion: 0 });
    await other.query('rollback');
    other.release();
    expect((await store.readAll()).events.map(({ patronId }) => patronId)).toEqual(['there']);
  });
});

describe('migrate', () => {
  const offset = async () =>
    Number(
      (await pool.query('select transaction_offset from patron_fees_schema')).rows[0].transaction_offset,
    );

  it('does nothing if the tables exist, and may be called by several at once', async () => {
    await postgresEventStore(pool).append(patron('p'), [assessed('f1')], { expectedVersion: 0 });
    await Promise.all([1, 2, 3, 4].map(() => migrate(pool)));
    expect((await postgresEventStore(pool).read(patron('p'))).version).toBe(1);
    await pool.query(dropTables);
    await Promise.all([1, 2, 3, 4].map(() => migrate(pool)));
    expect((await postgresEventStore(pool).read(patron('p'))).version).toBe(0);
  });

  it('moves the numbers of transactions once on a new timeline, so that cursors of lost events are never used again', async () => {
    const before = await offset();
    await pool.query("update patron_fees_schema set timeline = '00000000'");
    for (let n = 0; n < 2; n++) await migrate(pool);
    expect(await offset()).toBe(before + 2 ** 40);
    const store = postgresEventStore(pool);
    await store.append({ institution: 'north', patronId: 'later' }, [assessed('f1')], { expectedVersion: 0 });
    expect((await store.readAll()).events.map(({ patronId }) => patronId)).toContain('later');
  });

  it('moves them by two if the server was restored from the same backup twice', async () => {
    const before = await offset();
    // Two before the first timeline, which this server is on.
    await pool.query("update patron_fees_schema set timeline = 'FFFFFFFF'");
    await migrate(pool);
    expect(await offset()).toBe(before + 2 * 2 ** 40);
  });

  it('refuses cursors of lost events after the purge of another account, too, and accepts those of purged events', async () => {
    const store = postgresEventStore(pool);
    const purge = async (patronId: string) => {
      const { version } = await store.read(patron(patronId));
      const data = { purgeId: patronId, events: version, currency: 'USD', totals: [], at };
      await store.purge(patron(patronId), { type: 'AccountPurged', data });
    };
    const cursorAfter = async (patronId: string, version: number) => {
      const events: AccountEvent[] = [assessed(`f${version + 1}`)];
      await store.append(patron(patronId), events, { expectedVersion: version });
      return (await store.readAll()).cursor;
    };
    for (const patronId of ['a', 'b', 'c']) await cursorAfter(patronId, 0);
    const kept = await cursorAfter('b', 1);
    const lost = await cursorAfter('a', 1);
    const refused = { code: 'CURSOR_UNKNOWN' };

    // What a restore does.
    await pool.query("delete from patron_fees_event where patron_id = 'a' and version = 2");
    await pool.query("update patron_fees_schema set timeline = '00000000'");
    await migrate(pool);

    await expect(store.readAll({ after: lost })).rejects.toMatchObject(refused);
    const later = await cursorAfter('b', 2);
    await purge('c');
    await expect(store.readAll({ after: lost })).rejects.toMatchObject(refused);
    await purge('b');
    await expect(store.readAll({ after: lost })).rejects.toMatchObject(refused);
    for (const after of [kept, later])
      expect((await store.readAll({ after })).events.at(-1)?.event.type).toBe('AccountPurged');
    await migrate(pool);
    await expect(store.readAll({ after: lost })).rejects.toMatchObject(refused);
  });

  it('refuses the tables of a later release', async () => {
    await pool.query('update patron_fees_schema set version = 99');
    await expect(migrate(pool)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { version: 99, known: 8 },
    });
  });

  it('continues after a dump was restored on a server with lower transaction numbers', async () => {
    const store = postgresEventStore(pool);
    await store.append(patron('a'), [assessed('f1')], { expectedVersion: 0 });
    const before = await store.readAll();
    await pool.query('update patron_fees_event set transaction = transaction + 1000000000');
    const cursor = before.cursor.replace(/^\d+/, (digits) => String(Number(digits) + 1_000_000_000));
    expect((await store.readAll()).events).toEqual([]);
    await migrate(pool);
    expect((await store.readAll()).events).toHaveLength(1);
    await store.append(patron('b'), [assessed('f2')], { expectedVersion: 0 });
    const { events } = await store.readAll({ after: cursor });
    expect(events.map(({ patronId }) => patronId)).toEqual(['b']);
  });
});

const form = { institution: 'north', currency: 'USD' };

describe('the tables of accounts', () => {
  beforeEach(async () => {
    const store = postgresEventStore(pool, { inline: [inlineAccounts] });
    await store.append(patron('p'), [assessed('f1')], { expectedVersion: 0 });
  });

  it('keep their rows if they have the columns of this release', async () => {
    await migrate(pool);
    expect((await findAccounts(pool, form)).accounts).toMatchObject([{ patronId: 'p', owed: '2.50' }]);
  });

  it('get the columns that those of an earlier release lack, and keep their rows and the views on them', async () => {
    const others = columnNames('accounts').slice(0, -1);
    await pool.query(`alter table patron_fees_accounts_all drop column fault cascade;
      create view patron_fees_accounts as select ${others.join(', ')} from patron_fees_accounts_all
        where generation = (select generation from patron_fees_read_model where name = 'accounts');
      create view debtor as select patron_id from patron_fees_accounts where payable > 0;
      drop table patron_fees_till_all cascade`);
    await Promise.all([1, 2, 3].map(() => migrate(pool)));
    expect((await findAccounts(pool, form)).accounts).toMatchObject([{ patronId: 'p', owed: '2.50' }]);
    await rebuildAccounts(pool);
    expect((await pool.query('select fault from patron_fees_accounts')).rows).toEqual([{ fault: null }]);
    expect((await pool.query('select * from debtor')).rows).toEqual([{ patron_id: 'p' }]);
    expect((await pool.query('select * from patron_fees_till')).rows).toEqual([]);
  });

  it('of another schema of the search path are left alone', async () => {
    const client = await pool.connect();
    await client.query('alter table patron_fees_owed_all drop column open_fees cascade');
    await client.query('create schema branch; set search_path to branch, public');
    await migrate(client);
    const { rows } = await client.query(`select table_schema as schema from information_schema.columns
      where table_name = 'patron_fees_owed_all' and column_name = 'open_fees'`);
    expect(rows).toEqual([{ schema: 'branch' }]);
    expect((await client.query('select * from public.patron_fees_owed_all')).rowCount).toBeGreaterThan(0);
    await client.query('drop schema branch cascade; set search_path to public');
    client.release();
  });
});

describe('a store in PostgreSQL', () => {
  it('erases personal data and keeps the rest', async () => {
    const store = postgresEventStore(pool);
    await store.append(patron('p'), [assessed('f1', 'a secret'), assessed('f2')], { expectedVersion: 0 });
    const before = await store.readAll();
    expect(await store.redact(patron('p'))).toEqual({ events: 1, remaining: 'vacuum' });
    expect(await store.redact(patron('p'))).toEqual({ events: 0, remaining: 'vacuum' });
    const { version, events } = await store.read(patron('p'));
    expect([version, events.map(({ event }) => event)]).toEqual([2, [assessed('f1'), assessed('f2')]]);
    expect((await store.readAll({ after: before.cursor })).events).toEqual([]);
  });

  it('passes on the errors of its connection', async () => {
    const ended = newPool(server.connection);
    await ended.end();
    const store = postgresEventStore(ended);
    await expect(store.append(patron('p'), [assessed('f1')], { expectedVersion: 0 })).rejects.toThrow(
      /after calling end/,
    );
  });
});
