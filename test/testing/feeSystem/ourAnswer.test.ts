import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount, type PatronAccount } from '../../../src/index.js';
import { ourFigures } from '../../../src/testing/feeSystem/figures.js';
import { ourAnswer, ourCommands } from '../../../src/testing/feeSystem/ourAnswer.js';
import type { NamedRequest } from '../../../src/testing/feeSystem/requests.js';
import { accountAfter, assess, pay } from '../../support/account.js';

const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const currency = 'USD';

const fee = (id: string, amount: string, lost = false): NamedRequest => ({
  name: 'assess',
  request: {
    id,
    amount,
    currency,
    lostItem: lost,
    refundPercent: lost ? 100 : 0,
    feeType: lost ? 'LOSTITEMREPLACEMENTFEE' : 'OTHER',
  },
});
const paid = (id: string, amount: string, feeId = 'f1'): NamedRequest => ({
  name: 'pay',
  request: { id, amount, currency, feeIds: [feeId] },
});

/** Returns the answers of our account, and its figures at the end that are not zero. */
function answersTo(...requests: readonly NamedRequest[]) {
  let account: PatronAccount = emptyAccount();
  const answers = requests.map((request) => {
    const ours = ourAnswer(account, request, policy);
    account = ours.account;
    return ours.answer.accepted || ours.answer.reason;
  });
  const figures = ourFigures(account, 2).filter(({ shown }) => shown !== '0.00');
  return { answers, figures: Object.fromEntries(figures.map(({ name, shown }) => [name, shown])) };
}

describe('our answer', () => {
  it('is the decision on every kind of request', () => {
    const { answers, figures } = answersTo(
      fee('f1', '10.00', true),
      paid('p1', '4.00'),
      { name: 'waive', request: { id: 'w1', feeId: 'f1', amount: '1.00' } },
      { name: 'transfer', request: { id: 't1', feeId: 'f1', amount: '2.00' } },
      { name: 'dispute', request: { id: 'd1', feeId: 'f1' } },
      { name: 'restore', request: { id: 'e1', feeId: 'f1' } },
      { name: 'returnLostItem', request: { id: 'l1', feeId: 'f1' } },
      { name: 'refund', request: { id: 'r1', amount: '3.00' } },
      { name: 'cancel', request: { id: 'c1', feeId: 'f1', amount: '1.00' } },
      { name: 'reversePayment', request: { id: 'v1', paymentId: 'p1' } },
    );
    expect(answers).toEqual([...Array(8).fill(true), 'NothingToCancel (feeId "f1")', true]);
    expect(figures).toEqual({ 'owed on f1': '3.00', owed: '3.00', external: '2.00' });
  });

  it('pays a refund out of several credits, oldest first', () => {
    const over = [fee('f1', '1.00'), paid('p1', '2.00'), paid('p2', '3.00'), paid('p3', '4.00')];
    const refund = (amount: string): NamedRequest => ({ name: 'refund', request: { id: 'r1', amount } });
    expect(answersTo(...over, refund('5.00'))).toMatchObject({ figures: { refundable: '3.00' } });
    expect(answersTo(...over, refund('8.00')).figures).toEqual({});
    const tooMuch = answersTo(...over, refund('8.01'));
    expect(tooMuch.answers.at(-1)).toMatch(/^AmountExceedsCredit/);
    expect(tooMuch.figures).toEqual({ refundable: '8.00' });
  });

  it('refuses a refund if the patron has no refundable credit', () => {
    expect(answersTo({ name: 'refund', request: { id: 'r1', amount: '1.00' } }).answers[0]).toMatch(
      /^CreditNotFound/,
    );
  });
});

const over = { overpayment: 'credit' } as const;
const account = accountAfter([assess('f1', '1.00'), pay('p1', '2.00', over), pay('p2', '3.00', over)]);
const refund = (amount: string, from = account) =>
  ourCommands({ name: 'refund', request: { id: 'r1', amount } }, from, policy);

describe('the commands of a request', () => {
  it('have the data of the request and the first code of each table', () => {
    const request = { id: 'w1', feeId: 'f1', amount: '1.00' };
    expect(ourCommands({ name: 'waive', request }, account, policy)).toEqual({
      type: 'WaiveFees',
      id: 'w1',
      fees: [{ feeId: 'f1', amount: '1.00' }],
      reason: 'GRACE_PERIOD',
      at: '2026-03-02T09:00:00Z',
    });
  });

  it('refund several credits, oldest first, each under its own id', () => {
    expect(refund('1.00')).toMatchObject([{ id: 'r1', creditId: 'p1#1', amount: '1.00' }]);
    expect(refund('3.50')).toMatchObject([
      { id: 'r1', creditId: 'p1#1', amount: '1.00' },
      { id: 'r1/2', creditId: 'p2#1', amount: '2.50' },
    ]);
  });

  it('request an excessive amount as it is, so that it is refused', () => {
    expect(refund('9.00')).toMatchObject([{ amount: '1.00' }, { creditId: 'p2#1', amount: '8.00' }]);
    expect(refund('9.00', emptyAccount())).toMatchObject([{ creditId: 'none' }]);
  });
});
