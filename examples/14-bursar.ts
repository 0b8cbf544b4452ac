// Exports ten thousand accounts to a student system, and imports its answer: charges paid in full, by half, or by too much.
import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { runBursarExport, runSettlementImport, type SettlementRow } from 'patron-fees/bursar';
import {
  generatedPatrons,
  institution,
  patronCount,
  policy,
  sqliteStoreOf,
} from './support/generatedPatrons.js';

const store = await sqliteStoreOf(patronCount);
const folder = mkdtempSync(join(tmpdir(), 'patron-fees-bursar-'));

// The library system's directory: in this example a list, in a library a function that looks up a patron.
const patrons = [...generatedPatrons(patronCount)].map(({ patronId, name, group }) => ({
  patronId,
  name,
  group,
}));

// Students' fees of at least five dollars, at least a week old. The student system has no code for damaged items.
const job = {
  jobId: 'export-2026-12-01',
  at: '2026-12-01T02:00:00Z',
  institution,
  fees: { minimumAmount: '5.00', minimumAgeDays: 7 },
  groups: ['UNDERGRADUATE', 'GRADUATE'],
  codes: { feeTypes: { OVERDUEFINE: '4410', OTHER: '4490', LOSTITEMREPLACEMENTFEE: '4420' } },
};
const file = join(folder, 'export.csv');
const options = { patrons, file, format: 'csv' } as const;
const report = await runBursarExport(store, policy, job, options);
console.log(`${report.patrons} of ${report.accounts} patrons, ${report.fees.count} fees: ${report.net} USD`);
console.log('Not exported:', report.findings.byCode);
assert.ok(report.patrons > 0.3 * patronCount && report.patrons < patronCount);
assert.deepEqual(Object.keys(report.findings.byCode), ['TYPE_NOT_MAPPED']);

// Run again, as after a crash: nothing more is transferred, and the file is the same.
const again = await runBursarExport(store, policy, job, options);
assert.deepEqual(again, { ...report, recordedBefore: again.recordedBefore, accountsDoneNow: 0 });

/** The student system's answer after a week: every fourth charge is paid, some by half, some by a dollar too much. */
async function* answer(): AsyncGenerator<SettlementRow> {
  let n = 0;
  for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
    n += 1;
    if (n % 4 !== 0) continue;
    const cents = Number(row.amount.replace('.', ''));
    const paid = n % 12 === 0 ? Math.floor(cents / 2) : n % 10 === 0 ? cents + 100 : cents;
    yield { reference: row.reference, amount: (paid / 100).toFixed(2), paymentReference: `receipt-${n}` };
  }
  yield { reference: 'nobody@export-2026-12-01', amount: '12.00', paymentReference: 'receipt-x' };
}

const answered = { jobId: 'answer-2026-12-08', at: '2026-12-08T02:00:00Z', institution };
const settled = await runSettlementImport(store, policy, { ...answered, source: { rows: answer() } });
console.log(`${settled.fees.count} payments: ${settled.fees.amount} USD settled`);
console.log(`${settled.overpaid.count} too high: ${settled.overpaid.amount} USD are credits now`);
assert.deepEqual(settled.findings.byCode, { UNKNOWN_REFERENCE: 1 });
assert.equal(settled.fees.count, Math.floor(report.fees.count / 4));
assert.equal(settled.overpaid.amount, `${settled.overpaid.count}.00`);

// The same answer again, in another job: the student system names its payments, so no payment is booked twice.
const twice = await runSettlementImport(store, policy, {
  ...answered,
  jobId: 'oops',
  source: { rows: answer() },
});
assert.equal(twice.rowsBookedNow, 0);
assert.equal(twice.findings.byCode.REPEATED, settled.fees.count);

rmSync(folder, { recursive: true });
