import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCAN_SIZE } from '../../../src/stores/accountList.js';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { scanAccounts } from '../../../src/stores/postgres/readEvents.js';
import { ownSession } from '../../../src/stores/postgres/session.js';
import { assessed } from '../../support/events.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { tried } from '../../support/seeded.js';

describe('readEvents', () => {
  let server: PostgresServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await postgresServer();
    pool = newPool(server.connection);
    await migrate(pool);
  });

  afterAll(async () => {
    await pool.end();
    await server.remove();
  });

  describe('reading events', () => {
    it.each([
      ['ISO', 'UTC'],
      ['German', 'Europe/Berlin'],
      ['SQL, DMY', 'America/St_Johns'],
      ['Postgres, MDY', 'Asia/Kathmandu'],
    ])('returns recording times to the microsecond whatever the settings: %s, %s', async (style, zone) => {
      const options = `-c datestyle=${style.replaceAll(' ', '\\ ')} -c timezone=${zone}`;
      const settled = newPool({ ...server.connection, options, max: 2 });
      const store = postgresEventStore(settled);
      const microseconds = fc.integer({ min: 0, max: 999_999 });
      const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
      let patron = 0;
      await fc.assert(
        fc.asyncProperty(seconds, microseconds, async (second, micro) => {
          const stream = { institution: `${style} ${zone}`, patronId: `p${patron++}` };
          const date = new Date(second * 1000).toISOString().slice(0, 19);
          const recordedAt = `${date}.${String(micro).padStart(6, '0')}Z`;
          await store.append(stream, [assessed('f1', '1.00')], { expectedVersion: 0, recordedAt });
          const whole = await store.read(stream);
          const limited = await store.read(stream, { limit: 1 });
          expect(whole.events[0]?.recordedAt).toBe(recordedAt);
          expect(limited).toEqual(whole);
        }),
        {
          ...tried(50),
          examples: [
            [0, 0],
            [1, 100_000],
            [1, 1],
            [2, 999_990],
          ],
        },
      );
      const all = await store.readAll();
      const read = all.events.filter(({ institution }) => institution === `${style} ${zone}`);
      for (const { patronId, institution, ...recorded } of read) {
        expect((await store.read({ institution, patronId })).events).toEqual([recorded]);
      }
      expect(read.length).toBe(patron);
      await settled.end();
    });

    it('reads the version of a stream that is shorter than the position it is read from', async () => {
      const store = postgresEventStore(pool);
      const stream = { institution: 'north', patronId: 'short' };
      await store.append(stream, [assessed('f1', '1.00'), assessed('f2', '1.00')], { expectedVersion: 0 });
      expect(await store.read(stream, { after: 5 })).toEqual({ version: 2, events: [] });
      expect(await store.read(stream, { after: 2 })).toEqual({ version: 2, events: [] });
      expect((await store.read(stream, { after: 1 })).events.map(({ version }) => version)).toEqual([2]);
      expect(await store.read({ ...stream, patronId: 'nobody' })).toEqual({ version: 0, events: [] });
    });
  });
});

describe('scanAccounts', () => {
  const database = new PGlite();
  afterAll(() => database.close());

  it('reads the given number of accounts at a time, of all institutions or of one', async () => {
    await migrate(database);
    await database.query(`
    insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
    select 1, institution, 'p' || lpad(n::text, 5, '0'), case n % 1000 when 1 then 2 else 1 end, now(), ''
    from generate_series(1, ${SCAN_SIZE} + 10) as n, (values ('a'), ('b')) as each (institution)`);
    const session = ownSession(database, { namedStatements: false });
    const first = await scanAccounts(session, undefined, undefined);
    expect(first.headless.map(({ patronId }) => patronId)).toEqual([
      'p00001',
      'p01001',
      'p02001',
      'p03001',
      'p04001',
    ]);
    expect(first.last).toEqual({ institution: 'a', patronId: `p0${SCAN_SIZE}` });
    const second = await scanAccounts(session, undefined, first.last);
    expect(second.headless.map(({ institution }) => institution)).toEqual(['a', 'b', 'b', 'b', 'b', 'b']);
    expect(second.last).toEqual({ institution: 'b', patronId: `p0${SCAN_SIZE - 10}` });
    const third = await scanAccounts(session, undefined, second.last);
    expect(third).toEqual({ headless: [{ institution: 'b', patronId: 'p05001' }], last: undefined });
    expect(await scanAccounts(session, 'a', first.last)).toEqual({
      headless: [{ institution: 'a', patronId: 'p05001' }],
      last: undefined,
    });
    expect(await scanAccounts(session, 'c', undefined)).toEqual({ headless: [], last: undefined });
  });
});
