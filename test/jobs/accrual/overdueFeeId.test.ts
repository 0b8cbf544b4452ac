import { describe, expect, it } from 'vitest';
import { overdueFeeId } from '../../../src/jobs/index.js';

describe('the id of the fee', () => {
  it('differs for every loan and every renewal', () => {
    const loans = [
      { loanId: '1' },
      { loanId: '1', renewals: 1 },
      { loanId: '1', renewals: 11 },
      { loanId: '1/1' },
      { loanId: '0/1' },
      { loanId: '0/1', renewals: 1 },
    ];
    expect(new Set(loans.map(overdueFeeId)).size).toBe(loans.length);
    expect(overdueFeeId({ loanId: '1', renewals: 0 })).toBe(overdueFeeId({ loanId: '1' }));
  });
});
