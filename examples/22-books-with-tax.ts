// A German library's books: fees with value-added tax, a write-off, and the month closed on accrual and on cash basis.
import assert from 'node:assert/strict';
import { type Command, definePolicy } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type ChartRule, type JournalForm, journalText } from 'patron-fees/reports';
import { receipt } from 'patron-fees/views';
import { table } from './support/table.js';

const policy = definePolicy({
  currency: 'EUR',
  feeTypes: {
    COPIES: { label: 'Kopien', vatPercent: 19 },
    LOAN: { label: 'Fernleihe', vatPercent: 7 },
    REMINDER: { label: 'Mahngebühr' },
  },
  waiveReasons: { OTHER: 'Kulanz', BADDEBT: { label: 'Niederschlagung', kind: 'writeOff' } },
});

// Amounts are gross. The events record the rate of each fee.
const at = '2026-03-02T09:00:00Z';
const store = memoryEventStore({ now: () => at });
const stream = { institution: 'stadt', patronId: 'weber' };
const commands: Command[] = [
  { type: 'AssessFee', id: 'f1', feeType: 'COPIES', amount: '11.90', owner: 'HAUPT', at },
  { type: 'AssessFee', id: 'f2', feeType: 'LOAN', amount: '5.35', owner: 'HAUPT', at },
  { type: 'AssessFee', id: 'f3', feeType: 'REMINDER', amount: '2.50', owner: 'HAUPT', at },
  { type: 'ReceivePayment', id: 'p1', amount: '8.00', method: 'CASH', feeIds: ['f1', 'f3'], at },
  { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'BADDEBT', at },
];
await execute(store, policy, stream, commands);

// The receipt shows the tax of each line, and sums by rate.
const { account } = await loadAccount(store, stream);
const paid = receipt(account, policy, { paymentId: 'p1' });
assert.deepEqual(
  paid.allocations.map(({ feeId, amount, vat }) => [feeId, amount, vat]),
  [['f1', '8.00', '1.28']],
);
assert.deepEqual(paid.vat, [{ percent: 19, gross: '8.00', net: '6.72', vat: '1.28' }]);

// The accounts of the institution's books, by rate.
const chart: ChartRule[] = [
  { kind: 'vat', vatPercent: 19, account: 'Liabilities:3806-USt-19' },
  { kind: 'vat', vatPercent: 7, account: 'Liabilities:3801-USt-7' },
  { kind: 'revenue', vatPercent: 19, account: 'Income:4400-Erloese-19' },
  { kind: 'revenue', vatPercent: 7, account: 'Income:4300-Erloese-7' },
  { kind: 'revenue', account: 'Income:4200-Mahngebuehren' },
  { kind: 'writeOffs', account: 'Expenses:6930-Forderungsverluste' },
  { kind: 'receivable', account: 'Assets:1200-Forderungen' },
  { kind: 'cash', account: 'Assets:1600-Kasse' },
];
const march = { institution: 'stadt', timeZone: 'Europe/Berlin', from: '2026-03-01', through: '2026-03-31' };

/** Returns the balances of the month by account. */
async function close(basis: JournalForm['basis'] & string): Promise<Record<string, string>> {
  const pieces = journalText(store, policy, { ...march, format: 'hledger', basis, chart });
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return Object.fromEntries(value.balances.map(({ name, amount }) => [name, amount]));
  }
}
const [accrual, cash] = [await close('accrual'), await close('cash')];

// Accrual: the tax of everything charged, less that of the write-off. Cash: only the tax of what was paid.
assert.equal(accrual['Liabilities:3806-USt-19'], '-1.28');
assert.equal(accrual['Liabilities:3801-USt-7'], '-0.35');
assert.equal(accrual['Expenses:6930-Forderungsverluste'], '3.28');
assert.deepEqual(cash, {
  'Assets:1600-Kasse': '8.00',
  'Income:4400-Erloese-19': '-6.72',
  'Liabilities:3806-USt-19': '-1.28',
});
console.log('March, on accrual basis:');
console.log(table(Object.entries(accrual).map(([account, amount]) => ({ account, amount }))));
console.log('March, on cash basis:');
console.log(table(Object.entries(cash).map(([account, amount]) => ({ account, amount }))));
