import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { execute, loadAccount, memoryEventStore, openAccount } from 'patron-fees/history';
import { telemetry } from 'patron-fees/telemetry';
import { storeConformance } from 'patron-fees/testing';
import { describe, expect, it } from 'vitest';
import { versionConflict } from '../../src/history/eventStore.js';
import { rememberAccounts } from '../../src/history/loadAccount.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assess, at, pay, policy } from '../support/account.js';
import { libsql } from '../support/sqliteDrivers.js';
import { storeWith, stream } from '../support/stores.js';
import { figureOf, reported, treeOf, withSdk } from './withSdk.js';

const now = () => at;

const its = withSdk();

describe('a command on a store that is watched', () => {
  it('is a span with its load and its append within', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    await execute(store, policy, stream, assess('f1', '2.50'));
    expect(treeOf(its.sdk)).toEqual(['execute > load', 'execute > append', 'execute']);
    expect(reported(its.sdk.spans()[2] as ReadableSpan)).toEqual([
      'execute',
      {
        'patron_fees.command': 'AssessFee',
        'patron_fees.command.types': ['AssessFee'],
        'patron_fees.command.count': 1,
        'patron_fees.institution': 'north',
        'patron_fees.outcome': 'accepted',
      },
    ]);
  });

  it('is counted by type, outcome and rejection', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    const held = await openAccount(store, policy, stream);
    await held.execute([assess('f1', '2.50'), pay('p1', '1.00')]);
    for (const command of [assess('f2', '1.00'), assess('f2', '1.00'), pay('p2', '9.00')])
      await held.execute(command);
    expect(await figureOf(its.sdk, 'commands')).toEqual([
      { command: 'several', outcome: 'accepted', value: 1 },
      { command: 'AssessFee', outcome: 'accepted', value: 1 },
      { command: 'AssessFee', outcome: 'repeat', value: 1 },
      { command: 'ReceivePayment', outcome: 'rejected', rejection: 'PaymentExceedsOwed', value: 1 },
    ]);
    expect(await figureOf(its.sdk, 'events')).toEqual([
      { event: 'FeeAssessed', value: 2 },
      { event: 'PaymentReceived', value: 1 },
    ]);
  });

  it('counts its attempts and conflicts', async () => {
    let failing = 2;
    const base = memoryEventStore({ now });
    const store = its.watching.store(
      storeWith(base, {
        append: async (...given) => {
          failing -= 1;
          if (failing >= 0) throw versionConflict(stream, 0, 1);
          return base.append(...given);
        },
      }),
    );
    await execute(store, policy, stream, assess('f1', '2.50'), { retry: { maxPauseMs: 0 } });
    expect(await figureOf(its.sdk, 'attempts')).toEqual([{ command: 'AssessFee', sum: 3, value: 1 }]);
    const failed = its.sdk.spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(reported)).toEqual(
      Array(2).fill(['append', { 'patron_fees.institution': 'north', 'error.type': 'VERSION_CONFLICT' }]),
    );
  });

  it('that throws is reported as an error with its code; it and its store behave as without watching', async () => {
    const broken = Object.assign(new Error('patron 4711 is unknown'), { code: '57P01', severity: 'FATAL' });
    const base = memoryEventStore({ now });
    const store = its.watching.store(storeWith(base, { read: () => Promise.reject(broken) }));
    await expect(execute(store, policy, stream, assess('f1', '2.50'))).rejects.toBe(broken);
    expect(await figureOf(its.sdk, 'commands')).toEqual([
      { command: 'AssessFee', outcome: 'error', value: 1 },
    ]);
    const durations = await figureOf(its.sdk, 'duration');
    expect(durations.map((point) => point['error.type' as never])).toEqual(['57P01', '57P01']);
  });

  it('is reported for the commands of services and jobs, too', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    await its.watching.job('charge', () => execute(store, policy, stream, assess('f1', '2.50')));
    expect(treeOf(its.sdk)).toEqual(['execute > load', 'execute > append', 'job > execute', 'job']);
    expect(await figureOf(its.sdk, 'duration')).toContainEqual({ operation: 'job', job: 'charge', value: 1 });
  });

  it('keeps the accounts that its store remembers', async () => {
    const base = rememberAccounts(memoryEventStore({ now }));
    const store = its.watching.store(base);
    await execute(
      store,
      policy,
      stream,
      Array.from({ length: 60 }, (_, n) => assess(`f${n}`, '1.00')),
    );
    await loadAccount(store, stream);
    const from: unknown[] = [];
    const counting = its.watching.store(
      Object.defineProperties(
        storeWith(base, {
          read: (id, options) => {
            from.push(options?.after);
            return base.read(id, options);
          },
        }),
        Object.getOwnPropertyDescriptors(
          Object.fromEntries(Object.getOwnPropertySymbols(base).map((key) => [key, Reflect.get(base, key)])),
        ),
      ),
    );
    await loadAccount(counting, stream);
    expect(from).toEqual([60]);
  });
});

describe('a store that is watched', () => {
  for (const { title, run } of storeConformance(
    () => ({ store: telemetry().store(memoryEventStore({ now })) }),
    {
      modelRuns: 5,
    },
  ))
    it(title, run);

  it('reports the sizes of batches', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    const store = its.watching.store(sqliteEventStore(database, { onBatch: its.watching.onBatch }));
    const patrons = Array.from({ length: 5 }, (_, n) => ({ institution: 'north', patronId: `p${n}` }));
    await Promise.all(patrons.map((patron) => execute(store, policy, patron, assess('f1', '2.50'))));
    const points = (await its.sdk.figures()).filter(({ name }) => name === 'patron_fees.batch.calls');
    expect(points.map(({ attributes, sum }) => [attributes, sum])).toEqual([
      [{ 'patron_fees.kind': 'append' }, 5],
    ]);
    database.close();
  });

  it('reports the commands of a transaction like those without one, and counts no event that is rolled back', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    const store = its.watching.store(sqliteEventStore(database));
    const rolledBack = store.transaction([stream], (transaction) => {
      transaction.execute(policy, stream, assess('f1', '2.50'));
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await store.transaction([stream], (transaction) => {
      transaction.execute(policy, stream, assess('f1', '2.50'));
      transaction.execute(policy, stream, pay('p1', '9.00'));
      transaction.load(stream);
      expect(() => transaction.append(stream, [], { expectedVersion: -1 })).toThrow();
    });
    const executed = ['execute > load', 'execute > append', 'execute'];
    expect(treeOf(its.sdk)).toEqual([
      ...executed,
      ...executed,
      'execute > load',
      'execute',
      'load',
      'append',
    ]);
    expect(await figureOf(its.sdk, 'events')).toEqual([{ event: 'FeeAssessed', value: 1 }]);
    expect(await figureOf(its.sdk, 'commands')).toEqual([
      { command: 'AssessFee', outcome: 'accepted', value: 2 },
      { command: 'ReceivePayment', outcome: 'rejected', rejection: 'PaymentExceedsOwed', value: 1 },
    ]);
    database.close();
  });
});
