// Plans, checks and runs an amnesty at the end of term, for ten thousand accounts in SQLite.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import {
  type BulkWaiveForm,
  bulkWaiveCsv,
  bulkWaiveJsonLines,
  planBulkWaive,
  runBulkWaive,
  writeTextFile,
} from 'patron-fees/jobs';
import { directoryOf, institution, patronCount, policy, sqliteStoreOf } from './support/generatedPatrons.js';
import { table } from './support/table.js';

const store = await sqliteStoreOf(patronCount);
const folder = await mkdtemp(join(tmpdir(), 'bulk-waive-'));

const form: BulkWaiveForm = {
  jobId: 'amnesty-2026',
  at: '2026-12-18T18:00:00Z',
  by: { userId: 'mo', roles: ['USER_MANAGER'] },
  institution,
  threshold: '20.00',
  excludeOverdueLoans: true,
  groups: ['UNDERGRADUATE', 'GRADUATE'],
  feeTypes: ['OVERDUEFINE', 'LOSTITEMREPLACEMENTFEE'],
  reason: 'OTHER',
  comment: 'End of term amnesty',
};

// Only a user manager may do this.
const clerk = { userId: 'kim', roles: ['CIRCULATION_DESK'] };
const refused = planBulkWaive(store, policy, { ...form, by: clerk }, { patrons: directoryOf(patronCount) });
assert.equal(refused.accepted ? null : refused.rejection.type, 'ActorLacksRole');

// The plan is written to a file, one patron per line: what would be waived, or why nothing would be.
const plan = planBulkWaive(store, policy, form, { patrons: directoryOf(patronCount) });
assert.ok(plan.accepted);
const planFile = join(folder, 'plan.jsonl');
await writeTextFile(planFile, bulkWaiveJsonLines(plan.entries));
const entries = (await readFile(planFile, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
assert.equal(entries.length, patronCount);

// Before the run, a patron whose fees are to be waived pays a part.
const patronId = entries.find(({ because }) => because === null).patronId;
const payment = { type: 'ReceivePayment', id: 'late', amount: '0.20', method: 'CASH', at: form.at } as const;
await execute(store, policy, { institution, patronId }, payment);

// The run decides again. Its report shows where the result differs from the plan.
const run = runBulkWaive(store, policy, form, { patrons: entries, total: patronCount });
assert.ok(run.accepted);
await writeTextFile(join(folder, 'waived.csv'), bulkWaiveCsv(run.entries));
const [planned, done] = [plan.totals(), run.totals()];
assert.equal(done.differing, 1);
assert.equal((Number(planned.waived) - Number(done.waived)).toFixed(2), '0.20');

// Running the same job again waives nothing twice, and its report lists everything that was done.
const again = runBulkWaive(store, policy, form, { patrons: directoryOf(patronCount) });
assert.ok(again.accepted);
for await (const { because, earlier } of again.entries) assert.equal(earlier, because === null);
assert.equal(again.totals().waivedEarlier, done.waived);

const { patrons, patronsWaived, feesWaived, waived, waivedAsCredit } = done;
console.log(
  `Fees waived for ${patronsWaived} of ${patrons} patrons: ${feesWaived} fees, ${waived} ${policy.currency}`,
);
console.log(`(${waivedAsCredit} of it as credits for lost items). Nothing is waived for the others:\n`);
console.log(
  table(Object.entries(done.notWaived).map(([because, count]) => ({ because, patrons: `${count}` }))),
);
await store.close();
await rm(folder, { recursive: true });
