import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import {
  activityReport,
  activityReportHtml,
  activityReportText,
  blocks,
  feesOfLoan,
  finesAndFees,
  receipt,
  summary,
  transactions,
} from '../../src/views/index.js';
import { accountAfter, ask, assess, at, pay, waive } from '../support/account.js';

const policy = definePolicy({ currency: 'USD', blockLimits: { STUDENT: [{ amount: '100.00' }] } });
const accrue = (id: string, total: string, more: object = {}) =>
  ask('AccrueFine', id, {
    feeId: 'a',
    feeType: 'OVERDUEFINE',
    owner: 'MAIN',
    loanId: 'loan',
    total,
    ...more,
  });
/** A growing fine that went up to 160 and down to 30, with 40 paid and 10 given back; and a fee of 5 that does not grow. */
const steps = [
  accrue('n1', '100'),
  accrue('n2', '160'),
  pay('p1', '40'),
  accrue('n3', '50'),
  accrue('n4', '30'),
  assess('once', '5', { feeType: 'OTHER' }),
];
const settled = accountAfter(steps, policy);
const growing = accountAfter([accrue('n5', '33')], policy, settled);
const ended = accountAfter([accrue('n6', '33', { ends: 'returned' })], policy, growing);

describe('a growing fine in the views', () => {
  it('has its current total as original amount, and whether it still grows', () => {
    const rowOf = (account: typeof growing) =>
      finesAndFees(account, policy, { status: 'all' }).rows.find(({ id }) => id === 'a');
    expect(rowOf(growing)).toMatchObject({
      original: '33.00',
      remaining: '3.00',
      owed: '3.00',
      accruing: true,
      status: 'active',
    });
    expect(rowOf(settled)).toMatchObject({ original: '30.00', remaining: '0.00', accruing: true });
    expect(rowOf(ended)).toMatchObject({ accruing: false });
  });

  it('is shown separately in the summary unless disputed', () => {
    expect(summary(growing, policy)).toMatchObject({
      payable: '8.00',
      payableAccruing: '3.00',
      active: '-2.00',
    });
    expect(summary(ended, policy)).toMatchObject({ payable: '8.00', payableAccruing: '0.00' });
    const disputed = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' })], policy, growing);
    expect(summary(disputed, policy)).toMatchObject({ payable: '5.00', payableAccruing: '0.00' });
  });

  it('is shown separately in the block limits', () => {
    const [limit] = blocks(growing, policy, { group: 'STUDENT' }).limits;
    expect(limit).toMatchObject({ owed: '8.00', owedAccruing: '3.00' });
    expect(blocks(ended, policy, { group: 'STUDENT' }).limits[0]?.owedAccruing).toBe('0.00');
  });

  it('lists its steps, each with what remained', () => {
    const { original, lines } = transactions(ended, policy, { id: 'a' });
    expect(original).toBe('33.00');
    expect(lines.map(({ label, amount, remaining }) => [label, amount, remaining])).toEqual([
      ['Fee assessed', '100.00', '100.00'],
      ['Fine increased', '60.00', '160.00'],
      ['Payment', '40.00', '120.00'],
      ['Fine reduced', '110.00', '10.00'],
      ['Fine reduced', '10.00', '0.00'],
      ['Credit issued', '10.00', '0.00'],
      ['Fine increased', '3.00', '3.00'],
      ['Fine stopped growing', '0.00', '3.00'],
    ]);
    expect(lines.at(-1)?.references).toEqual({ endCause: 'returned' });
  });

  it('is marked on a receipt while it grows', () => {
    expect(receipt(growing, policy, { paymentId: 'p1' }).allocations).toMatchObject([
      { feeId: 'a', accruing: true },
    ]);
    expect(receipt(ended, policy, { paymentId: 'p1' }).allocations).toMatchObject([
      { feeId: 'a', accruing: false },
    ]);
  });

  it('is marked in the activity report, as text and as HTML', () => {
    const form = { at, patron: { name: 'Ada' }, loans: [] };
    const options = { locale: 'en-US', timeZone: 'UTC' };
    const of = (account: typeof growing) => activityReport(account, policy, form);
    expect(activityReportText(of(growing), options)).toContain('Active, Still growing; Amount $33.00');
    expect(activityReportHtml(of(growing), options)).toContain(', Active, Still growing</span>');
    for (const reported of [activityReportText(of(ended), options), activityReportHtml(of(ended), options)])
      expect(reported).not.toContain('growing');
  });

  it('keeps its loan unsettled while it grows, although nothing is owed', () => {
    expect(feesOfLoan(settled, policy, { loanId: 'loan' })).toMatchObject({
      settled: false,
      totals: { original: '30.00', owed: '0.00', paid: '30.00' },
    });
    const waived = accountAfter([waive('w1', 'a')], policy, ended);
    expect([
      feesOfLoan(ended, policy, { loanId: 'loan' }).settled,
      feesOfLoan(waived, policy, { loanId: 'loan' }).settled,
    ]).toEqual([false, true]);
  });
});
