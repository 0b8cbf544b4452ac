// A program that loses its connections to PostgreSQL while it uses them, and listens to no error: an error event that the
// store does not hear ends it. Prints the outcomes as JSON.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import {
  advisoryLock,
  forgetPart,
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../src/stores/postgres/index.js';
import { until } from './until.js';

const connection = { host: process.argv[2], port: 5432, user: 'postgres', database: 'postgres' };
const at = '2026-03-02T09:00:00Z';
const data = { feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
const outcomes: Record<string, unknown> = {};

const admin = new pg.Client(connection);
await admin.connect();
// Pools that open one connection, so that none is idle when it is lost. Those that keep it must allow another.
const poolOf = (max: number) => new pg.Pool({ ...connection, max });

/** Ends the connections that match a condition, and usually waits until this program knows. */
async function endBackends(condition: string): Promise<void> {
  const text = `select pg_terminate_backend(pid, 60000) from pg_stat_activity
    where pid <> pg_backend_pid() and datname is not null and ${condition}`;
  if ((await admin.query(text)).rows.length === 0) throw new Error(`no connection: ${condition}`);
  await pause(50);
}

const outcomeOf = (task: Promise<unknown>) =>
  task.then(
    () => 'done',
    (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
  );

await migrate(admin);
const pool = poolOf(1);
await rebuildAccounts(pool);
let loses: 'between statements' | 'in a statement' | undefined;
const losing = {
  apply: async (_events: unknown, transaction: { readonly query: (text: string) => Promise<unknown> }) => {
    if (loses === 'between statements') await endBackends("state = 'idle in transaction'");
    if (loses !== 'in a statement') return;
    const sleeping = transaction.query('select pg_sleep(600)');
    const ended = sleeping.catch(() => undefined);
    await until(async () => {
      const text = "select from pg_stat_activity where wait_event = 'PgSleep'";
      return (await admin.query(text)).rows.length > 0;
    });
    await endBackends("wait_event = 'PgSleep'");
    await ended;
    await sleeping;
  },
};
const store = postgresEventStore(pool, { inline: [inlineAccounts, losing] });
const append = (feeId: string) =>
  store.append(
    { institution: 'north', patronId: 'p1' },
    [{ type: 'FeeAssessed', data: { feeId, ...data } }],
    {
      expectedVersion: 'any',
    },
  );
for (const when of ['between statements', 'in a statement', undefined] as const) {
  loses = when;
  outcomes[when ?? 'afterwards'] = await outcomeOf(append(`f-${when}`));
}
outcomes.version = (await store.read({ institution: 'north', patronId: 'p1' })).version;
await pool.end();

const listening = poolOf(2);
// A client has no inline projections.
await forgetPart(admin, 'accounts');
const notifying = postgresEventStore(admin, { notify: true });
let calls = 0;
const stop = await postgresEventStore(listening, { notify: true }).watch?.(() => {
  calls += 1;
});
await endBackends("query like 'listen %'");
// Once for the loss, once for the new connection.
await until(() => calls >= 3);
const before = calls;
await notifying.append(
  { institution: 'north', patronId: 'p2' },
  [{ type: 'FeeAssessed', data: { feeId: 'f1', ...data } }],
  { expectedVersion: 0 },
);
await until(() => calls > before);
outcomes.listens = true;
await stop?.();
await listening.end();

const locking = poolOf(2);
const lock = advisoryLock(locking, 'totals');
const held = await lock.tryAcquire();
await endBackends("query like '%pg_try_advisory_lock%'");
await until(() => held?.isHeld() === false);
outcomes.release = await outcomeOf(held?.release() ?? Promise.resolve());
outcomes.takenAgain = (await lock.tryAcquire())?.isHeld();
// The lock is still held: its connection ends with the program.
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
