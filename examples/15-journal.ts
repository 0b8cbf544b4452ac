// The books of a university library: the events of 10,000 patrons as double-entry postings, for hledger and beancount.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { balancesInMinorUnits } from 'patron-fees';
import { loadAccount } from 'patron-fees/history';
import { journal, runJournalExport } from 'patron-fees/reports';
import { institution, patronCount, policy, sqliteStoreOf } from './support/generatedPatrons.js';
import { table } from './support/table.js';

const store = await sqliteStoreOf(patronCount);
const folder = await mkdtemp(join(tmpdir(), 'books-'));

// One account: one entry per event, whose postings sum to zero.
const stream = { institution, patronId: 'u0000003' };
const { events } = await store.read(stream);
const entries = [...journal(events.map(({ event }) => event))];
assert.equal(entries.length, events.length);
for (const { postings } of entries) {
  assert.equal(
    postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    0,
  );
}

// The postings add up to the account. A dispute posts nothing: the journal has one balance for active and disputed fees.
const ofPatron = entries
  .flatMap(({ postings }) => postings)
  .filter(({ account }) => account[0] === 'receivable' || account[0] === 'credits');
const { active, disputed } = balancesInMinorUnits((await loadAccount(store, stream)).account);
assert.equal(
  ofPatron.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  active + disputed,
);

// All accounts, in a file for hledger, dated by the library's days. Memory use is constant for any number of accounts.
const form = { institution, timeZone: 'America/New_York' } as const;
const path = join(folder, 'fees.journal');
const totals = await runJournalExport(store, policy, { ...form, format: 'hledger' }, { file: path });
assert.equal(totals.accounts, patronCount);
assert.equal(totals.findings.count, 0);

// The same books for beancount. Both files end with the balances of `totals`: `hledger check --strict --file fees.journal`
// and `bean-check fees.beancount` compare them with the sums of the entries.
const forBeancount = join(folder, 'fees.beancount');
const same = await runJournalExport(store, policy, { ...form, format: 'beancount' }, { file: forBeancount });
assert.deepEqual(same, totals);
const text = await readFile(forBeancount, 'utf8');
assert.equal(text.match(/^\d{4}-\d\d-\d\d \* /gm)?.length, totals.entries);

// The books of a month for the university's own system: flat CSV with the sum of each account, opening balances included.
const month = {
  ...form,
  format: 'csv',
  entries: 'monthly',
  from: '2026-09-01',
  through: '2026-09-30',
} as const;
const september = join(folder, 'september.csv');
await runJournalExport(store, policy, month, { file: september });
const lines = (await readFile(september, 'utf8')).split('\r\n');
assert.ok(lines[0]?.startsWith('date,document,account,debit,credit,currency,'));
assert.ok(lines.length < 200);

// Debits and credits have the same sum, to the cent.
const cents = (amount: string) => BigInt(amount.replace('.', ''));
assert.equal(
  totals.balances.reduce((sum, { amount }) => sum + cents(amount), 0n),
  0n,
);

const shown = totals.balances.filter(({ account }) => ['cash', 'receivable', 'credits'].includes(account[0]));
console.log(`${totals.entries} entries of ${totals.accounts} accounts; balances of some ledger accounts:`);
console.log(table(shown.map(({ name, amount }) => ({ account: name, amount }))));

await store.close();
await rm(folder, { recursive: true });
