import { describe, expect, it } from 'vitest';
import { outcomeOf, row, written } from './written.js';

const passed = { outcome: 'passed', reasons: [] };
const differs = (reason: string) => ({ outcome: 'differs', reasons: [expect.stringContaining(reason)] });

describe('a lost item in FOLIO', () => {
  const RETURN = { op: 'return-or-renew-lost-item' };
  const DECLARE = { op: 'declare-lost' };
  const CLOSED_EVENT = { op: 'loan-fee-closed-event' };
  const BACK = '<Cancelled item returned|renewed>';
  const item = (remaining: string, status: string) => row('lost-item-fee', remaining, status);
  const NOT_KNOWN = 'not known yet';
  const both = {
    fees: ['lost-item-fee', 'lost-processing-fee'],
    paid: ['lost-item-fee', 'lost-processing-fee'],
  };
  const partly = [{ op: 'age-to-lost' }, { op: 'transfer', amount: '5.00' }, { op: 'pay', amount: '5.00' }];

  it.each([
    [
      'comes back paid and waived',
      {
        policy: { itemFee: '10.00' },
        history: [
          { op: 'pay', amount: '6.00' },
          { op: 'waive', amount: '4.00' },
        ],
      },
      RETURN,
      { accounts: [item('0.00', BACK)], refunded: '6.00', owed: '0.00' },
      passed,
    ],
    [
      'comes back waived, and there is nothing to cancel',
      { policy: { itemFee: '10.00' }, history: [{ op: 'waive', amount: '10.00' }] },
      RETURN,
      { accounts: [item('0.00', 'Waived fully')], refunded: '0.00' },
      passed,
    ],
    [
      'comes back on the last day',
      { policy: { itemFee: '10.00', refundWindow: '3 days' }, history: [{ op: 'pay', amount: '10.00' }] },
      { ...RETURN, after: '72 hours' },
      { accounts: [item('0.00', 'Cancelled item returned')], refunded: '10.00' },
      passed,
    ],
    [
      'comes back too late, and keeps its last status',
      {
        policy: { itemFee: '10.00', refundWindow: '1 week' },
        history: [
          { op: 'pay', amount: '4.00' },
          { op: 'transfer', amount: '6.00' },
        ],
      },
      { ...RETURN, after: '8 days' },
      { accounts: [item('0.00', 'Transferred fully')], refunded: '0.00' },
      differs('reported apart'),
    ],
    [
      'comes back too late for an overdue fine',
      { policy: { itemFee: '10.00', refundWindow: '1 week', overdueOnReturn: true } },
      { ...RETURN, after: '8 days' },
      { overdueFineCreated: false, accounts: [item('10.00', 'Outstanding')] },
      differs('overdue fine'),
    ],
    [
      'is paid without an amount, which means in full',
      { policy: { itemFee: '10.00' }, history: [{ op: 'pay' }] },
      RETURN,
      { refunded: '10.00', owedBefore: '0.00' },
      passed,
    ],
    [
      'is declared lost after part was paid',
      { policy: { itemFee: '20.00' }, history: partly },
      DECLARE,
      { owedBefore: '10.00', accountCount: 2, openCount: 1, owed: '20.00', refunded: '10.00' },
      passed,
    ],
    [
      'is declared lost after all was waived',
      { policy: { itemFee: '20.00' }, history: [{ op: 'age-to-lost' }, { op: 'waive', amount: '20.00' }] },
      DECLARE,
      { accountCount: 2, openCount: 1, owed: '20.00', refunded: '0.00', itemStatus: 'Declared lost' },
      differs('until it is lost and paid'),
    ],
    [
      'is declared lost at an unknown cost',
      { policy: { chargeType: 'actual cost', processingFee: '1.00' } },
      DECLARE,
      {
        actualCostRecord: 'Open',
        loanClosed: false,
        accounts: [row('lost-processing-fee', '1.00', 'Outstanding')],
      },
      differs(NOT_KNOWN),
    ],
    [
      'is declared lost, which is not a return',
      { policy: { itemFee: '10.00', overdueOnReturn: true } },
      DECLARE,
      { overdueFineCreated: false },
      differs('overdue fine'),
    ],
    [
      'costs nothing, so that its loan is closed',
      { policy: { itemFee: null, processingFee: null } },
      DECLARE,
      { accountCount: 0, owed: '0.00', loanClosed: true, itemStatus: 'Lost and paid' },
      differs('money came in'),
    ],
    [
      'is not paid while its cost is unknown',
      { ...both, actualCostRecord: 'Open' },
      CLOSED_EVENT,
      { loanClosed: false, actualCostRecord: 'Open' },
      differs(NOT_KNOWN),
    ],
    [
      'comes back after it was declared lost, when its earlier fees were cancelled',
      {
        policy: { itemFee: '20.00', processingFee: '3.00' },
        history: [...partly, { op: 'declare-lost' }, { op: 'pay', amount: '8.00' }],
      },
      RETURN,
      { owedBefore: '15.00', refunded: '8.00', accountCount: 4, openCount: 0 },
      passed,
    ],
    [
      'is declared lost at its own price',
      {
        policy: { processingFeeAged: '2.00', processingFeeDeclared: '3.00' },
        history: [{ op: 'declare-lost' }],
      },
      { ...RETURN, after: '1 day' },
      { owedBefore: '3.00', owed: '0.00' },
      passed,
    ],
    [
      'has another fee unrelated to the loss',
      { fees: ['lost-item-fee', 'manual-fee'], paid: ['lost-item-fee'] },
      CLOSED_EVENT,
      { loanClosed: true },
      passed,
    ],
    [
      'has fees of other names',
      { fees: ['item', 'processing'], paid: ['item', 'processing'] },
      CLOSED_EVENT,
      { loanClosed: true, itemStatus: 'Lost and paid' },
      passed,
    ],
  ])('%s', (_, given, when, expected, outcome) => {
    expect(outcomeOf(written('lost-refund', { history: [], ...given }, when, expected))).toEqual(outcome);
  });

  it.each(['Billed', 'Cancelled', 'Expired'])('is paid if its cost record is %s', (actualCostRecord) => {
    const expected = { loanClosed: true, itemStatus: 'Lost and paid' };
    const scenario = written('lost-refund', { ...both, actualCostRecord }, CLOSED_EVENT, expected);
    expect(outcomeOf(scenario)).toEqual(differs(NOT_KNOWN));
  });
});
