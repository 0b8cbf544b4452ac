import { describe, expect, it } from 'vitest';
import { type Credit, unused } from '../../src/account/credit.js';
import { accountOf, prepaid } from '../support/events.js';

describe('unused', () => {
  it('returns the amount less every use of it', () => {
    const [credit] = accountOf(prepaid('p1', 'c1', '100.00')).credits as [Credit];
    expect(unused(credit)).toBe(10_000);
    const used = { applied: 1000, refunded: 2000, transferred: 300, cancelled: 40, withdrawn: 5 };
    expect(unused({ ...credit, ...used, transferPending: 300 })).toBe(10_000 - 3345);
  });
});
