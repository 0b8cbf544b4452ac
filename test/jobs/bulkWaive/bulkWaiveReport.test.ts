import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { notWaivedEntry, waivedEntry } from '../../../src/jobs/bulkWaive/bulkWaiveEntry.js';
import { bulkWaiveOfAccount } from '../../../src/jobs/bulkWaive/bulkWaiveOfAccount.js';
import { bulkWaiveTally } from '../../../src/jobs/bulkWaive/bulkWaiveReport.js';
import { bulkWaiveCsv, bulkWaiveJsonLines } from '../../../src/jobs/index.js';
import { accountAfter, assess, assessLost, policy } from '../../support/account.js';
import { formWith, patron } from '../../support/bulkWaiveForms.js';

const account = accountAfter([
  assess('=1+1', '10'),
  assess('f,"2', '50', { feeType: 'TAX' }),
  assessLost('f3', '7'),
]);

const form = formWith();

const waived = bulkWaiveOfAccount(account, patron('@ada', { group: 'A\nB' }), form, policy).entry;

const above = bulkWaiveOfAccount(account, patron('p2'), { ...form, threshold: '5' }, policy).entry;

const result = { ...above, planned: { waived: '67.00', because: null }, differs: true };

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

describe('the report of a bulk waive', () => {
  it('as JSON lines has one entry per line', async () => {
    const text = await textOf(bulkWaiveJsonLines([waived, result]));
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([waived, result]);
  });

  it('as CSV has a line per fee, and one per patron without waivers', async () => {
    const rows: Record<string, string>[] = parse(await textOf(bulkWaiveCsv([waived, result])), {
      columns: true,
    });
    expect(rows).toHaveLength(4);
    expect(
      rows.map(({ patronId, feeId, feeOwed, waived: sum, asCredit, because }) => [
        patronId,
        feeId,
        feeOwed,
        sum,
        asCredit,
        because,
      ]),
    ).toEqual([
      ["'@ada", "'=1+1", '10.00', '10.00', 'false', ''],
      ["'@ada", 'f,"2', '50.00', '0.00', 'false', 'FeeTypeNotWaiveable'],
      ["'@ada", 'f3', '7.00', '7.00', 'true', ''],
      ['p2', '', '', '0.00', '', 'OwedAboveThreshold'],
    ]);
    expect(rows[0]).toMatchObject({
      group: 'A\nB',
      owed: '67.00',
      differs: '',
      plannedWaived: '',
      earlier: 'false',
    });
    expect(rows[3]).toMatchObject({ plannedWaived: '67.00', plannedBecause: '', differs: 'true' });
    expect(JSON.parse(rows[3]?.details as string)).toEqual({ owed: '67.00', threshold: '5.00' });
  });

  it('as CSV can have ids unescaped, and has no comment', async () => {
    const text = await textOf(bulkWaiveCsv([waived], { identifiers: 'asIs' }));
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.map(({ patronId, feeId }) => [patronId, feeId])[0]).toEqual(['@ada', '=1+1']);
    const unknown = bulkWaiveCsv([], { identifiers: 'raw' } as never).next();
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('without entries has only the column names, or nothing', async () => {
    expect((await textOf(bulkWaiveCsv([]))).split('\r\n')).toHaveLength(2);
    expect(await textOf(bulkWaiveJsonLines([]))).toBe('');
  });
});

describe('bulkWaiveTotals', () => {
  const line = (feeId: string, waived: string, asCredit = false) => ({
    feeId,
    feeType: 'OTHER',
    owed: waived,
    waived,
    asCredit,
    writeOff: asCredit,
    because: null,
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
        writtenOff: '0.20',
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
});
