import { describe, expect, it } from 'vitest';
import { notWaivedEntry, waivedEntry } from '../../../src/institution/bulkWaive/bulkWaiveEntry.js';
import { bulkWaiveTally } from '../../../src/institution/bulkWaive/bulkWaiveTotals.js';
import { patron } from '../../support/bulkWaiveForms.js';

const line = (feeId: string, waived: string, asCredit = false) => ({
  ...{ feeId, feeType: 'OTHER', owed: waived, waived },
  ...{ asCredit, because: null },
});
const refusedLine = { ...line('f9', '0.00'), owed: '5.00', because: 'FeeTypeNotChosen' } as const;
const waived = (...fees: Parameters<typeof waivedEntry>[4]) =>
  waivedEntry(patron('p1'), 'north', 2, '1.00', fees);

describe('the totals of a bulk waive', () => {
  it('sum the waived amounts, and count the reasons for skipped entries', () => {
    const tally = bulkWaiveTally('USD');
    tally.add(waived(line('f1', '0.10'), line('f2', '0.20', true), refusedLine));
    tally.add({ ...waived(line('f1', '5.00')), earlier: true });
    tally.add(notWaivedEntry(patron('p2'), 'north', 2, { type: 'GroupNotChosen' }));
    tally.add(notWaivedEntry(patron('p3'), 'north', 2, { type: 'GroupNotChosen' }));
    tally.add({ ...notWaivedEntry(patron('p4'), 'north', 2, { type: 'NoAccount' }), differs: true });
    expect(tally.totals()).toEqual({
      currency: 'USD',
      patrons: 5,
      patronsWaived: 2,
      feesWaived: 3,
      waived: '5.30',
      waivedEarlier: '5.00',
      waivedAsCredit: '0.20',
      notWaived: { GroupNotChosen: 2, NoAccount: 1 },
      differing: 1,
      accountsNotInDirectory: null,
    });
    tally.setAccountsNotInDirectory(2);
    expect(tally.totals().accountsNotInDirectory).toBe(2);
  });

  it('do not count a repeated patron, or one missing from the directory, as a patron of the directory', () => {
    const tally = bulkWaiveTally('USD');
    tally.add(waived(line('f1', '1.00')));
    tally.add(notWaivedEntry(patron('p1'), 'north', 2, { type: 'PatronRepeated', row: 2 }));
    const unnamed = { patronId: 'p2', group: null, hasOverdueLoans: null };
    tally.add({ ...waivedEntry(unnamed, 'north', 2, null, [line('f1', '2.00')]), earlier: true });
    tally.add(notWaivedEntry(unnamed, 'north', 2, { type: 'PatronInvalid', row: 3, faults: [] }));
    expect(tally.totals()).toMatchObject({
      patrons: 2,
      patronsWaived: 2,
      waived: '3.00',
      waivedEarlier: '2.00',
      notWaived: { PatronRepeated: 1, PatronInvalid: 1 },
    });
  });

  it('are exact beyond the safe integers', () => {
    const tally = bulkWaiveTally('USD');
    for (let n = 0; n < 1_000; n++) {
      tally.add(waived(...Array.from({ length: 100 }, (_, fee) => line(`f${fee}`, '9999999999.99'))));
    }
    expect(tally.totals().waived).toBe('999999999999000.00');
  });

  it('are in the decimals of the currency', () => {
    expect(bulkWaiveTally('JPY').totals().waived).toBe('0');
    expect(bulkWaiveTally('KWD').totals().waived).toBe('0.000');
  });
});
