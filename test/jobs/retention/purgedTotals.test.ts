import { expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { localDay } from '../../../src/job/localDay.js';
import { purgedTotals } from '../../../src/jobs/retention/purgedTotals.js';
import { assess, pay, policyWith, waive } from '../../support/account.js';
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
  const atDesk = recorded.map(({ event, ...row }) => {
    const by = { channel: 'desk', desk: 'CIRC' } as const;
    return { ...row, event: { ...event, data: { ...event.data, by } } as AccountEvent };
  });
  // Only money has a desk.
  expect(purgedTotals(atDesk, localDay('Europe/Vienna'), {}).list).toEqual([
    total('2016-02', ['revenue', ...fine], 'credit', '5.00'),
    total('2016-02', ['waivers', ...fine], 'debit', '2.00'),
    { ...total('2016-02', ['cash', 'CASH'], 'debit', '3.00'), desk: 'CIRC' },
  ]);
  expect(purgedTotals([], localDay('UTC'), {})).toEqual({ currency: null, list: [] });
});

it('totals keep the tax rate, even when they are summed again', () => {
  const rules = policyWith({ feeTypes: { COPIES: { label: 'Copies', vatPercent: 19 } } });
  const by = { channel: 'desk', desk: 'CIRC' } as const;
  const commands = [assess('f1', '11.90', { feeType: 'COPIES' }), pay('p1', '11.90', { by })];
  const recorded = accountWith(commands, rules).map((row) => ({
    ...row,
    recordedAt: '2016-02-29T12:00:00Z',
  }));
  const { list: totals } = purgedTotals(recorded, localDay('UTC'), {});
  expect(
    totals.map(({ account: [kind], amount, desk, vatPercent }) => [kind, amount, desk, vatPercent]),
  ).toEqual([
    ['revenue', '10.00', undefined, 19],
    ['vat', '1.90', undefined, 19],
    ['cash', '11.90', 'CIRC', undefined],
  ]);
  const data = {
    purgeId: 'x',
    events: 2,
    currency: 'USD',
    totals,
    at: '2026-03-02T09:00:00Z',
    by: { channel: 'job' },
  };
  const purged = { version: 3, recordedAt: '2026-03-02T09:00:00Z', event: { type: 'AccountPurged', data } };
  const again = purgedTotals([purged as never], localDay('UTC'), {}).list;
  expect(again).toHaveLength(totals.length);
  expect(again).toEqual(expect.arrayContaining([...totals]));
});
