import { expect, it } from 'vitest';
import { localDay } from '../../../src/job/localDay.js';
import { purgedTotals } from '../../../src/jobs/retention/purgedTotals.js';
import { assess, pay, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

it("sums postings by month of recording in the library's time zone, and leaves out zeros", () => {
  const commands = [assess('f1', '5.00'), waive('w1', 'f1', '2.00'), pay('p1', '3.00')];
  const times = ['2016-01-31T23:30:00Z', '2016-01-31T23:30:00Z', '2016-02-29T12:00:00Z'];
  const recorded = accountWith(commands).map((row, index) => ({
    ...row,
    recordedAt: times[index] as string,
  }));
  const fine = ['MAIN', 'OVERDUEFINE'];
  const total = (month: string, account: readonly string[], side: string, amount: string) => ({
    month,
    account,
    side,
    amount,
  });
  expect(purgedTotals(recorded, localDay('Europe/Vienna'), {})).toEqual({
    currency: 'USD',
    list: [
      total('2016-02', ['revenue', ...fine], 'credit', '5.00'),
      total('2016-02', ['waivers', ...fine], 'debit', '2.00'),
      total('2016-02', ['cash', 'CASH'], 'debit', '3.00'),
    ],
  });
  expect(purgedTotals(recorded, localDay('UTC'), {}).list).toContainEqual(
    total('2016-01', ['receivable', 'MAIN'], 'debit', '3.00'),
  );
  expect(purgedTotals(recorded, localDay('UTC'), { basis: 'cash' }).list).toEqual([
    total('2016-02', ['cash', 'CASH'], 'debit', '3.00'),
    total('2016-02', ['revenue', ...fine], 'credit', '3.00'),
  ]);
  expect(purgedTotals([], localDay('UTC'), {})).toEqual({ currency: null, list: [] });
});
