import { describe, expect, it } from 'vitest';
import { explainRow } from '../../../src/interop/alma/explainRow.js';
import { importLimits } from '../../../src/interop/alma/importLimits.js';
import { feeRow, rowFrom, transaction } from './almaRows.js';

const LARGEST = 9_999_999_999.99;

describe('importLimits', () => {
  it('limits one payment to twelve digits, over all its fees', () => {
    const limits = importLimits();
    const paid = { external_transaction_id: 'x1' };
    const admit = (id: string, amount: number) => {
      const row = rowFrom(
        feeRow({ id, balance: 0, original_amount: amount, transaction: [transaction(amount, paid)] }),
      );
      return limits.admit(row, explainRow(row, {}).payments);
    };
    expect(admit('a', LARGEST)).toBeUndefined();
    expect(admit('b', 0.01)).toMatchObject({ code: 'TotalTooLarge', feeId: 'b' });
  });

  it('limits the account to the safe integers', () => {
    const limits = importLimits();
    const row = rowFrom(feeRow({ balance: LARGEST, original_amount: LARGEST }));
    const admitted = Array.from({ length: 5_000 }, () => limits.admit(row, [])).filter(
      (finding) => finding === undefined,
    );
    expect(admitted.length).toBe(Math.floor(Number.MAX_SAFE_INTEGER / (2 * 999_999_999_999)));
  });
});
