import { describe, expect, it } from 'vitest';
import { creditRow, givenReferences, transaction } from '../../../src/account/effects/newRows.js';

const at = '2026-03-02T09:00:00Z';

describe('creditRow', () => {
  it('is unused, with a transaction that gives its cause', () => {
    const row = creditRow({ at }, { creditId: 'c1', cause: 'manual', purpose: 'goodwill', amount: 500 });
    expect(row).toMatchObject({ amount: 500, applied: 0, feeId: null, owner: null, writeOff: false });
    expect(row.transactions).toEqual([
      transaction({ at }, { kind: 'creditIssued', id: 'c1', amount: 500, references: { cause: 'manual' } }),
    ]);
  });

  it('is written off only if it is a waiver that says so', () => {
    const credit = { creditId: 'c1', purpose: 'setOff', amount: 500 } as const;
    const data = { at, writeOff: true };
    expect(creditRow(data, { ...credit, cause: 'waived' }).writeOff).toBe(true);
    expect(creditRow(data, { ...credit, cause: 'returned' }).writeOff).toBe(false);
  });
});

describe('givenReferences', () => {
  it('returns the given references, and one shared object if none were given', () => {
    expect(givenReferences({ reference: 'cheque 7' })).toEqual({ reference: 'cheque 7' });
    expect(givenReferences({ externalTransactionId: 'tx', reference: 'r' })).toEqual({
      externalTransactionId: 'tx',
      reference: 'r',
    });
    expect(givenReferences({})).toBe(givenReferences({}));
  });
});
