import {
  memoryEventStore,
  type RedactingEventStore,
  redactEvent,
  splitEventStore,
} from 'patron-fees/history';
import { type OfficeEvent, type OfficeStore, officeEvents } from 'patron-fees/office';
import { postgresEventStore, migrate as preparePostgres } from 'patron-fees/postgres';
import { migrate as prepareSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeLogs } from '../../scripts/goldenOffice.js';
import type { NamedStream, RecordedEvent } from '../../src/history/eventStore.js';
import { sealChain } from '../../src/seals/sealRule.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { libsql } from '../support/sqliteDrivers.js';

type RedactingOffice = RedactingEventStore<OfficeEvent, NamedStream>;

const now = () => '2026-03-02T14:00:00Z';

let server: PostgresServer;
let pool: ReturnType<typeof newPool>;
const database = libsql.open(':memory:');

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
});

afterAll(async () => {
  database.close();
  await pool.end();
  await server.remove();
});

const offices: Record<string, () => Promise<RedactingOffice>> = {
  memory: async () => memoryEventStore({ now, codec: officeEvents }),
  SQLite: async () => {
    prepareSqlite(database);
    return sqliteEventStore(database, { now, codec: officeEvents });
  },
  PostgreSQL: async () => {
    await preparePostgres(pool);
    return postgresEventStore(pool, { codec: officeEvents });
  },
  'a split store': async () => {
    const parts = { one: memoryEventStore({ now, codec: officeEvents }) };
    return splitEventStore({ parts, partOf: () => 'one' });
  },
};

/** Each log is of a library of its own, because two may be of one stream. */
const logs = Object.entries(officeLogs).map(([institution, { stream, events }]) => ({
  stream: { institution, stream },
  events,
  redacted: events.map((event) => redactEvent(event)),
}));

const readFrom = async (office: OfficeStore, stream: NamedStream) => (await office.read(stream)).events;

const digestOf = (stream: NamedStream, recorded: readonly RecordedEvent<OfficeEvent>[]) => {
  const chain = sealChain('1', 'office', stream);
  for (const one of recorded) chain.add(one);
  return chain.digest();
};

it('these tests have events that a redaction changes, and others', () => {
  const changed = logs.flatMap(({ events, redacted }) =>
    events.filter((event, index) => event !== redacted[index]).map(({ type }) => type),
  );
  expect(new Set(changed).size).toBeGreaterThan(5);
  expect(logs.some(({ events, redacted }) => events.every((event, index) => event === redacted[index]))).toBe(
    true,
  );
});

describe.each(Object.entries(offices))('redaction of the office in %s', (_, open) => {
  it('leaves each event as redactEvent does, for every reader, and the digests of seals as they were', async () => {
    const office = await open();
    expect('purge' in office).toBe(false);
    for (const { stream, events } of logs) await office.append(stream, events, { expectedVersion: 0 });
    const { cursor } = await office.readAll();
    for (const { stream, events, redacted } of logs) {
      const before = await readFrom(office, stream);
      const changes = events.filter((event, index) => event !== redacted[index]);

      expect((await office.redact(stream)).events).toBe(changes.length);
      expect((await office.redact(stream, { sweep: false })).events).toBe(0);

      const after = await readFrom(office, stream);
      expect(after.map(({ event }) => JSON.stringify(event))).toEqual(
        redacted.map((event) => JSON.stringify(event)),
      );
      expect(after.map(({ version, recordedAt }) => [version, recordedAt])).toEqual(
        before.map(({ version, recordedAt }) => [version, recordedAt]),
      );
      expect(digestOf(stream, after)).toBe(digestOf(stream, before));
    }
    const all = await office.readAll();
    expect(all.events.map(({ event }) => event)).toEqual(logs.flatMap(({ redacted }) => redacted));
    expect((await office.readAll({ after: cursor })).events).toEqual([]);
    await office.sweep();
  });

  it('redacts only the chosen versions of one stream, and refuses the key of an account', async () => {
    const office = await open();
    const comment = 'Ada was in hospital';
    const [event] = officeLogs['a-till']?.events ?? [];
    const commented = { ...event, data: { ...event?.data, comment } } as OfficeEvent;
    const [one, other] = ['till:ONE', 'till:TWO'].map((stream) => ({ institution: 'chosen', stream }));
    if (one === undefined || other === undefined) throw new Error('no streams');
    for (const stream of [one, other])
      await office.append(stream, [commented, commented], { expectedVersion: 0 });

    expect((await office.redact(one, { versions: [2, 3] })).events).toBe(1);

    const withComment = async (stream: NamedStream) =>
      (await readFrom(office, stream)).map(({ event: { data } }) => 'comment' in data);
    expect(await withComment(one)).toEqual([true, false]);
    expect(await withComment(other)).toEqual([true, true]);
    const account = { institution: 'chosen', patronId: 'till:TWO' };
    await expect(office.redact(account as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await office.close();
    await expect(office.redact(other)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});
