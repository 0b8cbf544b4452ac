// The payments that a university library took from 10,000 patrons in a quarter, by day, desk, method and type of fee.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { writeTextFile } from 'patron-fees/jobs';
import { groupedPayments, paymentsReportCsv, runPaymentsReport } from 'patron-fees/reports';
import { institution, patronCount, policy, sqliteStoreOf } from './support/generatedPatrons.js';
import { table } from './support/table.js';

const store = await sqliteStoreOf(patronCount);

// Days are the library's calendar days, wherever this program runs; the period includes its first and its last day.
const quarter = { timeZone: 'America/New_York', from: '2026-04-01', through: '2026-06-30' };
const report = await runPaymentsReport(store, policy, { institution, ...quarter });
// Patrons whose first fee came later are not counted.
assert.ok(report.accounts > 0 && report.accounts < patronCount);
assert.equal(report.findings.count, 0);

/** Converts an amount to cents, so that sums are exact. */
const cents = (amount: string) => Math.round(Number(amount) * 100);

// Every grouping adds up to the same money: payments, less reversals, less refunds.
for (const column of ['day', 'library', 'desk', 'method', 'feeType'] as const) {
  const { rows } = groupedPayments(report, [column]);
  const sum = rows.reduce((total, { net }) => total + cents(net), 0);
  assert.equal(sum, cents(report.total.net));
}
const { gross, reversed, refunded, net } = report.total;
assert.equal(cents(gross) - cents(reversed) - cents(refunded), cents(net));

// A cheque from June bounces in July, at another desk: the reversal counts in July at that desk, and June does not change.
const [patron] = (await store.accounts({ institution, limit: 1 })).accounts;
assert.ok(patron);
const by = { channel: 'desk', library: 'MAIN', desk: 'MAIN-DESK' } as const;
const [june, july] = ['2026-06-30T20:00:00Z', '2026-07-03T14:00:00Z'];
await execute(store, policy, patron, [
  {
    type: 'ReceivePayment',
    id: 'cheque',
    amount: '20.00',
    method: 'CHECK',
    overpayment: 'credit',
    at: june,
    by,
  },
  {
    type: 'ReversePayment',
    id: 'bounced',
    paymentId: 'cheque',
    at: july,
    by: { ...by, desk: 'MAIN-OFFICE' },
  },
]);
const again = await runPaymentsReport(store, policy, { institution, ...quarter });
assert.equal(cents(again.total.net), cents(net) + 20_00);
const office = { ...quarter, from: '2026-07-01', through: '2026-07-31', desks: ['MAIN-OFFICE'] };
const { total } = await runPaymentsReport(store, policy, { institution, ...office });
assert.equal(total.net, '-20.00');

// For a spreadsheet: the file is complete or not written at all, and no cell can become a formula.
const folder = await mkdtemp(join(tmpdir(), 'till-'));
const file = join(folder, 'till.csv');
await writeTextFile(file, [paymentsReportCsv(report)]);
const [header, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
assert.equal(
  header,
  'day,library,desk,method,feeType,payments,gross,reversed,refunded,refundsReversed,net,currency',
);
assert.equal(lines.length, report.rows.length);
await rm(folder, { recursive: true });

console.log(`${report.rows.length} rows, ${net} ${report.currency}. By method:\n`);
const byMethod = groupedPayments(report, ['method']).rows;
console.log(
  table(byMethod.map(({ method = '', gross, reversed, net }) => ({ method, gross, reversed, net }))),
);
await store.close();
