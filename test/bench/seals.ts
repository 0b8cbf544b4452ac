// What a seal costs: npm run bench -- seals [accounts]. Processor time of sealing and of verifying, for each event.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import { sealPeriod, verifySeals } from '../../src/seals/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';

const [accountsText = '20000'] = process.argv.slice(2);
const ACCOUNTS = Number(accountsText);
const at = '2026-03-05T12:00:00Z';
const folder = mkdtempSync(join(tmpdir(), 'bench-seals-'));
const database = libsql.open(join(folder, 'accounts.sqlite'));
migrate(database);
const now = () => '2026-04-01T12:00:00Z';
const accounts = sqliteEventStore(database, { now, synchronous: 'normal' });
const office = memoryEventStore({ now, codec: officeEvents });
const institution = 'north';
const by = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' } as const;
for (let index = 0; index < ACCOUNTS; index++) {
  const events = ['a', 'b', 'c', 'd'].flatMap((feeId) => {
    const head = { feeId, currency: 'USD', at, by };
    const item = { title: 'A history of reading', barcode: '39001' };
    const amount = '2.50';
    const allocations = [{ feeId, amount }];
    return [
      { type: 'FeeAssessed', data: { ...head, feeType: 'OVERDUEFINE', amount, owner: 'MAIN', item } },
      {
        type: 'PaymentReceived',
        data: { paymentId: `p${feeId}`, currency: 'USD', amount, method: 'CASH', allocations, at, by },
      },
    ] as const;
  });
  await accounts.append({ institution, patronId: `p${index}` }, events, {
    expectedVersion: 0,
    recordedAt: at,
  });
}
const policy = definePolicy({ currency: 'USD' });
const stores = { accounts, office };

async function measured(name: string, task: () => Promise<unknown>): Promise<void> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  await task();
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpu);
  const events = ACCOUNTS * 8;
  const each = ((user + system) / events).toFixed(1);
  const seconds = ((performance.now() - wall) / 1_000).toFixed(1);
  console.log(
    `${name}: ${each} µs of processor time an event, ${seconds} s, at most ${Math.round(most / 1e6)} MB`,
  );
}

console.log(`${ACCOUNTS} accounts, ${ACCOUNTS * 8} events`);
await measured('reading', async () => {
  for (let index = 0; index < ACCOUNTS; index++) await accounts.read({ institution, patronId: `p${index}` });
});
const form = { institution, month: '2026-03', timeZone: 'UTC', at: now() };
await measured('sealPeriod', () => sealPeriod(stores, policy, form, { folder }));
console.log(
  `the file: ${Math.round(statSync(join(folder, 'seal-00001.ndjson')).size / ACCOUNTS)} bytes an account`,
);
await measured('verifySeals', () => verifySeals(stores, policy, { institution }, { folder }));
database.close();
rmSync(folder, { recursive: true });
