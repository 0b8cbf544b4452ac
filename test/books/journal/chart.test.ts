import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type ChartRule, chartField, ledgerNames } from '../../../src/books/journal/chart.js';
import { journal } from '../../../src/books/journal/journal.js';
import type { AccountEvent } from '../../../src/index.js';
import { ask, assess, assessLost, pay, policyWith, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const policy = policyWith({
  overpayment: 'credit',
  waiveReasons: { OTHER: 'Other', BADDEBT: { label: 'Uncollectable', kind: 'writeOff' } },
});

/** The names and amounts of all postings of an account. */
function named(commands: Parameters<typeof accountWith>[0], chart: readonly ChartRule[] = []) {
  const names = ledgerNames(chart);
  const events = accountWith(commands, policy).map(({ event }) => event);
  return [...journal(events)].flatMap((entry) =>
    names(entry).map(({ name, amountMinor }) => `${name} ${amountMinor}`),
  );
}

describe('a chart of accounts', () => {
  it('names accounts by the first rule that matches, or by default names', () => {
    const chart: ChartRule[] = [
      { kind: 'revenue', feeType: 'OVERDUEFINE', owner: 'BRANCH', account: 'Income:4711' },
      { kind: 'revenue', feeType: 'OVERDUEFINE', account: 'Income:4310' },
      { kind: 'waivers', account: 'Income:4399-Waived' },
      { kind: 'cash', method: 'CASH', desk: 'CIRC', account: 'Assets:1010' },
      { kind: 'cash', desk: 'CIRC', account: 'Assets:1020' },
      { kind: 'receivable', method: 'CASH', account: 'Assets:Never' },
    ];
    const by = { channel: 'desk', desk: 'CIRC', library: 'MAIN' } as const;
    const commands = [
      assess('f1', '5.00'),
      assess('f2', '7.00', { owner: 'BRANCH' }),
      waive('w', 'f1', '1.00'),
      pay('p1', '2.00', { by }),
      pay('p2', '2.00', { by, method: 'CHECK' }),
      pay('p3', '7.00'),
    ];
    expect(named(commands, chart)).toEqual([
      'Assets:Receivable:MAIN 500',
      'Income:4310 -500',
      'Assets:Receivable:BRANCH 700',
      'Income:4711 -700',
      'Income:4399-Waived 100',
      'Assets:Receivable:MAIN -100',
      'Assets:1010 200',
      'Assets:Receivable:MAIN -200',
      'Assets:1020 200',
      'Assets:Receivable:MAIN -200',
      'Assets:Cash:CASH 700',
      'Assets:Receivable:BRANCH -700',
    ]);
  });

  it('names the tax of a rate even if a purge has left only totals', () => {
    const names = ledgerNames([
      { kind: 'vat', vatPercent: 19, account: 'Liabilities:3806' },
      { kind: 'vat', vatPercent: 7.7, account: 'Liabilities:3807' },
    ]);
    const line = (account: readonly string[], side: 'debit' | 'credit', amount: string) =>
      ({ month: '2016-01', account, side, amount }) as const;
    const totals = [
      line(['revenue', 'MAIN', 'COPIES'], 'debit', '2.67'),
      line(['vat', '19'], 'credit', '1.90'),
      line(['vat', '7.7'], 'credit', '0.77'),
    ];
    const at = '2026-03-02T09:00:00Z';
    const purged: AccountEvent = {
      type: 'AccountPurged',
      data: { purgeId: 'p1', events: 2, currency: 'EUR', totals, at },
    };
    expect([...journal([purged])].flatMap((entry) => names(entry).map(({ name }) => name))).toEqual([
      'Income:Revenue:MAIN:COPIES',
      'Liabilities:3806',
      'Liabilities:3807',
    ]);
  });

  it('names every kind of account by its codes', () => {
    const chart: ChartRule[] = [
      { kind: 'transferred', destination: 'BURSAR', account: 'Assets:T' },
      { kind: 'credits', purpose: 'refundable', account: 'Liabilities:R' },
      { kind: 'goodwill', account: 'Expenses:G' },
    ];
    const transfer = { fees: [{ feeId: 'f1' }], destination: 'BURSAR', expectsSettlement: true };
    const commands = [
      assess('f1', '5.00'),
      ask('TransferFees', 't', transfer),
      pay('p', '1.00'),
      ask('IssueCredit', 'c', { amount: '2.00', cause: 'manual', reason: 'GOODWILL' }),
    ];
    expect(named(commands, chart).slice(2)).toEqual([
      'Assets:T 500',
      'Assets:Receivable:MAIN -500',
      'Assets:Cash:CASH 100',
      'Liabilities:R -100',
      'Expenses:G 200',
      'Liabilities:Credits:Goodwill -200',
    ]);
  });

  it('distinguishes write-offs from waivers, including those of lost items and undone ones', () => {
    const writeOff = (id: string, feeId: string) =>
      ask('WaiveFees', id, { fees: [{ feeId }], reason: 'BADDEBT' });
    const commands = [
      assess('f1', '5.00'),
      assessLost('f2', '20.00'),
      waive('w1', 'f1', '1.00'),
      writeOff('w2', 'f1'),
      writeOff('w3', 'f2'),
      ask('ReverseWaiver', 'u1', { waiverId: 'w1' }),
      ask('ReverseWaiver', 'u2', { waiverId: 'w2' }),
      ask('ReverseWaiver', 'u3', { waiverId: 'w3' }),
    ];
    expect(named(commands).filter((line) => line.startsWith('Expenses'))).toEqual([
      'Expenses:Waivers:MAIN:OVERDUEFINE 100',
      'Expenses:WriteOffs:MAIN:OVERDUEFINE 400',
      'Expenses:WriteOffs:MAIN:LOST100 2000',
      'Expenses:Waivers:MAIN:OVERDUEFINE -100',
      'Expenses:WriteOffs:MAIN:OVERDUEFINE -400',
      'Expenses:WriteOffs:MAIN:LOST100 -2000',
    ]);
  });
});

describe('the rules of a chart', () => {
  const isValid = (format: string, account: string) =>
    v.safeParse(chartField(format), [{ kind: 'cash', account }]).success;

  it('have names that the program accepts', () => {
    expect(isValid('csv', '4310/01 Büro')).toBe(true);
    expect(isValid('csv', 'a\nb')).toBe(false);
    for (const format of ['hledger', 'beancount']) {
      expect(isValid(format, 'Income:4310-Fines')).toBe(true);
      for (const wrong of [
        '4310',
        'Income',
        'Income:',
        'Income:büro',
        'Income:A  B',
        'Other:A',
        'Income:A;',
      ]) {
        expect(isValid(format, wrong)).toBe(false);
      }
    }
    expect(v.safeParse(chartField('csv'), [{ kind: 'nothing', account: '1' }]).success).toBe(false);
  });

  it('have only conditions that can be met', () => {
    const problem = (kind: string, condition: object) =>
      v.safeParse(chartField('csv'), [{ kind, account: '1', ...condition }]).issues?.[0].message;
    expect(problem('revenue', { desk: 'CIRC' })).toBe('only conditions that revenue has: owner, feeType');
    expect(problem('receivable', { owner: 'MAIN', feeType: 'OTHER' })).toContain('has: owner');
    expect(problem('safe', { desk: 'CIRC' })).toBe('only conditions that safe has: none');
    expect(problem('revenue', { owner: 'MAIN', feeType: 'OTHER', vatPercent: 19 })).toBeUndefined();
    expect(problem('cash', { method: 'CASH', desk: 'CIRC' })).toBeUndefined();
    expect(problem('credits', { purpose: 'refundable' })).toBeUndefined();
    expect(problem('settled', { destination: 'BANNER' })).toBeUndefined();
  });
});
