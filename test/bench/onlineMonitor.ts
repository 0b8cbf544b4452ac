// The monitor of online payments: runs over 1,000 unfinished payments, in memory and over PostgreSQL, without finished ones
// and after many, which cost nothing once the cursor is behind them.
// npm run bench -- online 100000 (finished payments in memory) 2000 (over PostgreSQL; 0 without it)
import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { type EventStore, execute, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { type OfficeStore, officeEvents } from '../../src/office/index.js';
import { reportOnlinePayment, runOnlinePayments, startOnlinePayment } from '../../src/online/index.js';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { newPool, postgresServer } from '../support/postgresServer.js';

const UNFINISHED = 1_000;
const RUNS = 8;
const [inMemory = 100_000, inPostgres = 2_000] = process.argv.slice(2).map(Number);
const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

type Stores = { readonly accounts: EventStore; readonly office: OfficeStore };

/** Begins a payment; of those that are not finished, every second one was taken. */
async function pay(stores: Stores, index: number, isFinished: boolean): Promise<void> {
  const patronId = `p${index}`;
  const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12', owner: 'MAIN', at } as const;
  await execute(stores.accounts, policy, { institution: 'north', patronId }, fee);
  const payment = { institution: 'north', onlinePaymentId: `o${index}`, at };
  await startOnlinePayment(stores, policy, { ...payment, parts: [{ patronId }] });
  const captures = [{ externalTransactionId: `ch_${index}`, amount: '12.00', currency: 'USD' }];
  const ended = { cause: 'completed', final: true } as const;
  if (isFinished) await reportOnlinePayment(stores, policy, { ...payment, captures, ended });
  else if (index % 2 === 0) await reportOnlinePayment(stores, policy, { ...payment, captures });
}

/**
 * Fills the stores, and prints what each run of the monitor costs: with the cursor of the run before.
 *
 * @returns the median of the runs after the first two, which read what was begun and what they wrote
 */
async function measure(name: string, stores: Stores, finished: number): Promise<number> {
  for (let index = 0; index < finished; index++) await pay(stores, index, true);
  for (let index = finished; index < finished + UNFINISHED; index++) await pay(stores, index, false);
  console.log(`${name}: ${finished} finished and ${UNFINISHED} unfinished online payments`);
  let after: string | null = null;
  const times: number[] = [];
  for (let run = 1; run <= RUNS; run++) {
    const time = new Date(Date.parse(at) + (60 + 5 * run) * 60_000).toISOString();
    const [cpu, begun] = [process.cpuUsage(), performance.now()];
    const form = { institution: 'north', at: time, after };
    const report: { cursor: string | null; payments: number; asked: number } = await runOnlinePayments(
      stores,
      policy,
      form,
      { ask: () => null },
    );
    after = report.cursor;
    const { user, system } = process.cpuUsage(cpu);
    const ms = Math.round(performance.now() - begun);
    const own = Math.round((user + system) / 1_000);
    if (run > 2) times.push(own);
    console.log(
      `run ${run}: ${report.payments} payments looked at, ${report.asked} asked, ${ms} ms, ${own} ms of processor time`,
    );
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] as number;
}

/** Prints how much more a run costs after finished payments than without any. */
function compare(name: string, without: number, after: number): void {
  const ratio = (after / without).toFixed(2);
  console.log(
    `${name}: median ${after} ms of processor time, ${without} ms without finished ones: ${ratio} times`,
  );
}

const inMemoryStores = (): Stores => ({
  accounts: memoryEventStore({ now: () => at }),
  office: memoryEventStore({ now: () => at, codec: officeEvents }),
});
const none = await measure('in memory', inMemoryStores(), 0);
if (inMemory > 0) compare('in memory', none, await measure('in memory', inMemoryStores(), inMemory));

if (inPostgres > 0) {
  const server = await postgresServer();
  const medians: number[] = [];
  try {
    for (const finished of [0, inPostgres]) {
      const schemas = [`accounts${finished}`, `office${finished}`].map((schema) => ({
        schema,
        pool: newPool({ ...server.connection, options: `-c search_path=${schema}` }),
      }));
      for (const { schema, pool } of schemas) {
        await pool.query(`CREATE SCHEMA ${schema}`);
        await migrate(pool);
      }
      const [accounts, office] = schemas.map(({ pool }) => pool) as [Pool, Pool];
      const stores = {
        accounts: postgresEventStore(accounts),
        office: postgresEventStore(office, { codec: officeEvents }),
      };
      medians.push(await measure('over PostgreSQL', stores, finished));
      for (const { pool } of schemas) await pool.end();
    }
  } finally {
    await server.remove();
  }
  compare('over PostgreSQL', ...(medians as [number, number]));
}
