import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  catchUp,
  copyEvents,
  execute,
  loadAccount,
  memoryEventStore,
  redactEvent,
} from '../../../src/history/index.js';
import { type AccountEvent, type AccountPurged, definePolicy, type FeeAssessed } from '../../../src/index.js';
import {
  type KeyStore,
  keyedEventStore,
  memoryKeys,
  postgresKeys,
  renewKeys,
  sqliteKeys,
} from '../../../src/stores/keys/index.js';
import { sealEvent } from '../../../src/stores/keys/keyedEventStore.js';
import { newKey } from '../../../src/stores/keys/keyStore.js';
import { natsEventStore } from '../../../src/stores/nats/index.js';
import { postgresEventStore, migrate as preparePostgres } from '../../../src/stores/postgres/index.js';
import {
  migrate,
  migrate as prepareSqlite,
  type SqliteEventStore,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { describeWith } from '../../support/programs.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { tried } from '../../support/seeded.js';
import { libsql, type OpenDatabase, temporaryFile } from '../../support/sqliteDrivers.js';
import { tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const north = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const secret = { comment: 'Was in hospital', item: { title: 'On pain', library: 'MAIN' } };

describe('a store with keys, in memory', () => {
  const cases = storeConformance(() => ({ store: keyedEventStore(tickingStore(), { keys: memoryKeys() }) }), {
    erasing: true,
  });
  for (const { title, run } of cases) it(title, run);
});

describe('a store with keys, in SQLite files', () => {
  const cases = storeConformance(
    () => {
      const [events, keys] = [temporaryFile(), temporaryFile()];
      const files = [events, events, events, keys, keys].map(({ file }) => file);
      const databases = files.map(libsql.open);
      const [first, other, callers, firstKeys, otherKeys] = databases as [
        OpenDatabase,
        OpenDatabase,
        OpenDatabase,
        OpenDatabase,
        OpenDatabase,
      ];
      prepareSqlite(first);
      const store = keyedEventStore(sqliteEventStore(first, { synchronous: 'normal' }), {
        keys: sqliteKeys(firstKeys),
      });
      return {
        store,
        second: keyedEventStore(sqliteEventStore(other, { synchronous: 'normal' }), {
          keys: sqliteKeys(otherKeys),
        }),
        transaction: async (work) => {
          callers.exec('begin immediate');
          try {
            await work(store.within(callers));
            callers.exec('commit');
          } catch (error) {
            callers.exec('rollback');
            throw error;
          }
        },
        release: async () => {
          for (const database of databases) database.close();
          for (const { remove } of [events, keys]) remove();
        },
      };
    },
    { erasing: true, transactions: true, modelRuns: 10 },
  );
  for (const { title, run } of cases) it(title, run);
});

describe('a store with keys, in PostgreSQL', () => {
  let server: PostgresServer;
  const pools: pg.Pool[] = [];

  beforeAll(async () => {
    server = await postgresServer();
    for (const _ of [1, 2]) pools.push(newPool(server.connection));
  });

  afterAll(async () => {
    for (const pool of pools) await pool.end();
    await server.remove();
  });

  const cases = storeConformance(
    async () => {
      const [pool, other] = pools as [pg.Pool, pg.Pool];
      await preparePostgres(pool);
      const [keys, otherKeys] = [await postgresKeys(pool), await postgresKeys(other)];
      await pool.query('truncate patron_fees_event, patron_fees_key');
      return {
        store: keyedEventStore(postgresEventStore(pool), { keys }),
        second: keyedEventStore(postgresEventStore(other), { keys: otherKeys }),
      };
    },
    { erasing: true, modelRuns: 10 },
  );
  for (const { title, run } of cases) it(title, run);
});

describeWith(['nats-server'], 'a store with keys, in NATS', () => {
  let servers: NatsServers;

  beforeAll(async () => {
    servers = await startNatsServers(1);
  });

  afterAll(() => servers.stop());

  const cases = storeConformance(
    async () => {
      const stream = await servers.newStream();
      const clients = await Promise.all([servers.connect(), servers.connect()]);
      const keys = memoryKeys();
      const open = (client: (typeof clients)[0]) =>
        keyedEventStore(natsEventStore({ ...client, stream, prefix: prefixOf(stream) }), { keys });
      const [store, second] = [open(clients[0]), open(clients[1])];
      return {
        store,
        second,
        release: async () => {
          for (const { connection } of clients) await connection.close();
        },
      };
    },
    { erasing: 'texts', modelRuns: 5 },
  );
  for (const { title, run } of cases) it(title, run);
});

/** Returns a store with keys, and what is behind it. */
function newStore(keys: KeyStore = memoryKeys()) {
  const behind = tickingStore();
  return { behind, keys, store: keyedEventStore(behind, { keys }) };
}

const textOf = (events: readonly { readonly event: AccountEvent }[]) =>
  events.map(({ event }) => JSON.stringify(event));

describe('the store behind a store with keys', () => {
  it('has each event as a redaction leaves it, byte for byte, and the texts only encrypted', async () => {
    for (const { patronId, events } of randomAccounts(40)) {
      const { behind, store } = newStore();
      const stream = { institution: 'north', patronId };
      const texts = events.map((event, index) => {
        const comment = `secret ${index} of ${patronId}`;
        return index % 2 === 0 ? { ...event, data: { ...event.data, comment } } : event;
      }) as typeof events;
      await store.append(stream, texts, { expectedVersion: 0 });
      const written = texts.map((event) => JSON.stringify(event));
      expect(textOf((await store.read(stream)).events)).toEqual(written);
      expect(textOf((await store.readAll()).events)).toEqual(written);

      const stored = (await behind.read(stream)).events;
      const redacted = texts.map((event) => JSON.stringify(redactEvent(event)));
      expect(stored.map(({ event }) => JSON.stringify(redactEvent(event)))).toEqual(redacted);
      expect(JSON.stringify(stored)).not.toContain('secret');
      for (const [index, { event }] of stored.entries())
        expect(event.metadata?.sealed !== undefined).toBe(redacted[index] !== written[index]);

      await store.redact(stream);
      expect(textOf((await store.read(stream)).events)).toEqual(redacted);
    }
  });

  it('has no keys and no texts of an account without texts', async () => {
    const { behind, keys, store } = newStore();
    await store.append(north, [assessedFee('f1')], { expectedVersion: 0 });
    expect((await behind.read(north)).events[0]?.event).toEqual(assessedFee('f1'));
    expect(await keys.read([north])).toEqual([null]);
  });
});

describe('a store with keys and one without', () => {
  const patronId = fc.constantFrom('p1', 'p2');
  const versions = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 12 })), { nil: undefined });
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        append: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
        patronId,
        at: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ redact: fc.constant(true), versions, patronId }) },
    { weight: 1, arbitrary: fc.constant({ renew: true }) },
    { weight: 1, arbitrary: fc.record({ purge: fc.boolean(), patronId }) },
  );

  it('return the same after any appends, redactions, purges and renewals of keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, isAppendOnly) => {
        const plain = tickingStore();
        const ticking = tickingStore();
        const { redact: _redact, ...without } = ticking;
        const behind = (isAppendOnly ? without : ticking) as typeof ticking;
        const keys = memoryKeys();
        const open = () => keyedEventStore(behind, { keys });
        const stores = [open(), open()] as const;
        for (const [index, one] of steps.entries()) {
          const keyed = stores[index % 2 === 0 ? 0 : 1];
          const both = async (work: (store: typeof plain) => Promise<unknown>) => {
            const outcomes = [];
            for (const store of [plain, keyed]) outcomes.push(await work(store));
            expect(outcomes[1]).toEqual(outcomes[0]);
          };
          if ('renew' in one) {
            await renewKeys({ keys, renew: 'accounts' });
            continue;
          }
          const stream = { institution: 'north', patronId: one.patronId };
          const { version } = await plain.read(stream);
          if ('append' in one) {
            const events = one.append.map((hasTexts, n) =>
              assessedFee(`f${version + n}`, hasTexts ? { comment: `secret ${version + n}` } : {}),
            );
            await both((store) =>
              store.append(stream, events, { expectedVersion: one.at ? version : 'any' }),
            );
          } else if ('redact' in one) {
            await both((store) => store.redact(stream, one.versions && { versions: one.versions }));
          } else if (version > 0) {
            const reason = one.purge ? { reason: 'secret reason' } : {};
            const data = { purgeId: `${index}`, at, ...reason, events: version, currency: 'USD', totals: [] };
            await both((store) => store.purge(stream, { type: 'AccountPurged', data }));
          }
          expect(await keyed.readAll()).toEqual(await plain.readAll());
          await both((store) => store.read(stream));
        }
        expect(JSON.stringify(await behind.readAll())).not.toContain('secret');
      }),
      tried(150),
    );
  });
});

describe('a key', () => {
  it('is created once if two programs append the first text of an account at once', async () => {
    const keys = memoryKeys();
    const late: KeyStore = {
      ...keys,
      read: async (accounts) => {
        const found = await keys.read(accounts);
        await turn();
        return found;
      },
    };
    const behind = tickingStore();
    const stores = [1, 2, 3].map(() => keyedEventStore(behind, { keys: late }));
    await Promise.all(
      stores.map((store, index) =>
        store.append(north, [assessedFee(`f${index}`, secret)], { expectedVersion: 'any' }),
      ),
    );
    expect(JSON.parse(String((await keys.read([north]))[0]))).toHaveLength(1);
    for (const store of stores)
      expect((await store.read(north)).events.map(({ event }) => event.data.comment)).toEqual(
        Array(3).fill(secret.comment),
      );
  });

  it('is not used for new events once another program has deleted it', async () => {
    const { behind, keys, store } = newStore();
    const other = keyedEventStore(behind, { keys });
    await store.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    await other.redact(north);
    expect(await keys.read([north])).toEqual([null]);
    await store.append(north, [assessedFee('f2', secret)], { expectedVersion: 1 });
    const idOf = (index: number) => sealed[index]?.event.metadata?.sealed?.split('.')[0];
    const sealed = (await behind.read(north)).events;
    expect(idOf(1)).not.toBe(idOf(0));
    for (const reader of [store, other])
      expect((await reader.read(north)).events.map(({ event }) => event.data.comment)).toEqual([
        undefined,
        secret.comment,
      ]);
  });

  it('is kept for a text that is appended while its account is erased, and the other texts are gone', async () => {
    const { behind, keys, store } = newStore();
    await store.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    const slow = keyedEventStore(
      {
        ...behind,
        append: async (...given: Parameters<typeof behind.append>) => {
          await store.redact(north);
          return behind.append(...given);
        },
      },
      { keys },
    );
    await slow.append(north, [assessedFee('f2', secret)], { expectedVersion: 1 });
    await store.append(north, [assessedFee('f3', secret)], { expectedVersion: 2 });
    const comments = async () => (await store.read(north)).events.map(({ event }) => event.data.comment);
    expect(await comments()).toEqual([undefined, secret.comment, secret.comment]);
    expect((await store.redact(north, { versions: [2] })).events).toBe(1);
    expect(await comments()).toEqual([undefined, undefined, secret.comment]);
    expect((await store.redact(north)).events).toBe(1);
    expect(await keys.read([north])).toEqual([null]);
  });

  it('that is lost makes its texts read as erased, and a repeat is recognised as after a redaction', async () => {
    const { keys, store } = newStore();
    const { store: plain } = newStore();
    const command = {
      type: 'AssessFee',
      id: 'f1',
      feeType: 'OTHER',
      amount: '5.00',
      owner: 'MAIN',
      at,
      ...secret,
    } as const;
    for (const each of [store, plain]) await execute(each, policy, north, command);
    await keys.replace(north, (await keys.read([north]))[0] ?? null, null);
    await plain.redact(north);
    expect((await loadAccount(store, north)).account).toEqual((await loadAccount(plain, north)).account);
    for (const again of [command, { ...command, item: { title: 'Another book', library: 'MAIN' } }])
      expect((await execute(store, policy, north, again)).decision).toMatchObject({
        accepted: true,
        events: [],
        repeats: { id: 'f1' },
      });
    expect((await execute(store, policy, north, { ...command, amount: '6.00' })).decision.accepted).toBe(
      false,
    );
  });
});

describe('an encrypted text', () => {
  it.each([
    [
      'another version',
      async (sealed: string, { behind }: ReturnType<typeof newStore>) => {
        const event = { ...assessedFee('f2'), metadata: { sealed } };
        await behind.append(north, [event], { expectedVersion: 1 });
        return north;
      },
    ],
    [
      'another account',
      async (sealed: string, { behind, keys }: ReturnType<typeof newStore>) => {
        const other = { institution: 'north', patronId: 'p2' };
        await keys.replace(other, null, (await keys.read([north]))[0] ?? null);
        await behind.append(other, [{ ...assessedFee('f2'), metadata: { sealed } }], { expectedVersion: 0 });
        return other;
      },
    ],
    [
      'itself with a bit changed',
      async (sealed: string, { behind, keys }: ReturnType<typeof newStore>) => {
        const last = sealed.at(-2) === 'A' ? 'B' : 'A';
        const event = {
          ...assessedFee('f2'),
          metadata: { sealed: `${sealed.slice(0, -2)}${last}${sealed.at(-1)}` },
        };
        const other = { institution: 'north', patronId: 'p2' };
        await keys.replace(other, null, (await keys.read([north]))[0] ?? null);
        await behind.append(other, [event], { expectedVersion: 0 });
        return other;
      },
    ],
  ])('is refused as %s', async (_, move) => {
    const opened = newStore();
    await opened.store.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    const sealed = String((await opened.behind.read(north)).events[0]?.event.metadata?.sealed);
    const stream = await move(sealed, opened);
    await expect(opened.store.read(stream)).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    await expect(opened.store.readAll()).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    const { events, unreadable } = await opened.store.readAll({ onUnreadable: 'list' });
    expect(events.map(({ event }) => event)).toEqual([assessedFee('f1', secret)]);
    expect(unreadable).toMatchObject([{ ...stream, error: { code: 'CORRUPT_HISTORY' } }]);
  });

  it('whose keys are damaged is listed as unreadable; its events without texts and other accounts are read', async () => {
    const { store, keys } = newStore();
    const other = { institution: 'north', patronId: 'p2' };
    await store.append(north, [assessedFee('f1', secret), assessedFee('f2')], { expectedVersion: 0 });
    await store.append(other, [assessedFee('f3', secret)], { expectedVersion: 0 });
    await keys.replace(north, (await keys.read([north]))[0] ?? null, 'damaged');
    await expect(store.readAll()).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    const { events, unreadable } = await store.readAll({ onUnreadable: 'list' });
    expect(events.map(({ event }) => event)).toEqual([assessedFee('f2'), assessedFee('f3', secret)]);
    expect(unreadable).toMatchObject([{ ...north, version: 1, error: { code: 'CORRUPT_HISTORY' } }]);
  });

  it('is not reported as unreadable if the key service does not answer: reading rejects with that error', async () => {
    const { behind, keys, store } = newStore();
    await store.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    const down = new Error('no answer from the key service');
    const master = { wrap: String, unwrap: () => Promise.reject(down) };
    const reader = keyedEventStore(behind, { keys, master });
    for (const onUnreadable of ['reject', 'list'] as const)
      await expect(reader.readAll({ onUnreadable })).rejects.toBe(down);
    const parking = { reset: () => undefined, apply: () => undefined };
    const checkpoint = { load: async () => undefined, save: async () => expect.fail('parked') };
    await expect(catchUp(reader, parking, checkpoint, { onBadEvent: 'park' })).rejects.toBe(down);
  });

  it('of an earlier release is read in the shape of this one', async () => {
    const { behind, keys, store } = newStore();
    const { owner: library, ...data } = assessedFee('f1', { comment: 'old' }).data as FeeAssessed['data'];
    const key = newKey();
    await keys.replace(north, null, JSON.stringify([key]));
    const old = { type: 'FeeAssessed', data: { ...data, library } } as never;
    await behind.append(north, [sealEvent(old, { stream: north, version: 1, key })], { expectedVersion: 0 });
    expect((await store.read(north)).events[0]?.event).toEqual(assessedFee('f1', { comment: 'old' }));
    await keys.replace(north, JSON.stringify([key]), null);
    expect((await store.read(north)).events[0]?.event).toEqual(assessedFee('f1'));
  });
});

describe('copyEvents', () => {
  const filled = async () => {
    const opened = newStore();
    await opened.store.append(north, [assessedFee('f1', secret), assessedFee('f2')], { expectedVersion: 0 });
    await opened.store.append({ ...north, patronId: 'p2' }, [assessedFee('f1', secret)], {
      expectedVersion: 0,
    });
    return opened;
  };

  it('encrypts the texts of a store without keys, decrypts them, and may be repeated', async () => {
    const from = await filled();
    const [plain, { store: to, behind }] = [tickingStore(), newStore()];
    for (const _ of [1, 2]) {
      expect((await copyEvents(from.store, plain)).events).toBe(3);
      expect((await copyEvents(plain, to)).events).toBe(3);
    }
    expect(await to.readAll()).toEqual(await from.store.readAll());
    expect(JSON.stringify(await plain.readAll())).toContain('hospital');
    expect(JSON.stringify(await behind.readAll())).not.toContain('hospital');
  });

  it('copies encrypted texts as they are, with their keys or without any', async () => {
    const from = await filled();
    const copy = tickingStore();
    await copyEvents(from.behind, copy);
    expect(await copy.readAll()).toEqual(await from.behind.readAll());
    const { keys } = from;
    expect(await keyedEventStore(copy, { keys }).readAll()).toEqual(await from.store.readAll());
    await from.store.redact(north);
    expect(JSON.stringify((await keyedEventStore(copy, { keys }).read(north)).events)).not.toContain(
      'hospital',
    );
    const { store: to } = newStore(keys);
    await copyEvents(from.behind, to, { change: redactEvent });
    expect((await to.readAll()).events.some(({ event }) => event.metadata?.sealed)).toBe(false);
  });
});

describe('a store that has texts from before it had keys', () => {
  it('lets the store behind it redact them', async () => {
    const { behind, store } = newStore();
    await behind.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    await store.append(north, [assessedFee('f2', secret)], { expectedVersion: 1 });
    expect((await store.read(north)).events.map(({ event }) => event.data.comment)).toEqual(
      Array(2).fill(secret.comment),
    );
    expect((await store.redact(north)).events).toBe(2);
    expect(JSON.stringify(await behind.readAll())).not.toContain('hospital');
    expect(JSON.stringify(await store.readAll())).not.toContain('hospital');
  });

  it('says that a store which cannot change them must be copied', async () => {
    const { redact: _redact, purge: _purge, sweep: _sweep, ...behind } = tickingStore();
    await behind.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
    const store = keyedEventStore(behind, { keys: memoryKeys() });
    await expect(store.redact(north)).rejects.toThrow(/INVALID_ARGUMENT: north\/p1 has texts .* copyEvents/);
    expect(store).not.toHaveProperty('purge');
  });
});

it('deletes the keys before a purge, and encrypts the reason of the purge', async () => {
  const { behind, keys, store } = newStore();
  await store.append(north, [assessedFee('f1', secret)], { expectedVersion: 0 });
  const backup = (await behind.read(north)).events[0]?.event;
  const reason = 'moved to another hospital';
  const event: AccountPurged = {
    type: 'AccountPurged',
    data: { purgeId: '2037', at, reason, events: 1, currency: 'USD', totals: [] },
  };
  await expect(
    store.purge(north, { ...event, data: { ...event.data, events: 0 } as never }),
  ).rejects.toThrow();
  await store.append({ ...north, patronId: 'p2' }, [assessedFee('f1', secret)], { expectedVersion: 0 });
  await store.purge(north, event);
  expect((await store.read(north)).events[0]?.event).toEqual(event);
  expect(JSON.stringify(await behind.read(north))).not.toContain('hospital');
  const restored = memoryEventStore({ now: () => at });
  await restored.append(north, [backup as never], { expectedVersion: 0 });
  const read = await keyedEventStore(restored, { keys }).read(north);
  expect(read.events[0]?.event).toEqual(redactEvent(assessedFee('f1', secret)));
});

it.each([{}, { keys: {} }, { keys: memoryKeys(), master: {} }, { keys: memoryKeys(), key: 1 }])(
  'refuses the options %j',
  (options) => {
    expect(() => keyedEventStore(tickingStore(), options as never)).toThrow('INVALID_ARGUMENT');
  },
);

const stream = { institution: 'north', patronId: 'p1' };
const fee = (id: string) => assessedFee(id, { comment: `secret of ${id}` });

function opened(beforeBegin: () => Promise<unknown> = async () => undefined) {
  const database = libsql.open(':memory:');
  migrate(database);
  const behind = sqliteEventStore(database);
  const keys = memoryKeys();
  const slow: SqliteEventStore = {
    ...behind,
    transaction: async (accounts, task) => {
      await beforeBegin();
      return behind.transaction(accounts, task);
    },
  };
  return { behind, keys, store: keyedEventStore(slow, { keys }), close: () => database.close() };
}

const commentsOf = async (store: SqliteEventStore) =>
  (await store.read(stream)).events.map(({ event }) => event.data.comment);

it('encrypts the texts of a transaction, which its task reads', async () => {
  const { behind, store, close } = opened();
  await store.transaction([stream], (transaction) => {
    transaction.append(stream, [fee('f1')], { expectedVersion: 'any' });
    transaction.append(stream, [fee('f2'), assessedFee('f3')], { expectedVersion: 1 });
    const { events } = transaction.read(stream, { after: 1 });
    expect(events.map(({ event }) => event.data.comment)).toEqual(['secret of f2', undefined]);
  });
  expect(await commentsOf(store)).toEqual(['secret of f1', 'secret of f2', undefined]);
  expect(JSON.stringify(await behind.readAll())).not.toContain('secret');
  close();
});

it('keeps the texts of a transaction if another process erases the account before it begins, but not earlier texts', async () => {
  const opening = opened(() => opening.store.redact(stream));
  const { behind, keys, store, close } = opening;
  await store.append(stream, [fee('f1')], { expectedVersion: 0 });
  await store.transaction([stream], (transaction) =>
    transaction.append(stream, [fee('f2')], { expectedVersion: 1 }),
  );
  expect(await commentsOf(store)).toEqual([undefined, 'secret of f2']);
  expect((await keyedEventStore(behind, { keys }).redact(stream)).events).toBe(1);
  expect(await commentsOf(store)).toEqual([undefined, undefined]);
  close();
});

it('appends nothing if the keys cannot be read, and rejects with their error', async () => {
  const { behind, close } = opened();
  const down = new Error('the key service is down');
  const keys = { ...memoryKeys(), read: () => Promise.reject(down) };
  const run = keyedEventStore(behind, { keys }).transaction([stream], () => expect.unreachable());
  await expect(run).rejects.toBe(down);
  close();
});
