import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, written } from './written.js';

const passed = { outcome: 'passed', reasons: [] };
const differs = (reason: string) => ({ outcome: 'differs', reasons: [expect.stringContaining(reason)] });

const action = (accounts: readonly object[], when: object, expected: object, history: object[] = []) =>
  written('derived', { accounts, history }, when, expected);
const on = { ...ask('pay', '4.00', 'a') };
const refused = (error: string, httpStatus = 422) => ({ httpStatus, error });
const three = [open('a', '5.00'), open('b', '5.00'), open('c', '5.02')];

/** Section 2 of the notes about FOLIO's source, in scenarios other than its own tests. */
describe('a fact of FOLIO that its tests do not cover', () => {
  const ten = [open('a', '10.00')];
  const PLAIN = 'plain digits';

  it.each([
    ['0', refused('AMOUNT_NOT_POSITIVE'), passed],
    ['-1.00', refused('AMOUNT_NOT_POSITIVE'), passed],
    ['0.004', refused('AMOUNT_NOT_POSITIVE'), differs(PLAIN)],
    ['', refused('AMOUNT_INVALID'), passed],
    [' 5', refused('AMOUNT_INVALID'), passed],
    ['1,50', refused('AMOUNT_INVALID'), passed],
    ['10.01', { ...refused('EXCEEDS_REMAINING'), echoAmount: '10.01', newActions: 0 }, passed],
    ['1e1', { ...done(row('a', '0.00', 'Paid fully')), amount: '10.00' }, differs(PLAIN)],
    ['0.035', { ...done(row('a', '9.96', 'Paid partially')), amount: '0.04' }, differs(PLAIN)],
    ['99999999999.99', refused('EXCEEDS_REMAINING'), differs('at most 12 digits')],
  ])('paying %j', (amount, expected, outcome) => {
    expect(outcomeOf(action(ten, ask('pay', amount, 'a'), expected))).toEqual(outcome);
  });

  it.each([
    [
      'an unknown fee is refused before the amount is checked',
      action(ten, ask('pay', '1.00', 'x'), refused('ACCOUNT_NOT_FOUND', 404)),
      passed,
    ],
    [
      'a closed fee is refused before the remaining amount is checked',
      action([open('a', '5.00', { remaining: '0.00', status: 'Closed' })], on, refused('ALREADY_CLOSED')),
      passed,
    ],
    [
      'a closed fee with a remainder counts as paid in full',
      action([open('a', '5.00', { remaining: '4.00', status: 'Closed' })], on, done(row('a', '0.00'))),
      passed,
    ],
    [
      'the last payment of a fee closes the fees of its loan',
      action([open('a', '4.00', { loan: 'l' })], on, {
        ...done(row('a', '0.00', 'Paid fully')),
        events: [
          { type: 'FEE_FINE_BALANCE_CHANGED', account: 'a' },
          { type: 'LOAN_RELATED_FEE_FINE_CLOSED', loan: 'l' },
        ],
      }),
      passed,
    ],
    [
      'a loan gets one notice for all its fees',
      action(
        [open('a', '4.00', { loan: 'l' }), open('b', '4.00', { loan: 'l' })],
        ask('waive', '8.00', 'a', 'b'),
        {
          httpStatus: 201,
          events: [
            { type: 'FEE_FINE_BALANCE_CHANGED', account: 'a' },
            { type: 'FEE_FINE_BALANCE_CHANGED', account: 'b' },
            { type: 'LOAN_RELATED_FEE_FINE_CLOSED', loan: 'l' },
          ],
        },
      ),
      passed,
    ],
    [
      'the status is that of the last action',
      action(ten, ask('waive', '1.00', 'a'), done(row('a', '0.00', 'Waived fully')), [
        ask('pay', '9.00', 'a'),
      ]),
      differs('reported apart'),
    ],
    ['one id twice is one fee', action(ten, ask('pay', '4.00', 'a', 'a'), done(row('a', '6.00'))), passed],
    [
      'the smaller fee is filled first',
      action(
        [open('a', '2.00'), open('b', '1.50')],
        ask('transfer', '3.00', 'a', 'b'),
        done(row('a', '0.50', 'Transferred partially'), row('b', '0.00', 'Transferred fully')),
      ),
      passed,
    ],
    [
      'one closed fee refuses all',
      action(
        [open('a', '5.00', { remaining: '0.00', status: 'Closed' }), open('b', '5.00')],
        ask('pay', '1.00', 'a', 'b'),
        refused('ALREADY_CLOSED'),
      ),
      differs('passes over'),
    ],
    [
      'waiving the whole amount fails',
      action(three, ask('waive', '15.02', 'a', 'b', 'c'), refused('SPLIT_FAILED', 500)),
      differs('server error'),
    ],
    [
      'four fees with two equal ones fail',
      action(
        [open('a', '8.75'), open('b', '8.75'), open('c', '8.76'), open('d', '8.77')],
        ask('pay', '35.03', 'a', 'b', 'c', 'd'),
        refused('SPLIT_FAILED', 500),
      ),
      differs('server error'),
    ],
    [
      'a cent more fails, a cent less works',
      action(
        [open('a', '10.00'), open('b', '10.00'), open('c', '25.00')],
        ask('pay', '30.02', 'a', 'b', 'c'),
        refused('SPLIT_FAILED', 500),
      ),
      differs('server error'),
    ],
    [
      'an open fee without a remainder has no share',
      action(
        [open('a', '5.00', { remaining: '0.00' }), open('b', '5.00')],
        ask('pay', '1.00', 'a', 'b'),
        refused('NULL_SHARE', 500),
      ),
      differs('server error'),
    ],
    [
      'a check allows what fails',
      action(
        three,
        {
          steps: [
            ask('check-pay', '15.02', 'a', 'b', 'c'),
            ask('pay', '15.02', 'a', 'b', 'c'),
            ask('pay', '5.00', 'a'),
          ],
        },
        {
          steps: [
            { httpStatus: 200, allowed: true, wouldRemain: '0.00' },
            refused('SPLIT_FAILED', 500),
            done(row('a', '0.00', 'Paid fully'), row('b', '5.00')),
          ],
        },
      ),
      differs('server error'),
    ],
  ])('%s', (_, scenario, outcome) => {
    expect(outcomeOf(scenario)).toEqual(outcome);
  });
});
