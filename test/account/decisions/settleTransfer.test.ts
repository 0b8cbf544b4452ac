import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  policy,
  refusalOf,
  transfer,
} from '../../support/account.js';

const settle = (id: string, amount: string, more = {}) =>
  ask('SettleTransfer', id, { transferId: 't1', amount, ...more });

describe('settleTransfer of a fee', () => {
  const sent = accountAfter([assess('a', '6.00'), transfer('t1', 'a')]);

  it('records a payment reported by the external system', () => {
    const command = settle('s1', '4', { externalReference: 'receipt 9', comment: 'first part' });
    expect(factsOf(decide(command, sent, policy))).toEqual([
      fact('TransferSettled', {
        settlementId: 's1',
        transferId: 't1',
        amount: '4.00',
        externalReference: 'receipt 9',
        comment: 'first part',
      }),
    ]);
    const after = accountAfter([command], policy, sent);
    expect(feeNow(after, 'a').status).toBe('transferred');
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 0, transferred: 200 });
  });

  it('closes the fee if all is settled', () => {
    expect(feeNow(accountAfter([settle('s1', '4'), settle('s2', '2')], policy, sent), 'a').status).toBe(
      'closed',
    );
  });

  it('issues a refundable credit, not linked to a fee, for the surplus over the pending amount', () => {
    expect(factsOf(decide(settle('s1', '7.50', { comment: 'rounded up' }), sent, policy))).toEqual([
      fact('TransferSettled', {
        settlementId: 's1',
        transferId: 't1',
        amount: '6.00',
        surplus: { creditId: 's1#1', amount: '1.50' },
        comment: 'rounded up',
      }),
      fact('CreditIssued', {
        creditId: 's1#1',
        amount: '1.50',
        cause: 'settlement',
        purpose: 'refundable',
        owner: 'MAIN',
        comment: 'rounded up',
      }),
    ]);
    const after = accountAfter([settle('s1', '7.50')], policy, sent);
    expect(creditNow(after, 's1#1')).toEqual({ purpose: 'refundable', unused: '1.50', status: 'active' });
    expect(feeNow(after, 'a').status).toBe('closed');
  });

  it('assigns the surplus to the owner of the transferred fee', () => {
    const account = accountAfter([
      assess('first', '1.00'),
      assess('a', '6.00', { owner: 'LAW' }),
      transfer('t1', 'a'),
    ]);
    expect(factsOf(decide(settle('s1', '7.50'), account, policy))[1]).toMatchObject({
      type: 'CreditIssued',
      data: { owner: 'LAW', amount: '1.50' },
    });
  });

  it('is refused for a transfer that does not exist', () => {
    const command = ask('SettleTransfer', 's1', { transferId: 'a', amount: '1' });
    expect(refusalOf(decide(command, sent, policy))).toEqual({ type: 'TransferNotFound', transferId: 'a' });
  });

  it('is refused if nothing is pending: settled, recalled, or no settlement expected', () => {
    const settled = accountAfter([settle('s1', '6')], policy, sent);
    const recalled = accountAfter([ask('RecallTransfer', 'b1', { transferId: 't1' })], policy, sent);
    const final = accountAfter([
      assess('a', '6.00'),
      ask('TransferFees', 't1', { fees: [{ feeId: 'a' }], expectsSettlement: false }),
    ]);
    for (const account of [settled, recalled, final]) {
      expect(refusalOf(decide(settle('s2', '1'), account, policy))).toEqual({
        type: 'TransferNotPending',
        transferId: 't1',
      });
    }
  });

  it('works if the policy no longer has the types and destinations', () => {
    expect(decide(settle('s1', '7'), sent, forgetfulPolicy).accepted).toBe(true);
  });
});

describe('settleTransfer of a credit', () => {
  const sent = accountAfter([
    ask('IssueCredit', 'i1', { cause: 'imported', amount: '5.00' }),
    ask('TransferFees', 't1', { credits: [{ creditId: 'i1' }], expectsSettlement: true }),
  ]);

  it('closes the credit', () => {
    expect(factsOf(decide(settle('s1', '5'), sent, policy))).toEqual([
      fact('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '5.00' }),
    ]);
    const after = accountAfter([settle('s1', '5')], policy, sent);
    expect(creditNow(after, 'i1').status).toBe('closed');
    expect(balancesInMinorUnits(after).transferred).toBe(0);
  });

  it('is refused above the pending amount', () => {
    const account = accountAfter([settle('s1', '2')], policy, sent);
    expect(refusalOf(decide(settle('s2', '3.01'), account, policy))).toEqual({
      type: 'SettlementExceedsPending',
      transferId: 't1',
      amount: '3.01',
      pending: '3.00',
    });
  });
});
