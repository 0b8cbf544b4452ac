import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, written } from './written.js';

const pair = (a: string, b: string) => [open('a', a), open('b', b)];

const action = (accounts: readonly object[], when: object, expected: object, more: object = {}) =>
  written('derived', { accounts }, when, expected, more);
const lost = (given: object, op: string, expected: object, more: object = {}) =>
  written('lost-refund', { history: [], ...given }, { op, ...more }, expected);

describe('the field betterThen', () => {
  const defect = 'a defect';
  const split = written(
    'split',
    {
      accounts: [
        { ref: 'a', actionable: '5.00' },
        { ref: 'b', actionable: '5.00' },
      ],
    },
    { op: 'split', amount: '10.00' },
    { sharesMultiset: ['5.00', '5.00'] },
  );
  const block = written(
    'patron-block',
    { limit: '28', balance: '29' },
    { op: 'evaluate-blocks' },
    { blocked: true },
  );
  const paid = lost(
    { policy: { itemFee: '10.00' }, history: [{ op: 'pay', amount: '4.00' }] },
    'return-or-renew-lost-item',
    { refunded: '4.00' },
  );
  const report = written(
    'report',
    {
      ledger: [
        ['pay', '8.00', '2020-01-03'],
        ['refund', '1.00', '2020-01-04'],
      ],
    },
    { op: 'refund-report' },
    { rows: [{ refund: '1.00' }] },
  );
  const payment = action(
    pair('10.00', '1.00'),
    ask('pay', '4.00', 'a'),
    done(row('a', '6.00', 'Paid partially')),
  );

  it.each([
    [split, { sharesMultiset: ['1.00', '9.00'] }],
    [block, { blocked: false }],
    [paid, { refunded: '99.00' }],
    [report, { rows: [{ refund: '9.00' }] }],
    [payment, done(row('a', '1.00'))],
  ])('is checked in every suite, with and without a defect', (scenario, betterThen) => {
    expect(outcomeOf(scenario).outcome).toBe('passed');
    expect(outcomeOf({ ...scenario, betterThen }).outcome).toBe('failed');
    expect(outcomeOf({ ...scenario, defect, betterThen }).outcome).toBe('failed');
  });

  it.each([split, block, paid, report, payment])('must differ from FOLIO: number %#', (scenario) => {
    const same = { outcome: 'failed', reasons: ['the same defect is here: a defect'] };
    const { then: betterThen } = scenario as unknown as { readonly then: object };
    expect(outcomeOf({ ...scenario, defect })).toEqual(same);
    expect(outcomeOf({ ...scenario, defect, betterThen })).toEqual(same);
  });

  it.each([
    [{ ...block, given: { limit: '28', balance: '28' } }, { blocked: false }],
    [{ ...paid, given: { ...paid.given, history: [] } }, { refunded: '0.00' }],
  ])('is reported with the defect', (scenario, betterThen) => {
    expect(outcomeOf({ ...scenario, defect, betterThen })).toEqual({
      outcome: 'differs',
      reasons: ['FOLIO: a defect'],
    });
  });
});
