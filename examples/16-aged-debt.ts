// Shows how long 10,000 patrons of a university library have owed their fees, by library and type of fee.
import assert from 'node:assert/strict';
import { balancesInMinorUnits } from 'patron-fees';
import { loadAccount } from 'patron-fees/history';
import { agedDebt, agedDebtCsv, runAgedDebt, runAgedDebtors } from 'patron-fees/reports';
import { institution, patronCount, policy, sqliteStoreOf } from './support/generatedPatrons.js';
import { table } from './support/table.js';

const store = await sqliteStoreOf(patronCount);

// Ages are counted in calendar days of the library, up to the end of September.
const form = { asOf: '2026-09-30T23:59:59-04:00', timeZone: 'America/New_York' };
const debt = await runAgedDebt(store, policy, { institution, ...form });
assert.equal(debt.accounts, patronCount);
assert.equal(debt.findings.count, 0);
assert.notEqual(debt.total.owed, '0.00');

/** Converts an amount to cents, so that sums are exact. */
const cents = (amount: string) => BigInt(amount.replace('.', ''));
const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + cents(amount), 0n);

// Every grouping adds up to the same debt.
assert.equal(sum(debt.rows.map(({ owed }) => owed)), cents(debt.total.owed));
assert.equal(sum(debt.total.byBand), cents(debt.total.owed));

// Other bands divide the debt differently: here no debt is older than a year.
const inYears = await runAgedDebt(store, policy, { institution, ...form, bandEndDays: [365, 730] });
assert.equal(inYears.total.owed, debt.total.owed);
assert.deepEqual(inYears.total.byBand.slice(1), ['0.00', '0.00']);

// One line for each patron: the lines add up to the same debt. Ages may also count from the day that a loan was due.
const debtors = [];
for await (const debtor of runAgedDebtors(store, policy, { institution, ...form })) debtors.push(debtor);
assert.equal(debtors.length, debt.owing);
assert.equal(sum(debtors.map(({ owed }) => owed)), cents(debt.total.owed));

// Only one library.
const law = await runAgedDebt(store, policy, { institution, ...form, owners: ['LAW'] });
assert.deepEqual(
  law.rows,
  debt.rows.filter(({ owner }) => owner === 'LAW'),
);

// The same report for given accounts: a pure function, without a store.
const stream = { institution, patronId: 'u0000003' };
const { account } = await loadAccount(store, stream);
const ofOne = agedDebt([{ ...stream, account }], policy, form);
assert.equal(cents(ofOne.total.owed), BigInt(balancesInMinorUnits(account).owed));

// The file for a spreadsheet has a column for each band.
const csv = agedDebtCsv(debt);
assert.equal(csv.split('\r\n').length, debt.rows.length + 2);

const columns = debt.bands.map(({ label }) => label);
console.log(`${debt.owing} of ${debt.accounts} patrons owe ${debt.total.owed} USD, by days:`);
console.log(
  table(
    debt.rows.map(({ owner, feeTypeLabel, byBand }) => ({
      owner,
      type: feeTypeLabel,
      ...Object.fromEntries(byBand.map((amount, band) => [columns[band], amount])),
    })),
  ),
);

await store.close();
