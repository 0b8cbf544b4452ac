import { describe, expect, it } from 'vitest';
import { openDebtTally } from '../../../src/books/agedDebt/debtTally.js';

const fee = { owner: 'MAIN', feeType: 'OTHER', disputed: false };

describe('sums of debt', () => {
  it('are kept by library and type, in code order, and by band', () => {
    const tally = openDebtTally(2, 2);
    tally.add(fee, 1, 250);
    tally.add({ ...fee, owner: 'LAW' }, 0, 1);
    tally.add({ ...fee, feeType: '__proto__', disputed: true }, 0, 300);
    tally.add(fee, 0, 50);
    expect(tally.rows((feeType) => feeType.toLowerCase())).toEqual([
      {
        owner: 'LAW',
        feeType: 'OTHER',
        feeTypeLabel: 'other',
        fees: 1,
        owed: '0.01',
        disputed: '0.00',
        byBand: ['0.01', '0.00'],
      },
      {
        owner: 'MAIN',
        feeType: 'OTHER',
        feeTypeLabel: 'other',
        fees: 2,
        owed: '3.00',
        disputed: '0.00',
        byBand: ['0.50', '2.50'],
      },
      {
        owner: 'MAIN',
        feeType: '__proto__',
        feeTypeLabel: '__proto__',
        fees: 1,
        owed: '3.00',
        disputed: '3.00',
        byBand: ['3.00', '0.00'],
      },
    ]);
    expect(tally.total()).toEqual({ fees: 4, owed: '6.01', disputed: '3.00', byBand: ['3.51', '2.50'] });
  });

  it('go beyond the safe integers', () => {
    const tally = openDebtTally(1, 0);
    for (let times = 0; times < 3; times++) tally.add({ ...fee, disputed: true }, 0, Number.MAX_SAFE_INTEGER);
    const owed = '27021597764222973';
    expect(tally.total()).toEqual({ fees: 3, owed, disputed: owed, byBand: [owed] });
  });

  it('are empty if nothing is owed', () => {
    const tally = openDebtTally(1, 3);
    expect(tally.rows(String)).toEqual([]);
    expect(tally.total()).toEqual({ fees: 0, owed: '0.000', disputed: '0.000', byBand: ['0.000'] });
  });
});
