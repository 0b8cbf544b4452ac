import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';

const reason = 'OTHER';
const waived = (waiverId: string, feeId: string, amount: string) =>
  fact('FeeWaived', { waiverId, feeId, amount, reason });

describe('waiveFees', () => {
  const two = accountAfter([assess('a', '6.00'), assess('b', '9.00')]);

  it('waives one fee in full', () => {
    expect(factsOf(decide(waive('w1', 'a'), two, policy))).toEqual([waived('w1', 'a', '6.00')]);
    expect(feeNow(accountAfter([waive('w1', 'a')], policy, two), 'a')).toEqual({
      remaining: '0.00',
      owed: '0.00',
      status: 'closed',
    });
  });

  it('waives many fees at once, each in full or in part ("Waive Selected")', () => {
    const why = {
      reason: 'STAFF_ERROR',
      comment: 'our mistake',
      staffNote: 'see ticket',
      by: { channel: 'desk', userId: 'clerk' },
    } as const;
    const fees = [{ feeId: 'b', amount: '2.5' }, { feeId: 'a' }];
    const selected = ask('WaiveFees', 'w1', { fees, ...why });
    expect(factsOf(decide(selected, two, policy))).toEqual([
      fact('FeeWaived', { waiverId: 'w1', feeId: 'b', amount: '2.50', ...why }),
      fact('FeeWaived', { waiverId: 'w1#1', feeId: 'a', amount: '6.00', ...why }),
    ]);
  });

  it('records a write-off for a reason of that kind, and for no other', () => {
    const reasons = { BADDEBT: { label: 'Bad debt', kind: 'writeOff' }, OTHER: 'Other' } as const;
    const rules = policyWith({ waiveReasons: reasons });
    const given = (why: string) => factsOf(decide({ ...waive('w1', 'a'), reason: why }, two, rules))[0]?.data;
    expect(given('BADDEBT')).toHaveProperty('writeOff', true);
    expect(given('OTHER')).not.toHaveProperty('writeOff');
  });

  it('waives the rest after a part payment', () => {
    const account = accountAfter([pay('p1', '4.00', { feeIds: ['a'] })], policy, two);
    expect(factsOf(decide(waive('w1', 'a'), account, policy))).toEqual([waived('w1', 'a', '2.00')]);
  });

  it('waives a disputed fee, and the disputed balance falls', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' })], policy, two);
    const after = accountAfter([waive('w1', 'a', '4.00')], policy, account);
    expect([balancesInMinorUnits(account).disputed, balancesInMinorUnits(after).disputed]).toEqual([
      600, 200,
    ]);
    expect(balancesInMinorUnits(after).active).toBe(900);
  });

  it.each(['NOSUCHREASON', 'constructor', '__proto__'])(
    'is refused if the reason is unknown: %s',
    (other) => {
      expect(refusalOf(decide({ ...waive('w1', 'a'), reason: other }, two, policy))).toEqual({
        type: 'ReasonUnknown',
        known: expect.anything(),
        list: 'waiveReasons',
        reason: other,
      });
    },
  );

  it('is refused if the type is not waiveable', () => {
    const account = accountAfter([assess('t', '1.00', { feeType: 'TAX' })]);
    expect(refusalOf(decide(waive('w1', 't'), account, policy))).toEqual({
      type: 'FeeTypeNotWaiveable',
      feeId: 't',
      feeType: 'TAX',
    });
  });

  it('is refused if the policy no longer has the type', () => {
    const command = { ...waive('w1', 'a'), reason: 'NEW' };
    expect(refusalOf(decide(command, two, forgetfulPolicy))).toEqual({
      type: 'FeeTypeUnknown',
      known: expect.anything(),
      feeType: 'OVERDUEFINE',
    });
  });

  it('waives a fee of a type that has since been retired', () => {
    const retired = policyWith({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine', retired: true } } });
    expect(factsOf(decide(waive('w1', 'a'), two, retired))).toEqual([waived('w1', 'a', '6.00')]);
  });

  it('is refused above the owed amount', () => {
    expect(refusalOf(decide(waive('w1', 'a', '6.01'), two, policy))).toEqual({
      type: 'WaiverExceedsOwed',
      feeId: 'a',
      amount: '6.01',
      owed: '6.00',
    });
  });

  it('is refused for a fee that does not exist', () => {
    expect(refusalOf(decide(waive('w1', 'x'), two, policy))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
  });

  it('is refused if nothing is owed and nothing was transferred', () => {
    const account = accountAfter([pay('p1', '6.00', { feeIds: ['a'] })], policy, two);
    expect(refusalOf(decide(waive('w1', 'a'), account, policy))).toEqual({ type: 'NothingOwed', feeId: 'a' });
  });

  it('is refused as a whole if one of the fees cannot be waived', () => {
    const command = ask('WaiveFees', 'w1', {
      fees: [{ feeId: 'a' }, { feeId: 'b', amount: '9.01' }],
      reason,
    });
    expect(refusalOf(decide(command, two, policy))).toMatchObject({ type: 'WaiverExceedsOwed', feeId: 'b' });
  });
});

describe('waiveFees on a lost-item type', () => {
  const lost = accountAfter([assessLost('lost', '60.00')]);
  const setOff = (creditId: string, amount: string) =>
    fact('LostItemCreditIssued', {
      creditId,
      feeId: 'lost',
      amount,
      cause: 'waived',
      purpose: 'setOff',
      reason,
    });

  it('does not reduce the remaining amount: the waived amount shows as a credit', () => {
    expect(factsOf(decide(waive('w1', 'lost', '20.00'), lost, policy))).toEqual([setOff('w1', '20.00')]);
    const after = accountAfter([waive('w1', 'lost', '20.00')], policy, lost);
    expect(feeNow(after, 'lost')).toEqual({ remaining: '60.00', owed: '40.00', status: 'active' });
    expect(creditNow(after, 'w1')).toEqual({ purpose: 'setOff', unused: '20.00', status: 'active' });
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 4000, payable: 4000, owed: 4000 });
  });

  it('keeps fee and credit open if all of it is waived', () => {
    const after = accountAfter([waive('w1', 'lost', '20.00'), waive('w2', 'lost')], policy, lost);
    expect(feeNow(after, 'lost')).toEqual({ remaining: '60.00', owed: '0.00', status: 'active' });
    expect(creditNow(after, 'w2')).toEqual({ purpose: 'setOff', unused: '40.00', status: 'active' });
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 0, owed: 0 });
  });

  it('counts earlier waivers, and is refused above the owed amount', () => {
    const before = accountAfter([waive('w1', 'lost', '20.00')], policy, lost);
    expect(refusalOf(decide(waive('w2', 'lost', '40.01'), before, policy))).toEqual({
      type: 'WaiverExceedsOwed',
      feeId: 'lost',
      amount: '40.01',
      owed: '40.00',
    });
  });

  it('shows the credit as disputed while the fee is: the disputed balance falls', () => {
    const before = accountAfter([ask('DisputeFee', 'd1', { feeId: 'lost' })], policy, lost);
    const after = accountAfter([waive('w1', 'lost', '20.00')], policy, before);
    expect(creditNow(after, 'w1').status).toBe('disputed');
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 0, disputed: 4000 });
  });

  it('uses the kind of fee recorded at its charge, whatever the policy says now', () => {
    const changed = policyWith({ feeTypes: { LOST100: { label: 'Lost item', lostItem: false } } });
    expect(factsOf(decide(waive('w1', 'lost', '20.00'), lost, changed))).toEqual([setOff('w1', '20.00')]);
  });
});

describe('waiveFees if nothing is owed', () => {
  const sent = accountAfter([assess('a', '6.00'), transfer('t1', 'a')]);
  const sentLost = accountAfter([assessLost('lost', '60.00'), transfer('t1', 'lost')]);

  it('issues an external credit for the transferred amount', () => {
    expect(factsOf(decide(waive('w1', 'a', '4.00'), sent, policy))).toEqual([
      fact('CreditIssued', {
        creditId: 'w1',
        feeId: 'a',
        amount: '4.00',
        cause: 'waived',
        purpose: 'external',
        owner: 'MAIN',
        reason,
      }),
    ]);
    expect(creditNow(accountAfter([waive('w1', 'a', '4.00')], policy, sent), 'w1')).toEqual({
      purpose: 'external',
      unused: '4.00',
      status: 'active',
    });
  });

  it('issues a LostItemCreditIssued on a lost-item type', () => {
    expect(factsOf(decide(waive('w1', 'lost'), sentLost, policy))).toEqual([
      fact('LostItemCreditIssued', {
        creditId: 'w1',
        feeId: 'lost',
        amount: '60.00',
        cause: 'waived',
        purpose: 'external',
        reason,
      }),
    ]);
  });

  it('waives the amount that is transferred and not yet reversed', () => {
    const before = accountAfter([waive('w1', 'a', '4.00')], policy, sent);
    expect(factsOf(decide(waive('w2', 'a'), before, policy))).toMatchObject([{ data: { amount: '2.00' } }]);
    expect(refusalOf(decide(waive('w2', 'a', '2.01'), before, policy))).toEqual({
      type: 'WaiverExceedsOwed',
      feeId: 'a',
      amount: '2.01',
      owed: '2.00',
    });
    const whole = accountAfter([waive('w2', 'a')], policy, before);
    expect(refusalOf(decide(waive('w3', 'a'), whole, policy))).toEqual({ type: 'NothingOwed', feeId: 'a' });
  });

  const settle = (id: string, amount: string) => ask('SettleTransfer', id, { transferId: 't1', amount });

  it('does not waive what was paid there: a waiver would become money', () => {
    const partly = accountAfter([settle('s1', '4.00')], policy, sent);
    expect(factsOf(decide(waive('w1', 'a'), partly, policy))).toMatchObject([{ data: { amount: '2.00' } }]);
    expect(refusalOf(decide(waive('w1', 'a', '2.01'), partly, policy))).toMatchObject({
      type: 'WaiverExceedsOwed',
      owed: '2.00',
    });
    const nothing = { type: 'NothingOwed', feeId: 'a' };
    const paid = accountAfter([settle('s2', '2.00')], policy, partly);
    expect(refusalOf(decide(waive('w1', 'a'), paid, policy))).toEqual(nothing);
    const undone = accountAfter([ask('ReverseSettlement', 'v1', { settlementId: 's2' })], policy, paid);
    expect(factsOf(decide(waive('w1', 'a'), undone, policy))).toMatchObject([{ data: { amount: '2.00' } }]);
  });

  it.each([
    ['unsent', []],
    ['sent', [ask('TransferFees', 't2', { credits: [{ creditId: 'w1' }], expectsSettlement: true })]],
    [
      'settled',
      [
        ask('TransferFees', 't2', { credits: [{ creditId: 'w1' }], expectsSettlement: true }),
        ask('SettleTransfer', 's2', { transferId: 't2', amount: '2.00' }),
      ],
    ],
  ])('leaves out external credits, %s', (_, more) => {
    const account = accountAfter([settle('s1', '4.00'), waive('w1', 'a'), ...more], policy, sent);
    expect(refusalOf(decide(waive('w2', 'a'), account, policy))).toEqual({ type: 'NothingOwed', feeId: 'a' });
  });

  it('stays whole if a payment is reported later, as a waiver before a payment here does', () => {
    const account = accountAfter([waive('w1', 'a'), settle('s1', '4.00')], policy, sent);
    expect(creditNow(account, 'w1').unused).toBe('6.00');
    expect(refusalOf(decide(waive('w2', 'a'), account, policy))).toEqual({ type: 'NothingOwed', feeId: 'a' });
  });

  it('does not touch the transferred amount while anything is owed', () => {
    const partly = accountAfter([assess('a', '6.00'), transfer('t1', 'a', '4.00')]);
    expect(factsOf(decide(waive('w1', 'a'), partly, policy))).toEqual([waived('w1', 'a', '2.00')]);
  });

  it('never becomes money: the external credit can be neither refunded nor applied', () => {
    const account = accountAfter([waive('w1', 'a'), assess('b', '1.00')], policy, sent);
    const refusal = { type: 'CreditPurposeForbids', creditId: 'w1', purpose: 'external' };
    const refund = ask('RefundCredit', 'r1', { creditId: 'w1', method: 'CASH' });
    expect(refusalOf(decide(refund, account, policy))).toEqual(refusal);
    expect(refusalOf(decide(ask('ApplyCredit', 'x1', { creditId: 'w1' }), account, policy))).toEqual(refusal);
  });
});
