// The monitor of online payments: runs over 1,000 unfinished payments, after many finished ones.
// npm run bench:online -- 100000
import { execute, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import { reportOnlinePayment, runOnlinePayments, startOnlinePayment } from '../../src/online/index.js';

const UNFINISHED = 1_000;
const RUNS = 8;
const finished = Number(process.argv[2] ?? 10_000);
const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});
const accounts = memoryEventStore({ now: () => at });
const office = memoryEventStore({ now: () => at, codec: officeEvents });
const stores = { accounts, office };

/** Begins a payment; of those that are not finished, every second one was taken. */
async function pay(index: number, isFinished: boolean): Promise<void> {
  const patronId = `p${index}`;
  const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12', owner: 'MAIN', at } as const;
  await execute(accounts, policy, { institution: 'north', patronId }, fee);
  const payment = { institution: 'north', onlinePaymentId: `o${index}`, at };
  await startOnlinePayment(stores, policy, { ...payment, parts: [{ patronId }] });
  const captures = [{ externalTransactionId: `ch_${index}`, amount: '12.00', currency: 'USD' }];
  const ended = { cause: 'completed', final: true } as const;
  if (isFinished) await reportOnlinePayment(stores, policy, { ...payment, captures, ended });
  else if (index % 2 === 0) await reportOnlinePayment(stores, policy, { ...payment, captures });
}

for (let index = 0; index < finished; index++) await pay(index, true);
for (let index = finished; index < finished + UNFINISHED; index++) await pay(index, false);
console.log(`${finished} finished and ${UNFINISHED} unfinished online payments, in memory`);
let after: string | null = null;
for (let run = 1; run <= RUNS; run++) {
  const time = new Date(Date.parse(at) + (60 + 5 * run) * 60_000).toISOString();
  const begun = process.cpuUsage();
  const form = { institution: 'north', at: time, after };
  const report: { cursor: string | null; payments: number; asked: number } = await runOnlinePayments(
    stores,
    policy,
    form,
    { ask: () => null },
  );
  after = report.cursor;
  const { user, system } = process.cpuUsage(begun);
  const ms = Math.round((user + system) / 1_000);
  console.log(
    `run ${run}: ${report.payments} payments looked at, ${report.asked} asked, ${ms} ms of processor time`,
  );
}
