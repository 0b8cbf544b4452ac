import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, written } from './written.js';

const pair = (a: string, b: string) => [open('a', a), open('b', b)];
const pay = (amount: string) => ask('pay', amount, 'a', 'b');

const action = (accounts: readonly object[], when: object, expected: object, more: object = {}) =>
  written('derived', { accounts }, when, expected, more);
const lost = (given: object, op: string, expected: object, more: object = {}) =>
  written('lost-refund', { history: [], ...given }, { op, ...more }, expected);

describe('a scenario that is wrong about FOLIO fails', () => {
  it.each([
    [
      'a cent is moved although none was left over',
      action(pair('2.00', '1.50'), ask('waive', '3.00', 'a', 'b'), done(row('a', '0.49'), row('b', '0.01'))),
    ],
    [
      'a fee gets a cent more than its balance',
      action(
        pair('5.00', '1.00'),
        pay('4.00'),
        done({ ref: 'a', remaining: '2.01' }, { ref: 'b', remaining: '-0.01' }),
      ),
    ],
    [
      'a cent is moved by a refusal',
      action(pair('1.00', '1.00'), pay('3.00'), {
        httpStatus: 422,
        error: 'EXCEEDS_REMAINING',
        accounts: [row('a', '1.01'), row('b', '0.99')],
      }),
    ],
    [
      'a cent is moved by a check',
      action(pair('1.00', '1.00'), ask('check-pay', '1.00', 'a', 'b'), {
        httpStatus: 200,
        accounts: [row('a', '1.01'), row('b', '0.99')],
      }),
    ],
    [
      'a cent is moved by a cancellation',
      action(
        pair('1.00', '1.00'),
        ask('cancel', undefined, 'a', 'b'),
        done({ ref: 'a', remaining: '0.01' }, { ref: 'b', remaining: '-0.01' }),
      ),
    ],
    [
      'a cent comes from a fee that is not named',
      action(
        [...pair('2.00', '1.50'), open('c', '7.00')],
        pay('3.00'),
        done(row('a', '0.49'), row('c', '7.01')),
      ),
    ],
    [
      'the row gives a cent to one fee and the line to another',
      action(pair('1.00', '1.00'), pay('0.05'), {
        ...done(row('a', '0.98'), row('b', '0.97')),
        actions: [
          { account: 'a', type: 'Paid partially', amount: '0.03' },
          { account: 'b', type: 'Paid partially', amount: '0.02' },
        ],
      }),
    ],
    [
      'everything is paid although FOLIO fails',
      action(
        [...pair('5.00', '5.00'), open('c', '5.02')],
        ask('pay', '15.02', 'a', 'b', 'c'),
        done(row('a', '0.00'), row('b', '0.00'), row('c', '0.00')),
      ),
    ],
    [
      'a step has the totals of another step',
      written(
        'refund',
        { accounts: [open('a', '10.00')], history: [ask('pay', '6.00', 'a')] },
        { steps: [ask('refund', '4.00', 'a'), ask('refund', '1.00', 'a')] },
        { steps: [{ httpStatus: 201, patronRefundTotal: '5.00' }, { httpStatus: 201 }] },
      ),
    ],
    [
      'a step has the result of another step',
      action(
        pair('2.00', '1.00'),
        { steps: [pay('1.00')] },
        { steps: [{ finalPaymentStatus: 'Paid fully' }] },
      ),
    ],
    [
      'a step has steps',
      action(pair('2.00', '1.00'), { steps: [pay('1.00')] }, { steps: [{ httpStatus: 201, steps: [] }] }),
    ],
    ['no fee has a final status', action([], ask('pay', '1.00', 'a'), { finalPaymentStatus: 'Paid fully' })],
    [
      'money comes back that was not paid',
      lost(
        { policy: { itemFee: '20.00' }, history: [{ op: 'age-to-lost' }, { op: 'pay', amount: '5.00' }] },
        'declare-lost',
        { refunded: '0.00' },
      ),
    ],
    [
      'a declaration closes a record',
      lost({ policy: { chargeType: 'actual cost' } }, 'declare-lost', { actualCostRecord: 'Cancelled' }),
    ],
    [
      'a declaration is fined',
      lost({ policy: { itemFee: '1.00', overdueOnReturn: true } }, 'declare-lost', {
        overdueFineCreated: true,
      }),
    ],
    [
      'there is a record of a known cost',
      lost({ policy: { itemFee: '1.00' } }, 'return-or-renew-lost-item', { actualCostRecord: 'Cancelled' }),
    ],
    [
      'a loan is closed while its cost is unknown',
      lost({ fees: ['item'], paid: ['item'], actualCostRecord: 'Open' }, 'loan-fee-closed-event', {
        loanClosed: true,
      }),
    ],
    [
      'an item is lost and paid while its cost is unknown',
      lost({ fees: ['item'], paid: ['item'], actualCostRecord: 'Open' }, 'loan-fee-closed-event', {
        itemStatus: 'Lost and paid',
      }),
    ],
    [
      'a fee of another name is not paid',
      lost({ fees: ['lost-item-fee', 'processing-fee'], paid: ['lost-item-fee'] }, 'loan-fee-closed-event', {
        loanClosed: true,
      }),
    ],
    [
      'a policy has another price',
      lost({ policy: { itemFee: '20.00' }, fees: ['lost-item-fee'] }, 'return-or-renew-lost-item', {
        owedBefore: '10.00',
      }),
    ],
    [
      'a share is missing in a split',
      written(
        'split',
        {
          accounts: [
            { ref: 'a', actionable: '1.00' },
            { ref: 'b', actionable: '2.00' },
          ],
        },
        { op: 'split', amount: '2.00' },
        { sharesMultiset: ['2.00'] },
      ),
    ],
    [
      'a report counts later payments',
      written(
        'report',
        {
          ledger: [
            ['pay', '5.00', '2020-01-01'],
            ['refund', '1.00', '2020-01-01'],
            ['pay', '3.00', '2020-01-01'],
          ],
        },
        { op: 'refund-report' },
        { rows: [{ refund: '1.00', paidSoFar: '8.00' }] },
      ),
    ],
  ])('if %s', (_, scenario) => {
    expect(outcomeOf(scenario).outcome).toBe('failed');
  });
});

it('the most specific line is paired first', () => {
  const types = ['Credited fully', 'Refunded fully'];
  const expected = [
    ...types.map((type) => ({ account: 'a', type })),
    ...types.map((type) => ({ account: 'a', type, recipient: 'patron' })),
  ];
  const history = [ask('pay', '4.00', 'a'), { ...ask('transfer', '2.00', 'a'), target: 'Bursar' }];
  const scenario = written(
    'refund',
    { accounts: [open('a', '10.00')], history },
    ask('refund', '6.00', 'a'),
    { actions: expected },
  );
  expect(outcomeOf(scenario).outcome).toBe('passed');
});
