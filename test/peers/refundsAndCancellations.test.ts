import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, transferTo, written } from './written.js';

const passed = { outcome: 'passed', reasons: [] };
const differs = (reason: string) => ({ outcome: 'differs', reasons: [expect.stringContaining(reason)] });

const action = (accounts: readonly object[], when: object, expected: object, history: object[] = []) =>
  written('derived', { accounts, history }, when, expected);
const refused = (error: string, httpStatus = 422) => ({ httpStatus, error });

describe('a refund or a cancellation in FOLIO', () => {
  const ten = [open('a', '10.00')];
  const PAYS_OUT = 'the fee stays cancelled';

  it.each([
    [
      'a check returns the refundable amount',
      action(
        [
          open('a', '10.00', {
            ledger: [
              { op: 'pay', amount: '6.00' },
              { op: 'refund', amount: '2.00' },
            ],
          }),
        ],
        ask('check-refund', '3.00', 'a'),
        { httpStatus: 200, allowed: true, amount: '3.00', wouldRemain: '1.00' },
      ),
      passed,
    ],
    [
      'a check refuses a closed fee',
      action(
        [open('a', '5.00', { remaining: '0.00', status: 'Closed' })],
        ask('check-transfer', '1.00', 'a'),
        {
          ...refused('ALREADY_CLOSED'),
          allowed: false,
          echoAmount: '1.00',
        },
      ),
      passed,
    ],
    [
      'the patron is refunded before the external system',
      action(
        [open('a', '11.00')],
        ask('refund', '8.00', 'a'),
        {
          ...done(row('a', '8.00', 'Refunded partially')),
          patronRefundTotal: '6.00',
          transferRefundTotal: '2.00',
          finalPaymentStatus: 'Refunded partially',
          actions: [
            { account: 'a', type: 'Credited fully', amount: '6.00', balance: '0.00', recipient: 'patron' },
            {
              account: 'a',
              type: 'Credited partially',
              amount: '2.00',
              balance: '0.00',
              recipient: 'Bursar',
            },
            { account: 'a', type: 'Refunded fully', amount: '6.00', balance: '6.00', recipient: 'patron' },
            {
              account: 'a',
              type: 'Refunded partially',
              amount: '2.00',
              balance: '8.00',
              recipient: 'Bursar',
            },
          ],
        },
        [ask('pay', '6.00', 'a'), transferTo('Bursar', '5.00')],
      ),
      passed,
    ],
    [
      'external systems get equal parts',
      action(
        ten,
        ask('refund', '4.00', 'a'),
        {
          httpStatus: 201,
          actions: ['Credited', 'Refunded'].flatMap((word) =>
            ['Bursar', 'University'].map((recipient) => ({
              account: 'a',
              type: `${word} partially`,
              amount: '2.00',
              recipient,
            })),
          ),
        },
        [transferTo('Bursar', '5.00'), transferTo('University', '5.00')],
      ),
      passed,
    ],
    [
      'more than was paid is not refunded',
      action(ten, ask('refund', '4.01', 'a'), refused('EXCEEDS_REFUNDABLE'), [ask('pay', '4.00', 'a')]),
      passed,
    ],
    [
      'a waived amount is not refunded',
      action(ten, ask('refund', '4.00', 'a'), done(row('a', '4.00', 'Refunded fully')), [
        ask('pay', '4.00', 'a'),
        ask('waive', '6.00', 'a'),
      ]),
      passed,
    ],
    [
      'the rest of a refund is partial',
      action(ten, ask('refund', '6.00', 'a'), done(row('a', '10.00', 'Refunded partially')), [
        ask('pay', '10.00', 'a'),
        ask('refund', '4.00', 'a'),
      ]),
      differs('less what went back before'),
    ],
    [
      'a fee that was refunded rises above its amount',
      action(
        [open('a', '10.00'), open('b', '10.00')],
        ask('refund', '10.00', 'a', 'b'),
        done(row('a', '15.00'), row('b', '5.00')),
        [ask('pay', '10.00', 'a'), ask('pay', '10.00', 'b'), ask('refund', '10.00', 'a')],
      ),
      differs('less what went back before'),
    ],
    [
      'a cancellation may have a reason',
      action(
        ten,
        { ...ask('cancel', undefined, 'a'), cancellationReason: 'Cancelled item renewed' },
        {
          ...done(row('a', '0.00', 'Cancelled item renewed')),
          actions: [{ account: 'a', type: 'Cancelled item renewed', amount: '10.00', balance: '0.00' }],
        },
      ),
      passed,
    ],
    [
      'a fee that was waived and paid in part is cancelled: the waiver becomes part of the cancellation',
      action(
        [open('a', '15.02')],
        ask('cancel', undefined, 'a'),
        {
          ...done(row('a', '0.00', 'Cancelled as error')),
          actions: [{ account: 'a', type: 'Cancelled as error', amount: '15.02', balance: '0.00' }],
        },
        [ask('waive', '5.00', 'a'), ask('pay', '0.01', 'a')],
      ),
      differs('takes off what is owed and what was waived'),
    ],
    [
      'several fees are cancelled at once',
      action(
        [open('a', '5.00'), open('b', '7.00')],
        ask('cancel', undefined, 'a', 'b'),
        done(row('a', '0.00', 'Cancelled as error'), row('b', '0.00', 'Cancelled as error')),
      ),
      passed,
    ],
    [
      'a cancelled fee that is refunded is owed, and paid',
      action(ten, ask('pay', '1.00', 'a'), done(row('a', '3.00', 'Paid partially')), [
        ask('pay', '4.00', 'a'),
        ask('cancel', undefined, 'a'),
        ask('refund', '4.00', 'a'),
      ]),
      differs(PAYS_OUT),
    ],
    [
      'the history continues from there',
      action(ten, ask('check-refund', '1.00', 'a'), { httpStatus: 200, allowed: true, wouldRemain: '3.00' }, [
        ask('pay', '4.00', 'a'),
        ask('cancel', undefined, 'a'),
        ask('refund', '4.00', 'a'),
        ask('pay', '4.00', 'a'),
      ]),
      { outcome: 'differs', reasons: expect.arrayContaining([expect.stringContaining(PAYS_OUT)]) },
    ],
    [
      'another fee was refunded, this one was cancelled',
      action(
        [open('a', '10.00'), open('b', '10.00')],
        ask('refund', '4.00', 'b'),
        done(row('b', '4.00', 'Refunded fully')),
        [
          ask('pay', '4.00', 'a'),
          ask('refund', '4.00', 'a'),
          ask('pay', '4.00', 'b'),
          ask('cancel', undefined, 'b'),
        ],
      ),
      differs(PAYS_OUT),
    ],
    [
      'a row can be open with nothing left',
      action(
        [open('a', '4.00', { remaining: '0.00', loan: 'l', ledger: [{ op: 'pay', amount: '4.00' }] })],
        ask('cancel', undefined, 'a'),
        {
          ...done(row('a', '0.00', 'Cancelled as error')),
          events: [{ type: 'LOAN_RELATED_FEE_FINE_CLOSED', loan: 'l' }],
        },
      ),
      differs('follows from the figures'),
    ],
    [
      'such a row has a history that this library refuses',
      action(
        [open('a', '4.00', { remaining: '0.00' }), open('b', '5.00')],
        ask('pay', '2.00', 'b'),
        done(row('b', '3.00', 'Paid partially')),
        [ask('cancel', undefined, 'a')],
      ),
      differs('follows from the figures'),
    ],
    [
      'an amount has more digits than this library allows',
      action([open('a', '99999999999.99')], ask('pay', '99999999999.99', 'a'), done(row('a', '0.00'))),
      differs('at most 12 digits'),
    ],
  ])('%s', (_, scenario, outcome) => {
    expect(outcomeOf(scenario)).toEqual(outcome);
  });
});
