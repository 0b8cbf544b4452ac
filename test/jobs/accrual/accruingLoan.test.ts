import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../src/history/index.js';
import { type AccrualFinding, type AccruingLoan, overdueFeeId, runAccrual } from '../../../src/jobs/index.js';
import { defineFineRule } from '../../../src/overdue/index.js';
import { books, calendar, emptyStore, institution, lateLoan, night, policy, runNight } from './nights.js';

describe('a loan that cannot be computed is reported as a finding', () => {
  async function findingsOf(store: EventStore, loans: readonly unknown[], form = night(5)) {
    const findings: AccrualFinding[] = [];
    const report = await runAccrual(store, policy, form, {
      loans: loans as AccruingLoan[],
      onFinding: (finding) => void findings.push(finding),
    });
    expect(report.findings.first).toEqual(findings);
    return { report, findings };
  }

  const euros = defineFineRule({ currency: 'EUR', amount: '1', period: { length: 1, unit: 'day' } });
  const capped = defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'day' },
    priceCap: { percent: 100 },
  });

  it.each<[string, unknown, string, string]>([
    ['no object', 7, '', 'an object'],
    ['without a patron', { ...lateLoan(), patronId: undefined }, 'patronId', 'a string of 1 to 200'],
    ['of an unknown rule', lateLoan({ rule: 'films' }), 'rule', 'a key of form.rules'],
    ['of a key of every object', lateLoan({ rule: 'toString' }), 'rule', 'a key of form.rules'],
    ['of an unknown calendar', lateLoan({ calendar: 'LAW' }), 'calendar', 'a key of form.calendars'],
    ['of a due date without a zone', lateLoan({ dueAt: '2026-03-01' }), 'dueAt', 'an ISO 8601'],
    ['counted beyond the run', lateLoan({ until: '2026-03-06T00:00:00-05:00' }), 'until', 'no later than'],
    ['with a rule of another currency', lateLoan({ rule: euros }), 'rule.currency', 'USD'],
    ['without the price that its rule needs', lateLoan({ rule: capped }), 'price', "the item's price"],
    ['with a price of three decimals', lateLoan({ price: '1.005' }), 'price', ''],
    ['with a rule that has faults', { ...lateLoan(), rule: { currency: 'USD' } }, 'rule.period', ''],
    [
      'of an id that leaves no room',
      lateLoan({ loanId: 'l'.repeat(190) }),
      'loanId',
      'at most 175 characters',
    ],
    ['that ends for no known reason', { ...lateLoan(), ends: 'burnt' }, 'ends', 'one of returned, renewed'],
  ])('a loan %s', async (_, loan, path, expected) => {
    const { report, findings } = await findingsOf(emptyStore(), [loan, lateLoan({ patronId: 'p2' })]);
    expect(report).toMatchObject({ loans: 2, total: { charged: { count: 1 } } });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'LOAN_INVALID', row: 1, institution });
    const [finding] = findings;
    if (finding?.code !== 'LOAN_INVALID') throw new Error('no such finding');
    const fault = finding.faults.find((each) => each.path === path);
    expect(fault?.expected).toContain(expected);
    expect(finding.message).toMatch(/^row 1: /);
  });

  it('names the patron and the loan as far as they are known', async () => {
    const { findings } = await findingsOf(emptyStore(), [{ patronId: 'p9', loanId: 'l9' }, null]);
    expect(findings).toMatchObject([
      { patronId: 'p9', loanId: 'l9', row: 1 },
      { patronId: null, loanId: null, row: 2 },
    ]);
  });
});

describe('the fine of a loan', () => {
  it('does not depend on the other loans of a run: they share a result only if all their data are equal', async () => {
    const day = { length: 1, unit: 'day' } as const;
    const rules = {
      books,
      films: defineFineRule({ currency: 'USD', amount: '1', period: day, priceCap: { percent: 100 } }),
      recalls: defineFineRule({
        currency: 'USD',
        amount: '1',
        period: day,
        recalled: { amount: '2', charges: 'allPeriods' },
      }),
    };
    const calendars = {
      MAIN: calendar(),
      LAW: calendar({ closures: [{ from: '2026-03-02', to: '2026-03-03' }] }),
    };
    const loans = [
      {},
      { calendar: 'LAW' },
      { dueAt: '2026-03-02T20:00:00-05:00' },
      { until: '2026-03-03T20:00:00-05:00' },
      { rule: defineFineRule({ currency: 'USD', amount: '3', period: day }) },
      { rule: 'films', price: '2.00' },
      { rule: 'films', price: '3.00' },
      { rule: 'recalls' },
      { rule: 'recalls', recalledAt: '2026-03-02T09:00:00-05:00' },
      { rule: 'recalls', recalledAt: '2026-03-04T09:00:00-05:00' },
    ].map((more, index) => lateLoan({ loanId: `l${index}`, ...more }));
    const form = night(5, { rules, calendars });
    const finesOf = async (...some: AccruingLoan[]) => (await runNight(emptyStore(), form, ...some)).results;
    const together = await finesOf(...loans, ...loans.map((loan) => ({ ...loan, patronId: 'p2' })));
    const alone = await Promise.all(loans.map((loan) => finesOf(loan)));
    const expected = alone.map(([result]) => result?.fine);
    expect(together.map(({ fine }) => fine)).toEqual([...expected, ...expected]);
    expect(new Set(expected).size).toBeGreaterThan(6);
  });
});

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
