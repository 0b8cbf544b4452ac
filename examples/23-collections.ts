// Places large, old debts with a collection agency as whole accounts, takes a payment at the desk meanwhile, reports it to the
// agency, records the payments that it reports and the money that it remits, and reconciles everything at the end of the month.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePolicy } from 'patron-fees';
import {
  executeRemittance,
  runBursarBalances,
  runBursarChanges,
  runBursarExport,
  runBursarReconciliation,
  runSettlementImport,
} from 'patron-fees/bursar';
import { execute, memoryEventStore } from 'patron-fees/history';
import { officeEvents } from 'patron-fees/office';

const [institution, destination] = ['north', 'AGENCY'];
const transfers = { expectsSettlement: true };
const policy = definePolicy({ currency: 'USD', destinations: { AGENCY: 'Collections' }, transfers });
let at = '2026-01-05T09:00:00Z';
const accounts = memoryEventStore({ now: () => at });
const office = memoryEventStore({ now: () => at, codec: officeEvents });

// Ada has six fees of 9.00, Ben one of 12.00. With a limit of 25.00 for fees older than 60 days, Ada's account is placed.
const fee = { type: 'AssessFee', feeType: 'OTHER', owner: 'MAIN', at } as const;
const ada = { institution, patronId: 'ada' };
for (let n = 1; n <= 6; n++) await execute(accounts, policy, ada, { ...fee, id: `f${n}`, amount: '9.00' });
await execute(accounts, policy, { institution, patronId: 'ben' }, { ...fee, id: 'f1', amount: '12.00' });
at = '2026-04-01T09:00:00Z';
const folder = mkdtempSync(join(tmpdir(), 'patron-fees-collections-'));
const file = { file: join(folder, 'placement.csv'), format: 'csv' } as const;
const wholeAccounts = { owedAbove: '25.00', minimumAgeDays: 60 };
const contacts = [
  { patronId: 'ada', name: 'Ada Brown', contact: { phone: '555-0100' } },
  { patronId: 'ben' },
];
const job = { jobId: 'placement', institution, destination, at, fees: {}, wholeAccounts };
const options = { ...file, patrons: contacts, contactColumns: ['phone'] };
const placed = await runBursarExport(accounts, policy, job, options);
assert.deepEqual(placed.fees, { count: 6, amount: '54.00' });

// Ada pays the first fee at the desk: it is recalled and paid in one list of commands, and the next list of changes has it.
at = '2026-04-08T09:00:00Z';
await execute(accounts, policy, ada, [
  { type: 'RecallTransfer', id: 'p1/recall', transferId: 'placement', at },
  { type: 'ReceivePayment', id: 'p1', amount: '9.00', method: 'CASH', feeIds: ['f1'], at },
]);
const april = { institution, destination, from: '2026-04-01T00:00:00Z', before: '2026-05-01T00:00:00Z' };
for await (const { reference, change, after } of runBursarChanges(accounts, policy, april)) {
  assert.deepEqual([reference, change, after], ['ada@placement', '-9.00', '0.00']);
}

// The agency was paid two fees, and keeps a fifth of them.
at = '2026-04-28T09:00:00Z';
const source = { file: join(folder, 'answer.csv'), format: 'csv' } as const;
writeFileSync(source.file, 'reference,amount\r\nada@placement#1,9.00\r\nada@placement#2,9.00\r\n');
const settled = await runSettlementImport({ accounts, office }, policy, {
  jobId: 'answer',
  institution,
  at,
  source,
});
assert.equal(settled.fees.amount, '18.00');
const by = { channel: 'desk', userId: 'fin' } as const;
const money = { direction: 'received', amount: '14.40', commission: '3.60' } as const;
const record = { type: 'RecordRemittance', id: 'wire 1', destination, ...money, at, by } as const;
await executeRemittance(office, policy, { institution }, record);

const day = { institution, timeZone: 'UTC', asOf: '2026-04-30' };
const { systems } = await runBursarBalances({ accounts, office }, policy, day);
console.log(systems);
assert.deepEqual([systems[0]?.pending, systems[0]?.due], ['27.00', '0.00']);
const month = { institution, exportJobId: 'placement', file, answers: [{ jobId: 'answer', source }] };
const { findings } = await runBursarReconciliation(accounts, policy, month);
// What the agency handed back is a line of its own.
assert.deepEqual(findings.byCode, { RECALLED: 1 });
rmSync(folder, { recursive: true });
