// `npm start`: imports a patron's fees from Alma, and works through the procedures of the Alma guide. Every step prints
// the command, its events and the balances, and checks its own figures.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { fromAlmaFees } from 'patron-fees/alma';
import { execute, loadAccount, openAccount } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import {
  activityReport,
  activityReportHtml,
  activityReportText,
  type FinesAndFeesFilter,
  finesAndFees,
  networkActivity,
  transactions,
} from 'patron-fees/views';
import response from './data/alma-fees.json' with { type: 'json' };
import { sentence } from './support/sentence.js';
import { cut, table } from './support/table.js';

const policy = definePolicy({
  currency: 'USD',
  destinations: { BANNER: 'Student accounts' },
  transfers: { expectsSettlement: true },
});
const at = '2026-03-16T14:00:00Z';
const by = { channel: 'desk', userId: 'lin', library: 'MAIN' } as const;

/** The ids of the fees in Alma. */
const birds = '5013880000107';
const counterpoint = '5013910000107';
const harbour = '5014020000107';
const harbourProcessing = '5014030000107';
const chorales = '5013220000107';
const choralesProcessing = '5013230000107';
const atlas = '5013990000107';

const { events, findings } = fromAlmaFees(response, { policy, institution: 'NORTH', destination: 'BANNER' });
const folder = mkdtempSync(join(tmpdir(), 'patron-fees-'));
const file = join(folder, 'fees.db');
const database = new Database(file);
migrate(database);
const store = sqliteEventStore(database);
const stream = { institution: 'NORTH', patronId: 'dverma' };
await store.append(stream, events, { expectedVersion: 0 });
const held = await openAccount(store, policy, stream);
let account = held.copy();

const NO_EVENTS = '  no events: this command was executed before';

let chapters = 0;
function chapter(title: string, words: string) {
  chapters += 1;
  console.log(`\n\n${chapters}. ${title}\n${'─'.repeat(94)}\n${words}\n`);
}

/** Prints the fines and fees list, and checks the balances of the rows that pass the filter. */
function show(filter: FinesAndFeesFilter, filtered: string, filteredDisputed: string) {
  const { rows, balances } = finesAndFees(account, policy, filter);
  assert.deepEqual(
    [balances.currentlyFiltered, balances.currentlyFilteredDisputed],
    [filtered, filteredDisputed],
  );
  const shown = rows.map((row) => ({
    Id: cut(row.id, 13),
    Type: row.typeLabel,
    Title: cut(row.item?.title ?? '', 18),
    Library: row.owner ?? '',
    Status: row.status,
    Original: row.original,
    Remaining: row.remaining,
  }));
  console.log(table(shown));
  console.log(`\n  Currently filtered ${filtered}, currently filtered disputed ${filteredDisputed}`);
}

type Balances = { readonly Active: string; readonly Disputed: string; readonly Transferred: string };

function balances(): Balances {
  const { active, disputed, transferred } = finesAndFees(account, policy).balances;
  return { Active: active, Disputed: disputed, Transferred: transferred };
}

/** Executes a command on the store, prints the result, and checks the balances that it changes. */
async function run(command: Command, changed: Partial<Balances>) {
  const before = balances();
  const { decision } = await held.execute(command);
  assert.ok(decision.accepted, JSON.stringify(decision));
  account = held.copy();
  const after = balances();
  assert.deepEqual(after, { ...before, ...changed });

  console.log(sentence('command', command.type, command));
  for (const { type, data } of decision.events) console.log(sentence('event', type, data));
  if (decision.events.length === 0) console.log(NO_EVENTS);
  const rows = [
    { Balance: 'before', ...before },
    { Balance: 'after', ...after },
  ];
  console.log(`\n${table(rows)}`);
}

console.log('The fines and fees of a patron, from their import to the activity report. Amounts are in USD.');

chapter(
  'Import',
  `Alma's response to GET /users/dverma/fees is converted to ${events.length} events. The first three:`,
);
assert.deepEqual(findings, []);
for (const { type, data } of events.slice(0, 3)) console.log(sentence('event', type, data));
assert.deepEqual(balances(), { Active: '95.00', Disputed: '15.00', Transferred: '34.75' });
console.log(`\n${table([balances()])}`);

chapter(
  'View the fees',
  'First the active ones. They add up to the active balance; a credit has a negative amount.',
);
show({}, '95.00', '0.00');
console.log('\nAll fees, including those that are disputed, transferred or closed:\n');
show({ status: 'all' }, '95.00', '15.00');
console.log('\nFiltered: the active rows of the Music Library.\n');
show({ owner: 'MUS' }, '-2.23', '0.00');

chapter(
  'Pay a part',
  'The patron pays 20.00 by credit card. No fee is named, so the payment settles the oldest fee.',
);
const payment: Command = { type: 'ReceivePayment', id: 'pay-1', amount: '20', method: 'CREDIT_CARD', at, by };
await run(payment, { Active: '75.00' });
console.log('\nThe button is pressed a second time:\n');
await run(payment, {});
console.log('\nA payment above what is owed is refused:\n');
const tooMuch = decide({ ...payment, id: 'pay-2', amount: '500.00' }, account, policy);
assert.ok(!tooMuch.accepted && tooMuch.rejection.type === 'PaymentExceedsOwed');
console.log(sentence('rejection', tooMuch.rejection.type, tooMuch.rejection));

chapter('Add a fee', 'The key of a locker was not returned. Only a type and an amount are required.');
await run(
  { type: 'AssessFee', id: 'locker-14', feeType: 'LOCKERKEY', amount: '8.50', at, by },
  { Active: '83.50' },
);

chapter(
  'Waive selected',
  'One overdue fine is waived in full, and 1.00 of another, with a reason from the list and a comment.',
);
const waive = { type: 'WaiveFees', at, by } as const;
const comment = 'We were closed over the holidays';
const selected = [{ feeId: birds }, { feeId: counterpoint, amount: '1.00' }];
await run({ ...waive, id: 'waive-1', fees: selected, reason: 'GRACE_PERIOD', comment }, { Active: '80.27' });

chapter(
  'Waive a disputed fee',
  'The patron disputes the fee for stains in an atlas. A part is waived; the rest remains disputed.',
);
const stains = [{ feeId: atlas, amount: '5.00' }];
await run({ ...waive, id: 'waive-2', fees: stains, reason: 'STAFF_ERROR' }, { Disputed: '10.00' });

chapter('Waive a lost item', 'The remaining balance is not reduced. The waived amount is shown as a credit.');
await run(
  { ...waive, id: 'waive-3', fees: [{ feeId: harbour }], reason: 'LOST_ITEM_FOUND' },
  { Active: '20.27' },
);
console.log('\nThe list has the fee and the credit:\n');
show({ owner: 'MAIN' }, '23.50', '0.00');

chapter(
  'Return a lost item that was paid',
  'The whole replacement fee becomes a credit, and nothing of the process fee.',
);
const feeIds = [chorales, choralesProcessing];
await run({ type: 'ReturnLostItem', id: 'return-1', feeIds, at, by }, { Active: '-28.23' });

chapter('Dispute and restore', 'The fee for the key is disputed, and no longer part of the active balance.');
await run(
  { type: 'DisputeFee', id: 'dispute-1', feeId: 'locker-14', comment: 'I gave it back', at, by },
  { Active: '-36.73', Disputed: '18.50' },
);
console.log('\nThe fee was right, so it is restored to the active balance.\n');
await run(
  { type: 'ResolveDispute', id: 'restore-1', feeId: 'locker-14', outcome: 'feeStands', at, by },
  { Active: '-28.23', Disputed: '10.00' },
);

chapter('Transfer to a student system', 'The unpaid process fee is transferred to the student accounts.');
await run(
  {
    type: 'TransferFees',
    id: 'export-1',
    fees: [{ feeId: harbourProcessing }],
    destination: 'BANNER',
    at,
    by,
  },
  { Active: '-43.23', Transferred: '49.75' },
);
console.log('\nThe student accounts report that it was paid there.\n');
await run(
  { type: 'SettleTransfer', id: 'paid-there-1', transferId: 'export-1', amount: '15.00', at },
  { Transferred: '34.75' },
);

chapter(
  'The transactions of a fee',
  'Selecting the remaining balance of the first overdue fine shows its transactions.',
);
const { lines, status } = transactions(account, policy, { id: birds });
assert.equal(status, 'closed');
assert.equal(lines.at(-1)?.remaining, '0.00');
const shownLines = lines.map((line) => ({
  When: line.at.slice(0, 10),
  What: line.label,
  How: line.methodLabel ?? line.reasonLabel ?? '',
  Amount: line.amount,
  Remaining: line.remaining,
  Comment: cut(line.comment ?? '', 34),
}));
console.log(table(shownLines));

chapter(
  'Network activity',
  'The fees of the same patron at another institution of the network are shown here and paid there.',
);
const elsewhere = decide(
  { type: 'AssessFee', id: 'fine-1', feeType: 'OVERDUEFINE', amount: '4.50', owner: 'SCIENCE', at },
  emptyAccount(),
  policy,
);
const { institutions, totals } = networkActivity(
  [
    { institution: 'NORTH', account },
    { institution: 'SOUTH', account: fold(elsewhere.events) },
  ],
  policy,
);
assert.equal(totals[0]?.active, '-38.73');
const shownInstitutions = institutions.map(({ institution, active, disputed, transferred, payable }) => ({
  Institution: institution,
  Active: active,
  Disputed: disputed,
  Transferred: transferred,
  'To pay': payable,
}));
console.log(table(shownInstitutions));

chapter(
  'Activity report',
  'For the patron: loans, fees per library and balances, as text and as a web page.',
);
const report = activityReport(account, policy, {
  at,
  patron: { name: 'Dev Verma', barcode: '2000171' },
  loans: [{ title: 'Maps of the sea', library: 'MAIN', dueAt: '2026-03-09T20:00:00Z' }],
  libraryNames: { MAIN: 'Main Library', MUS: 'Music Library' },
});
assert.equal(report.balances.active, '-43.23');
const place = { locale: 'en-US', timeZone: 'America/New_York' };
const text = activityReportText(report, place);
writeFileSync(join(folder, 'activity-report.txt'), text);
writeFileSync(join(folder, 'activity-report.html'), activityReportHtml(report, place));
console.log(text.replaceAll(/^(?=.)/gm, '  '));

chapter(
  'Close and reopen the store',
  'All events are in an SQLite file. The file is closed, and opened again.',
);
const shownToday = finesAndFees(account, policy, { status: 'all' });
await store.close();
database.close();
const reopened = new Database(file);
const tomorrow = await loadAccount(sqliteEventStore(reopened), stream);
account = tomorrow.account;
assert.deepEqual(finesAndFees(account, policy, { status: 'all' }), shownToday);
console.log(table([{ Events: String(tomorrow.version), ...balances() }]));
console.log('\nIf the button of step 3 is pressed again, nothing is paid twice:\n');
const again = await execute(sqliteEventStore(reopened), policy, stream, payment);
assert.deepEqual(again.decision, { accepted: true, events: [], repeats: { id: 'pay-1', kind: 'payment' } });
console.log(NO_EVENTS);
reopened.close();

console.log(
  `The balances of every step were checked. The events, and the report as text and as HTML, are in\n${folder}`,
);
