import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLedger,
  addTo,
  credit,
  debit,
  type Ledger,
  type LedgerAccount,
  ledgerAccountName,
  ledgerKey,
} from '../../../src/books/journal/ledgerAccount.js';
import { strangeIds } from '../../support/hostile.js';
import { tried } from '../../support/seeded.js';

/** Account names that beancount accepts, in ASCII; hledger accepts more. */
const legal = /^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$/;

const kinds: readonly LedgerAccount[] = [
  ['receivable', 'MAIN'],
  ['cash', 'CASH'],
  ['transferred'],
  ['transferred', 'BANNER'],
  ['settled'],
  ['settled', 'BANNER'],
  ['settlementSurplus'],
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

/** Codes, among them many that look like escaped ones. */
const code = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('X', 'x', '-', '5', 'F', 'a', ' ', ':', '_', 'é'),
    minLength: 1,
    maxLength: 8,
  }),
  fc.constantFrom('Unnamed', ...strangeIds),
);

/** The code from which a part of a name was made. */
function codeOf(segment: string): string {
  const isPrefixed = segment.startsWith('X-x') && !/^X-x[0-9A-F]{2}/.test(segment);
  const escaped = isPrefixed ? segment.slice('X-x'.length) : segment;
  return decodeURIComponent(escaped.replaceAll(/-x([0-9A-F]{2})|-/g, (_, byte) => (byte ? `%${byte}` : '_')));
}

describe('the name of a ledger account', () => {
  it('starts with one of the five headings', () => {
    expect(kinds.map(ledgerAccountName)).toEqual([
      'Assets:Receivable:MAIN',
      'Assets:Cash:CASH',
      'Assets:TransferredUnnamed',
      'Assets:Transferred:BANNER',
      'Assets:SettledUnnamed',
      'Assets:Settled:BANNER',
      'Assets:SettlementSurplus',
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

  it('is valid whatever the codes look like', () => {
    fc.assert(
      fc.property(code, code, (owner, feeType) => {
        expect(ledgerAccountName(['revenue', owner, feeType])).toMatch(legal);
        expect(ledgerAccountName(['settled', owner])).toMatch(legal);
      }),
    );
  });

  it('is unique for each account: codes can be read back from it', () => {
    fc.assert(
      fc.property(code, code, (owner, feeType) => {
        const [, , ...segments] = ledgerAccountName(['revenue', owner, feeType]).split(':');
        expect(segments.map(codeOf)).toEqual([owner, feeType]);
      }),
      tried(1_000),
    );
    fc.assert(
      fc.property(code, (destination) => {
        expect(ledgerAccountName(['transferred', destination])).not.toBe(ledgerAccountName(['transferred']));
      }),
    );
    const alike = [
      'X-x2D',
      'X--',
      '-x2D',
      '-',
      '_',
      'X-',
      'X_',
      'x',
      'X-x',
      'X_x',
      '_x',
      '_x5F',
      '-x5F',
      'xX',
      'X',
    ];
    expect(new Set(alike.map((method) => ledgerAccountName(['cash', method]))).size).toBe(alike.length);
  });

  it('is never the parent of another account', () => {
    const names = kinds.map(ledgerAccountName);
    for (const name of names) expect(names.filter((other) => other.startsWith(`${name}:`))).toEqual([]);
  });
});

it('a debit is positive, a credit negative', () => {
  expect(debit(['imported'], 5, 'c1')).toEqual({ account: ['imported'], amountMinor: 5, rowId: 'c1' });
  expect(credit(['imported'], 5, null)).toEqual({ account: ['imported'], amountMinor: -5, rowId: null });
});

describe('a ledger', () => {
  it('sums by account, in order of first use', () => {
    const ledger: Ledger<number> = new Map();
    addTo(ledger, ['cash', 'CHECK'], 5);
    addTo(ledger, ['cash', '__proto__'], 1);
    addTo(ledger, ['cash', 'CHECK'], -7);
    expect([...ledger.values()]).toEqual([
      { account: ['cash', 'CHECK'], amount: -2 },
      { account: ['cash', '__proto__'], amount: 1 },
    ]);
  });

  it('adds amounts beyond the safe integers', () => {
    const total: Ledger<bigint> = new Map();
    const ledger: Ledger<number> = new Map();
    addTo(ledger, ['goodwill'], Number.MAX_SAFE_INTEGER);
    for (let times = 0; times < 3; times++) addLedger(total, ledger);
    expect([...total.values()]).toEqual([{ account: ['goodwill'], amount: 27_021_597_764_222_973n }]);
    expect([...ledger.values()]).toEqual([{ account: ['goodwill'], amount: Number.MAX_SAFE_INTEGER }]);
  });

  it('distinguishes accounts with equal concatenated codes', () => {
    expect(ledgerKey(['revenue', 'a', 'b,c'])).not.toBe(ledgerKey(['revenue', 'a,b', 'c']));
    expect(ledgerKey(['transferred'])).not.toBe(ledgerKey(['transferred', 'x']));
  });
});
