import { expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { libsql } from '../../support/sqliteDrivers.js';

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
