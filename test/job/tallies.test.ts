import { describe, expect, it } from 'vitest';
import { amountTally, findingTally } from '../../src/job/tallies.js';

describe('a tally of findings', () => {
  it('counts all findings by code, and keeps the first thousand', () => {
    const tally = findingTally<{ readonly code: string; readonly n: number }>();
    for (let n = 0; n < 1_500; n++) tally.add({ code: n % 3 === 0 ? 'THIRD' : 'OTHER', n });
    const { count, byCode, first } = tally.result();
    expect([count, byCode, first.length, first.at(-1)?.n]).toEqual([
      1_500,
      { THIRD: 500, OTHER: 1_000 },
      1_000,
      999,
    ]);
  });

  it('returns results that later findings do not change', () => {
    const tally = findingTally<{ readonly code: string }>();
    const before = tally.result();
    tally.add({ code: 'constructor' });
    expect(before).toEqual({ count: 0, byCode: {}, first: [] });
  });
});

describe('a tally of amounts', () => {
  it('sums beyond the safe integers', () => {
    const tally = amountTally(2);
    for (let n = 0; n < 1_000; n++) tally.add('9999999999.99');
    expect(tally.result()).toEqual({ count: 1_000, amount: '9999999999990.00' });
    expect(tally.sum()).toBe(999_999_999_999_000n);
  });

  it('writes the decimals of its currency', () => {
    expect(amountTally(0).result()).toEqual({ count: 0, amount: '0' });
    expect(amountTally(3).result()).toEqual({ count: 0, amount: '0.000' });
  });
});
