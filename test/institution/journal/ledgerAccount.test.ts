import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LedgerAccount, ledgerAccountName } from '../../../src/institution/journal/ledgerAccount.js';
import { strangeIds } from '../../support/hostile.js';

/** What beancount takes for an account, of ASCII; hledger takes more. */
const legal = /^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$/;

const kinds: readonly LedgerAccount[] = [
  ['receivable', 'MAIN'],
  ['cash', 'CASH'],
  ['transferred'],
  ['transferred', 'BANNER'],
  ['settled'],
  ['settled', 'BANNER'],
  ['settledAbove'],
  ['credits', 'setOff'],
  ['credits', 'refundable'],
  ['credits', 'external'],
  ['credits', 'goodwill'],
  ['revenue', 'MAIN', 'OTHER'],
  ['waivers', 'MAIN', 'OTHER'],
  ['returns', 'MAIN', 'OTHER'],
  ['goodwill'],
  ['imported'],
  ['forfeited'],
];

/** Codes, among them many that look like what others are written as. */
const code = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('X', '-', '2', 'D', 'a', ' ', ':', '_', '\n', 'é'),
    minLength: 1,
    maxLength: 8,
  }),
  fc.constantFrom('Not-named', ...strangeIds),
);

describe('the name of a ledger account', () => {
  it('stands under one of the five headings', () => {
    expect(kinds.map(ledgerAccountName)).toEqual([
      'Assets:Receivable:MAIN',
      'Assets:Cash:CASH',
      'Assets:Transferred:Not-named',
      'Assets:Transferred:BANNER',
      'Assets:Settled:Not-named',
      'Assets:Settled:BANNER',
      'Assets:SettledAbove',
      'Liabilities:Credits:SetOff',
      'Liabilities:Credits:Refundable',
      'Liabilities:Credits:External',
      'Liabilities:Credits:Goodwill',
      'Income:Revenue:MAIN:OTHER',
      'Expenses:Waivers:MAIN:OTHER',
      'Expenses:Returns:MAIN:OTHER',
      'Expenses:Goodwill',
      'Equity:Imported',
      'Income:Forfeited',
    ]);
  });

  it('is legal whatever the codes look like', () => {
    fc.assert(
      fc.property(code, code, (owner, feeType) => {
        expect(ledgerAccountName(['revenue', owner, feeType])).toMatch(legal);
        expect(ledgerAccountName(['settled', owner])).toMatch(legal);
      }),
    );
  });

  it('is another one for another account', () => {
    fc.assert(
      fc.property(code, code, code, code, (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        expect(ledgerAccountName(['revenue', a, b])).not.toBe(ledgerAccountName(['revenue', c, d]));
      }),
    );
    fc.assert(
      fc.property(code, (destination) => {
        expect(ledgerAccountName(['transferred', destination])).not.toBe(ledgerAccountName(['transferred']));
      }),
    );
    const alike = ['X-2D', 'X--2D', '-2D', '-', 'X-', 'x', 'X-x', '_', '-5F', 'X_', 'X'];
    expect(new Set(alike.map((method) => ledgerAccountName(['cash', method]))).size).toBe(alike.length);
  });

  it('is the one of no other account that has nothing below it', () => {
    const names = kinds.map(ledgerAccountName);
    for (const name of names) expect(names.filter((other) => other.startsWith(`${name}:`))).toEqual([]);
  });
});
