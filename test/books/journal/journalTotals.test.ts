import { describe, expect, it } from 'vitest';
import { journalTally } from '../../../src/books/journal/journalTotals.js';
import { addTo, type Ledger, ledgerAccountName } from '../../../src/books/journal/ledgerAccount.js';
import type { AccountText } from '../../../src/books/journal/ledgerText.js';

function text(amount: number, currency = 'USD', minorDigits = 2, day = '2026-03-02'): AccountText {
  const ledger: Ledger<number> = new Map();
  addTo(ledger, ['receivable', 'MAIN'], amount, 'Assets:Receivable:MAIN');
  addTo(ledger, ['goodwill'], -amount, 'Expenses:Goodwill');
  const days = { firstDay: day, lastDay: day };
  const none = { opening: new Map(), months: new Map() };
  return { textFrom: () => '', entries: 1, currency, minorDigits, ...none, ledger, days };
}

const empty: AccountText = {
  textFrom: () => '',
  entries: 0,
  currency: null,
  minorDigits: 0,
  opening: new Map(),
  ledger: new Map(),
  months: new Map(),
  days: null,
};

describe('the totals of an exported journal', () => {
  it('are returned by currency and account, beyond the safe integers', () => {
    const totals = journalTally(ledgerAccountName);
    const taken = [
      text(Number.MAX_SAFE_INTEGER),
      text(5, 'JPY', 0, '2026-01-01'),
      text(Number.MAX_SAFE_INTEGER),
      empty,
    ];
    expect(taken.map(totals.add)).toEqual([
      { code: 'USD', minorDigits: 2 },
      { code: 'JPY', minorDigits: 0 },
      null,
      null,
    ]);
    const { entries, balances, days } = totals.result();
    expect({ entries, days }).toEqual({
      entries: 3,
      days: { firstDay: '2026-01-01', lastDay: '2026-03-02' },
    });
    expect(balances.map(({ name, currency, amount }) => `${name} ${amount} ${currency}`)).toEqual([
      'Assets:Receivable:MAIN 5 JPY',
      'Expenses:Goodwill -5 JPY',
      'Assets:Receivable:MAIN 180143985094819.82 USD',
      'Expenses:Goodwill -180143985094819.82 USD',
    ]);
  });
});
