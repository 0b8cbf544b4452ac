import { describe, expect, it } from 'vitest';
import { addLedger, addTo, type Ledger, ledgerKey } from '../../../src/institution/journal/ledger.js';

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
