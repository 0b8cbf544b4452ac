import { journal } from '../../../src/institution/journal/journal.js';
import { ledgerAccountName } from '../../../src/institution/journal/ledgerAccount.js';
import type { WrittenEntry } from '../../../src/institution/journal/ledgerText.js';
import { assessed } from '../../support/events.js';

/** An entry of a fee with hostile names, in a given currency. */
export function strangeEntry(amount: string, currency: string): WrittenEntry {
  const [entry] = journal([assessed('f"1;', amount, { currency, owner: 'süd' })]);
  if (entry === undefined) throw new Error('no entry');
  const postings = entry.postings.map((posting) => ({
    ...posting,
    name: ledgerAccountName(posting.account),
  }));
  return { ...entry, postings, owner: ['patron', 'a | b\n'], day: '2026-03-02', happened: '2026-03-01' };
}

export const end = {
  firstDay: '2026-02-27',
  lastDay: '2026-02-28',
  balances: [
    { name: 'Assets:Cash:CASH', currency: 'USD', amount: '2.50' },
    { name: 'Assets:Cash:CASH', currency: 'JPY', amount: '-3' },
    { name: 'Income:Forfeited', currency: 'USD', amount: '-2.50' },
  ],
  assertBalances: true,
};
