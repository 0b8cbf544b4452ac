import { describe, expect, it } from 'vitest';
import { type AccruedLoan, accrualTally } from '../../../src/jobs/accrual/accrualForm.js';
import { runAccrual } from '../../../src/jobs/index.js';
import { books, calendar, emptyStore, lateLoan, night, policy, runNight } from './nights.js';

describe('the form and the options of a run', () => {
  const loans = [lateLoan()];
  const faultsOf = async (form: object, options: object = { loans }) => {
    try {
      await runAccrual(emptyStore(), policy, { ...night(3), ...form } as never, options as never);
    } catch (error) {
      const { code, details } = error as {
        code: string;
        details: { faults: { path: string; expected: string }[] };
      };
      expect(code).toBe('INVALID_ARGUMENT');
      return details.faults.map(({ path }) => path);
    }
    return [];
  };

  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ jobId: 'j'.repeat(101) }, ['form.jobId']],
    [{ jobId: '' }, ['form.jobId', 'form.jobId']],
    [{ at: '2026-03-01' }, ['form.at']],
    [{ night: true }, ['form.night']],
    [{ rules: [books] }, ['form.rules']],
    [
      {
        rules: { books: {}, other: { ...books, currency: 'EUR' } },
        calendars: { MAIN: { timeZone: 'Mars' } },
      },
      [
        'form.rules.books.currency',
        'form.rules.books.period',
        'form.rules.other.currency',
        'form.calendars.MAIN.timeZone',
      ],
    ],
  ])('%j', async (form, paths) => {
    const found = await faultsOf(form);
    for (const path of paths) expect(found).toContain(path);
    if (paths.length === 0) expect(found).toEqual([]);
  });

  it.each([
    [{ loans: 7 }, ['options.loans']],
    [{}, ['options.loans']],
    [{ loans, onloan: () => undefined }, ['options.onloan']],
  ])('options %#', async (options, paths) => {
    expect(await faultsOf({}, options)).toEqual(paths);
  });

  it('accepts rules and calendars that were read from JSON', async () => {
    const json = JSON.parse(JSON.stringify({ rules: { books }, calendars: { MAIN: calendar() } }));
    const { report } = await runNight(emptyStore(), night(3, json), lateLoan());
    expect(report.total.charged.amount).toBe('0.50');
  });

  it('refuses an invalid policy', async () => {
    await expect(runAccrual(emptyStore(), {} as never, night(3), { loans })).rejects.toThrow(
      'INVALID_POLICY',
    );
  });
});

function accrued(more: Partial<AccruedLoan>): AccruedLoan {
  const loan = {
    row: 1,
    patronId: 'p',
    loanId: 'l',
    feeId: 'fine/0/l',
    feeType: 'OVERDUEFINE',
    owner: 'MAIN',
  };
  const amounts = { fine: '1.00', accrued: '1.00', amount: '1.00' };
  return { ...loan, ...amounts, outcome: 'charged', ended: null, earlier: false, ...more };
}

it('sums beyond the safe integers', () => {
  const tally = accrualTally('JPY');
  for (let n = 0; n < 10_000; n++) tally.add(accrued({ amount: '999999999999' }));
  expect(tally.result(10_000).total.charged).toEqual({ count: 10_000, amount: '9999999999990000' });
});

it('distinguishes fee types and libraries with equal concatenated codes', () => {
  const tally = accrualTally('USD');
  tally.add(accrued({ feeType: 'A', owner: 'BC' }));
  tally.add(accrued({ feeType: 'AB', owner: 'C', outcome: 'decreased', ended: 'returned' }));
  const { rows, total } = tally.result(2);
  expect(rows.map(({ feeType, owner, ended }) => [feeType, owner, ended])).toEqual([
    ['A', 'BC', 0],
    ['AB', 'C', 1],
  ]);
  expect(total).toMatchObject({ charged: { count: 1 }, decreased: { count: 1 }, ended: 1, unchanged: 0 });
});

it('counts a computed total that is not charged, and an accrual done before', () => {
  const tally = accrualTally('USD');
  tally.add(accrued({ fine: '2.00', earlier: true }));
  tally.add(accrued({ outcome: 'unchanged', amount: '0.00' }));
  expect(tally.result(3)).toMatchObject({
    loans: 3,
    earlier: 1,
    notAsComputed: 1,
    total: { unchanged: 1 },
  });
});
