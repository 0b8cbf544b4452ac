// The monitor of online payments: runs over 1,000 unfinished payments, in memory and over PostgreSQL, after many finished
// ones, which cost nothing once the cursor is behind them.
// npm run bench:online -- 100000 (finished payments in memory) 2000 (over PostgreSQL; 0 without it)
import { performance } from 'node:perf_hooks';
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

/** Fills the stores, and prints what each run of the monitor costs: with the cursor of the run before. */
async function measure(name: string, stores: Stores, finished: number): Promise<void> {
  for (let index = 0; index < finished; index++) await pay(stores, index, true);
  for (let index = finished; index < finished + UNFINISHED; index++) await pay(stores, index, false);
  console.log(`${name}: ${finished} finished and ${UNFINISHED} unfinished online payments`);
  let after: string | null = null;
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
    console.log(
      `run ${run}: ${report.payments} payments looked at, ${report.asked} asked, ${ms} ms, ${own} ms of processor time`,
    );
  }
}

const accounts = memoryEventStore({ now: () => at });
const office = memoryEventStore({ now: () => at, codec: officeEvents });
await measure('in memory', { accounts, office }, inMemory);

if (inPostgres > 0) {
  const server = await postgresServer();
  const pool = newPool(server.connection);
  const ofOffice = newPool({ ...server.connection, options: '-c search_path=office' });
  try {
    await pool.query('CREATE SCHEMA office');
    await migrate(pool);
    await migrate(ofOffice);
    const codec = officeEvents;
    const stores = { accounts: postgresEventStore(pool), office: postgresEventStore(ofOffice, { codec }) };
    await measure('over PostgreSQL', stores, inPostgres);
  } finally {
    await pool.end();
    await ofOffice.end();
    await server.remove();
  }
}
