import { trace } from '@opentelemetry/api';
import { type Outbox, relay, sqliteOutbox } from 'patron-fees/feed';
import { execute } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { expect, it } from 'vitest';
import { assess, policy } from '../support/account.js';
import { libsql } from '../support/sqliteDrivers.js';
import { stream } from '../support/stores.js';
import { figureOf, withSdk } from './withSdk.js';

const its = withSdk();

it('a relay that is watched reports what it sent, and what failed, by the code of the error', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const outbox = sqliteOutbox(database, { source: '/fees' });
  const store = sqliteEventStore(database, { inline: [outbox] });
  const id = trace.getTracer('web').startSpan('POST /pay').spanContext();
  const metadata = { correlationId: `00-${id.traceId}-${id.spanId}-01` };
  await execute(store, policy, stream, [
    { ...assess('f1', '2.50'), metadata },
    { ...assess('f2', '4711.00'), metadata },
  ]);
  const ending = new AbortController();
  const failures = [Object.assign(new Error('of 4711'), { code: 'ECONNREFUSED' }), { code: 'p4711' }];
  const send = its.watching.send('books', () => {
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
  });
  await relay(outbox, send, {
    signal: ending.signal,
    maxPauseMs: 1,
    onProgress: ({ state }) => state === 'current' && ending.abort(),
  });
  const durations: readonly object[] = await figureOf(its.sdk, 'duration');
  expect(durations.filter((figure) => 'operation' in figure && figure.operation === 'send')).toEqual([
    { operation: 'send', outbox: 'books', 'error.type': 'other', value: 1 },
    { operation: 'send', outbox: 'books', 'error.type': 'ECONNREFUSED', value: 1 },
    { operation: 'send', outbox: 'books', value: 2 },
  ]);
  const spans = its.sdk.spans().filter(({ name }) => name === 'patron_fees.send');
  expect(spans.map(({ links }) => links.map(({ context }) => context.spanId))).toEqual(
    spans.map(() => [id.spanId]),
  );
  expect(JSON.stringify(spans.map(({ attributes, status }) => [attributes, status]))).not.toContain('4711');
  database.close();
});

it('an outbox that is watched reports how long its oldest event has waited, whether or not a relay works', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const outbox = sqliteOutbox(database, { source: '/fees' });
  const hoursAgo = 3;
  const now = () => new Date(Date.now() - hoursAgo * 3_600_000);
  const store = sqliteEventStore(database, { now, inline: [outbox] });
  const end = its.watching.outbox('books', outbox);
  expect(await figureOf(its.sdk, 'outbox.age')).toEqual([{ outbox: 'books', value: 0 }]);
  await execute(store, policy, stream, assess('f1', '2.50'));
  await its.sdk.reset();
  const [waiting] = await figureOf(its.sdk, 'outbox.age');
  expect(waiting).toMatchObject({ outbox: 'books' });
  expect(Number(waiting?.value)).toBeGreaterThan((hoursAgo - 1) * 3_600);
  await outbox.remove(await outbox.waiting(1));
  await its.sdk.reset();
  expect(await figureOf(its.sdk, 'outbox.age')).toEqual([{ outbox: 'books', value: 0 }]);
  end();
  await its.sdk.reset();
  expect(await figureOf(its.sdk, 'outbox.age')).toEqual([]);
  database.close();
});

it('an outbox that cannot be read reports nothing, and the other figures go on', async () => {
  const outbox = { waiting: () => Promise.reject(new Error('no connection')) } as unknown as Outbox;
  const end = its.watching.outbox('books', outbox);
  its.watching.onBatch({ kind: 'append', calls: 2 });
  expect(await figureOf(its.sdk, 'outbox.age')).toEqual([]);
  expect(await figureOf(its.sdk, 'batch.calls')).toHaveLength(1);
  end();
});
