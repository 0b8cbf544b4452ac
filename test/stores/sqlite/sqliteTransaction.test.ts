import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute, loadAccount, type StoreTransaction } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import { keyedEventStore, sqliteKeys } from '../../../src/stores/keys/index.js';
import { migrate, type SqliteEventStore, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { assess, pay, policy } from '../../support/account.js';
import { assessedFee } from '../../support/assessedFee.js';
import { inlineLogTable, readSqliteLog, sqliteLog } from '../../support/inlineLog.js';
import { describeWith } from '../../support/programs.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { libsql, type OpenDatabase, type SqliteDriver, sqliteDrivers } from '../../support/sqliteDrivers.js';

const [north, south] = ['north', 'south'].map((institution) => ({ institution, patronId: 'p1' })) as [
  { institution: string; patronId: string },
  { institution: string; patronId: string },
];

type Options = Parameters<typeof sqliteEventStore>[1] & { readonly keyed?: boolean };

function opened(open: SqliteDriver['open'], { keyed = false, ...options }: Options = {}) {
  const [database, keys] = [open(':memory:'), open(':memory:')] as [OpenDatabase, OpenDatabase];
  migrate(database);
  database.exec('create table loan (id text primary key, step integer)');
  database.exec(inlineLogTable);
  const plain = sqliteEventStore(database, { inline: [sqliteLog], ...options });
  const store: SqliteEventStore = keyed ? keyedEventStore(plain, { keys: sqliteKeys(keys) }) : plain;
  const loans = () => database.prepare('select id from loan order by rowid').all() as { id: string }[];
  return {
    database,
    plain,
    store,
    lend: (id: string) => database.prepare('insert into loan values (?, 0)').run(id),
    loans: () => loans().map(({ id }) => id),
    close: () => {
      for (const each of [database, keys]) each.close();
    },
  };
}

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a transaction of a store in SQLite by ${name}`, () => {
    it('stores the rows and the events of its task together, and returns what the task returned', async () => {
      const { store, lend, loans, close } = opened(open);
      const { version, decision } = await store.transaction([north], (transaction) => {
        lend('l1');
        transaction.execute(policy, north, assess('f1', '2.50'));
        expect(transaction.load(north).version).toBe(1);
        expect(transaction.read(north, { after: 0, limit: 1 }).events).toHaveLength(1);
        return transaction.execute(policy, north, pay('p1', '1.00'));
      });
      expect([version, decision.accepted, loans()]).toEqual([2, true, ['l1']]);
      expect((await store.read(north)).version).toBe(2);
      close();
    });

    it('stores neither if the task throws, and rejects with its error', async () => {
      const { database, store, lend, loans, close } = opened(open);
      const refused = new Error('refused');
      const run = store.transaction([north], (transaction) => {
        lend('l1');
        transaction.execute(policy, north, assess('f1', '2.50'));
        throw refused;
      });
      await expect(run).rejects.toBe(refused);
      expect([loans(), (await store.read(north)).version, await readSqliteLog(database)]).toEqual([
        [],
        0,
        [],
      ]);
      close();
    });

    it('refuses a task that returns a promise, and stores nothing of it', async () => {
      const { store, lend, loans, close } = opened(open);
      let late: unknown;
      const task = async (transaction: StoreTransaction) => {
        lend('l1');
        transaction.append(north, [assessedFee('f1')], { expectedVersion: 0 });
        await turn();
        try {
          transaction.append(north, [assessedFee('f2')], { expectedVersion: 0 });
        } catch (error) {
          late = error;
        }
      };
      await expect(store.transaction([north], task as never)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/task: expected a function that returns no promise/),
      });
      await turn();
      await turn();
      expect(late).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/has ended/) });
      expect([loans(), (await store.read(north)).version]).toEqual([[], 0]);
      close();
    });

    it('rejects, and stores no event, if the task caught the error after which SQLite had rolled back', async () => {
      const { database, store, lend, close } = opened(open);
      const run = store.transaction([north], (transaction) => {
        lend('l1');
        try {
          database.exec("insert or rollback into loan values ('l1', 0)");
        } catch {
          // SQLite has rolled back.
        }
        transaction.append(north, [assessedFee('f1')], { expectedVersion: 0 });
      });
      await expect(run).rejects.toMatchObject({ code: 'SQLITE_ABORT_ROLLBACK' });
      expect((await store.read(north)).version).toBe(0);
      await store.transaction([north], () => lend('l2'));
      close();
    });
  });
}

describe('a transaction of a store in SQLite', () => {
  it('refuses an account that it does not name, and stays usable', async () => {
    for (const keyed of [false, true]) {
      const { store, close } = opened(libsql.open, { keyed });
      await store.transaction([north], (transaction) => {
        const text = assess('f1', '1.00', { comment: 'a text' });
        for (const call of [
          () => transaction.read(south),
          () => transaction.load(south),
          () => transaction.append(south, [assessedFee('f1')], { expectedVersion: 'any' }),
          () => transaction.execute(policy, south, text),
        ])
          expect(call).toThrow(
            expect.objectContaining({
              code: 'INVALID_ARGUMENT',
              message: expect.stringMatching(/south\/p1/),
            }),
          );
        transaction.execute(policy, north, text);
      });
      expect([(await store.read(north)).version, (await store.read(south)).version]).toEqual([1, 0]);
      await expect(store.transaction('north' as never, () => 1)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      await expect(store.transaction([north], 'x' as never)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      await store.close();
      await expect(store.transaction([north], () => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      close();
    }
  });

  it('refuses calls of the store in its task, which harm no append that waits', async () => {
    for (const gather of [true, false]) {
      const { database, store, plain, close } = opened(libsql.open, { gather });
      const within = store.within(database);
      const waiting = store.append(south, [assessedFee('f1')], { expectedVersion: 0 });
      const calls: Promise<unknown>[] = [];
      await store.transaction([north], (transaction) => {
        transaction.append(north, [assessedFee('f1')], { expectedVersion: 0 });
        const how = { expectedVersion: 1 };
        calls.push(
          plain.append(north, [assessedFee('f2')], how),
          within.append(north, [assessedFee('f2')], how),
        );
        calls.push(store.transaction([north], () => undefined));
        if (gather) calls.push(store.readAll(), store.accounts(), store.redact(north), store.read(south));
      });
      for (const call of await Promise.allSettled(calls)) expect(call.status).toBe('rejected');
      expect(await waiting).toEqual({ version: 1 });
      expect((await store.read(north)).version).toBe(1);
      close();
    }
  });

  it('comes after the appends to its accounts that were called before', async () => {
    const { store, close } = opened(libsql.open);
    const before = store.append(north, [assessedFee('f1')], { expectedVersion: 0 });
    const { version } = await store.transaction([north], (transaction) => transaction.load(north));
    expect([version, await before]).toEqual([1, { version: 1 }]);
    close();
  });

  it('undoes an append that its task caught, whole', async () => {
    const refusing = {
      apply: (events: readonly { readonly event: { readonly data: object } }[]) => {
        if (JSON.stringify(events).includes('refused')) throw new Error('refused by a projection');
      },
    };
    const { database, store, close } = opened(libsql.open, { inline: [sqliteLog, refusing] });
    await store.transaction([north], (transaction) => {
      const refused = [assessedFee('f1'), assessedFee('refused')];
      expect(() => transaction.append(north, refused, { expectedVersion: 0 })).toThrow(/by a projection/);
      expect(() => transaction.append(north, [assessedFee('f1')], { expectedVersion: 7 })).toThrow(
        expect.objectContaining({ code: 'VERSION_CONFLICT' }),
      );
      transaction.append(north, [assessedFee('f1')], { expectedVersion: 'any' });
    });
    expect([(await store.read(north)).version, (await readSqliteLog(database)).length]).toEqual([1, 1]);
    close();
  });

  it('is as the same commands without it if it commits, and as nothing if it does not', async () => {
    const command = fc.oneof(
      fc.record({ n: fc.nat(3) }).map(({ n }) => assess(`f${n}`, '2.00', { comment: `text ${n}` })),
      fc
        .record({ n: fc.nat(3), amount: fc.constantFrom('1.00', '9.00') })
        .map(({ n, amount }) => pay(`p${n}`, amount)),
    );
    const task = fc.record({
      steps: fc.array(fc.record({ stream: fc.constantFrom(north, south), command }), { maxLength: 6 }),
      throws: fc.boolean(),
    });
    let [committed, refused] = [0, 0];
    const property = fc.asyncProperty(
      fc.array(task, { maxLength: 4 }),
      fc.boolean(),
      async (tasks, keyed) => {
        const [used, model] = [opened(libsql.open, { keyed }), opened(libsql.open)];
        for (const [index, { steps, throws }] of tasks.entries()) {
          const rolledBack = new Error('rolled back');
          const run = used.store.transaction([north, south], (transaction) => {
            used.lend(String(index));
            const decisions = steps.map(
              (step) => transaction.execute(policy, step.stream, step.command).decision,
            );
            if (throws) throw rolledBack;
            return decisions;
          });
          if (throws) {
            await expect(run).rejects.toBe(rolledBack);
            continue;
          }
          const decisions = await run;
          for (const [place, step] of steps.entries()) {
            const { decision } = await execute(model.store, policy, step.stream, step.command);
            expect(decisions[place]).toEqual(decision);
            if (!decision.accepted) refused += 1;
          }
          model.lend(String(index));
          committed += 1;
        }
        expect(used.loans()).toEqual(model.loans());
        for (const stream of [north, south])
          expect(await loadAccount(used.store, stream)).toEqual(await loadAccount(model.store, stream));
        for (const each of [used, model]) each.close();
      },
    );
    await assertVaried(property, tried(100), 30, () => {
      expect(Math.min(committed, refused)).toBeGreaterThan(5);
    });
  });

  // What a server does: requests that share a connection, some of whose promises end in the same turn.
  it('loses no row that another request wrote, whatever else is under way', async () => {
    for (const options of [{}, { gather: false }, { keyed: true }]) {
      const { store, lend, loans, close } = opened(libsql.open, options);
      const acknowledged: string[] = [];
      const shared = Promise.all([turn(), store.append(south, [assessedFee('s')], { expectedVersion: 0 })]);
      await Promise.all(
        Array.from({ length: 60 }, async (_, index) => {
          const stream = { institution: 'north', patronId: `p${index % 7}` };
          const id = String(index);
          if (index % 3 === 0) await shared;
          if (index % 2 === 0) {
            await execute(store, policy, stream, assess(id, '1.00', { comment: 'x' }));
            lend(id);
            acknowledged.push(id);
            return;
          }
          const run = store.transaction([stream], (transaction) => {
            lend(id);
            transaction.execute(policy, stream, assess(id, '1.00', { comment: 'x' }));
            if (index % 5 === 0) throw new Error('refused');
          });
          await run.then(
            () => acknowledged.push(id),
            () => undefined,
          );
        }),
      );
      expect(new Set(loans())).toEqual(new Set(acknowledged));
      expect(acknowledged).toHaveLength(54);
      close();
    }
  });
});

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
const assessed: AccountEvent = { type: 'FeeAssessed', data };

it('refuses an inline projection without apply, or that returns a promise', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  expect(() => sqliteEventStore(database, { inline: [{}] as never })).toThrow(/options\.inline/);
  const late = { apply: (() => Promise.reject(new Error('late'))) as never };
  const store = sqliteEventStore(database, { inline: [late] });
  await expect(store.append(stream, [assessed], { expectedVersion: 0 })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/no promise/),
  });
  expect((await store.read(stream)).version).toBe(0);
  database.close();
});

it.each([
  [null, 'options: expected an object, found null'],
  [{ synchronous: 'off' }, "options.synchronous: expected 'full' or 'normal', found \"off\""],
  [{ busyTimeoutMs: '5 seconds' }, 'options.busyTimeoutMs: expected a whole number'],
  [{ busyTimeoutMs: -1 }, 'options.busyTimeoutMs: expected a whole number'],
  [{ now: '2026-03-02T09:00:00Z' }, 'options.now: expected a function that returns the time'],
  [{ timeout: 5 }, 'options.timeout: expected no such field'],
])('refuses the options of a store %j', (options, message) => {
  const database = libsql.open(':memory:');
  migrate(database);
  expect(() => sqliteEventStore(database, options as never)).toThrow(message);
  database.close();
});
