import { describe, expect, it } from 'vitest';
import { outcomeOf, written } from './written.js';

const passed = { outcome: 'passed', reasons: [] };
const differs = (reason: string) => ({ outcome: 'differs', reasons: [expect.stringContaining(reason)] });

describe('splits, blocks and reports of FOLIO', () => {
  const split = (amount: string, actionables: readonly string[], expected: object, more: object = {}) =>
    written(
      'split',
      { accounts: actionables.map((actionable, index) => ({ ref: `a${index}`, actionable })) },
      { op: 'split', amount },
      expected,
      more,
    );
  const block = (given: object, blocked: boolean) =>
    written('patron-block', given, { op: 'evaluate-blocks' }, { blocked });
  const report = (ledger: readonly (readonly string[])[], rows: readonly object[], more: object = {}) =>
    written('report', { ledger, ...more }, { op: 'refund-report' }, { rows });
  const failedSplit = { error: 'SPLIT_FAILED', httpStatus: 500 };
  const equal = ['5.00', '5.00', '5.02'];

  it.each([
    [
      'a small balance is paid in full',
      split('3.00', ['2.00', '1.50'], { sharesMultiset: ['1.50', '1.50'] }),
      passed,
    ],
    ['an equal balance fails', split('15.02', equal, failedSplit), differs('Every amount')],
    [
      'an equal balance fails, although it should not',
      split('15.02', equal, failedSplit, { defect: 'fails', betterThen: { sharesMultiset: equal } }),
      differs('FOLIO: fails'),
    ],
    ['too few cents fail', split('0.02', ['1.00', '1.00', '1.00'], failedSplit), differs('Every amount')],
    ['too much fails', split('9.00', ['1.00', '2.00'], failedSplit), differs('More than all')],
    ['a limit is not exceeded when it is reached', block({ limit: '28', balance: '28.00' }, false), passed],
    ['a limit of zero is exceeded by a cent', block({ limit: '0', balance: '0.01' }, true), passed],
    [
      'a fee of a loan that is claimed returned is left out',
      block(
        {
          limit: '5',
          fees: [
            { balance: '6', loan: 'l', loanClaimedReturned: true },
            { balance: '5', loan: null },
          ],
        },
        false,
      ),
      differs('disputed'),
    ],
    [
      'a payment later on the day of a refund is not counted',
      report(
        [
          ['pay', '5.00', '2020-01-01'],
          ['refund', '1.00', '2020-01-02'],
          ['pay', '3.00', '2020-01-02'],
        ],
        [{ refund: '1.00', paidSoFar: '5.00', transferredSoFar: '0.00', note: 'so far' }],
      ),
      passed,
    ],
    [
      'both ends of an interval count',
      report(
        [
          ['transfer', '5.00', '2020-01-01'],
          ['refund', '1.00', '2020-01-01'],
          ['refund', '2.00', '2020-01-02'],
        ],
        [
          { refund: '1.00', paidSoFar: '0.00', transferredSoFar: '5.00' },
          { refund: '2.00', paidSoFar: '0.00', transferredSoFar: '5.00' },
        ],
        { interval: ['2020-01-01', '2020-01-02'] },
      ),
      passed,
    ],
    [
      'a refund of zero is a line',
      report([['refund', '1.00', '2020-01-01']], [{ refund: '1.00', paidSoFar: '0.00' }]),
      differs('never came in'),
    ],
  ])('%s', (_, scenario, outcome) => {
    expect(outcomeOf(scenario)).toEqual(outcome);
  });

  const till = (expected: object, more: object = {}) =>
    written(
      'report',
      {
        accounts: [{ ref: 'a', amount: '9.00', type: 'Overdue fine', owner: 'Main' }],
        ledger: [
          {
            op: 'pay',
            at: '2020-01-02T12:00:00Z',
            servicePoint: 'Desk',
            source: 'Ann',
            method: 'Cash',
            of: [{ account: 'a', amount: '4.00' }],
          },
        ],
      },
      { op: 'cash-drawer-report', interval: ['2020-01-01', '2020-01-03'], servicePoint: 'Desk', ...more },
      expected,
    );
  const row = (name: string, amount: string, count: number) => [{ name, amount, count }];
  const elsewhere = (found: string) => ({ outcome: 'failed', reasons: [expect.stringContaining(found)] });

  it.each([
    ['by method', till({ byPaymentMethod: row('Cash', '4.00', 1) }), passed],
    [
      'by type and owner',
      till({ byFeeFineType: row('Overdue fine', '4', 1), byFeeFineOwner: row('Main', '4', 1) }),
      passed,
    ],
    [
      'of another source',
      till({ bySource: [], total: { amount: '0.00', count: 0 } }, { sources: ['Bo'] }),
      passed,
    ],
    ['another amount', till({ bySource: row('Ann', '5.00', 1) }), elsewhere('found "Ann: 4.00 in 1"')],
    ['another count', till({ total: { amount: '4.00', count: 2 } }), elsewhere('found "all: 4.00 in 1"')],
    ['another list', till({ byDesk: row('Desk', '4.00', 1) }), elsewhere('not understood')],
    ['another report', till({ bySource: [] }, { op: 'sales-report' }), elsewhere('cash-drawer-report')],
  ])('a cash drawer, %s', (_, scenario, outcome) => {
    expect(outcomeOf(scenario)).toEqual(outcome);
  });
});
