import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  balancesInMinorUnits,
  decide,
  findCredit,
  findTransfer,
  fold,
} from '../../../src/index.js';
import { violations } from '../../../src/testing/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
  transfer,
} from '../../support/account.js';

const settle = (id: string, amount: string, transferId = 't1') =>
  ask('SettleTransfer', id, { transferId, amount });
const reverse = (id: string, settlementId: string, more: object = {}) =>
  ask('ReverseSettlement', id, { settlementId, ...more });

const sent = accountAfter([assess('a', '6.00'), transfer('t1', 'a')]);

describe('reverseSettlement of a fee', () => {
  const settled = accountAfter([settle('s1', '4')], policy, sent);

  it('makes a settled amount pending again', () => {
    const command = reverse('r1', 's1', { externalReference: 'bounced 9', comment: 'Cheque bounced there' });
    expect(factsOf(decide(command, settled, policy))).toEqual([
      fact('SettlementReversed', {
        reversalId: 'r1',
        settlementId: 's1',
        transferId: 't1',
        amount: '4.00',
        externalReference: 'bounced 9',
        comment: 'Cheque bounced there',
      }),
    ]);
    const after = accountAfter([command], policy, settled);
    expect(balancesInMinorUnits(after)).toEqual(balancesInMinorUnits(sent));
    expect(feeNow(after, 'a')).toEqual(feeNow(sent, 'a'));
    expect(findTransfer(after, 't1')?.settled).toBe(0);
  });

  it('undoes a part, and then the rest', () => {
    const part = accountAfter([reverse('r1', 's1', { amount: '1.50' })], policy, settled);
    expect(balancesInMinorUnits(part).transferred).toBe(350);
    expect(refusalOf(decide(reverse('r2', 's1', { amount: '2.51' }), part, policy))).toEqual({
      type: 'ReversalExceedsSettlement',
      settlementId: 's1',
      amount: '2.51',
      reversible: '2.50',
    });
    const whole = accountAfter([reverse('r2', 's1')], policy, part);
    expect(balancesInMinorUnits(whole).transferred).toBe(600);
    expect(refusalOf(decide(reverse('r3', 's1'), whole, policy))).toEqual({
      type: 'AlreadyUndone',
      id: 's1',
    });
  });

  it('takes back no surplus whose credit was never issued, as in an unchecked history', () => {
    const [event] = acceptedEvents(decide(settle('s2', '3.00'), settled, policy));
    const account = fold([event as AccountEvent], settled);
    expect(event?.data).toMatchObject({ amount: '2.00', surplus: { amount: '1.00' } });
    expect(refusalOf(decide(reverse('r1', 's2', { amount: '2.01' }), account, policy))).toEqual({
      type: 'ReversalExceedsSettlement',
      settlementId: 's2',
      amount: '2.01',
      reversible: '2.00',
    });
    const whole = accountAfter([reverse('r1', 's2')], policy, account);
    expect(refusalOf(decide(reverse('r2', 's2'), whole, policy))).toEqual({
      type: 'AlreadyUndone',
      id: 's2',
    });
  });

  it('lets the transfer be settled or recalled again', () => {
    const after = accountAfter([reverse('r1', 's1')], policy, settled);
    expect(balancesInMinorUnits(accountAfter([settle('s2', '6')], policy, after)).transferred).toBe(0);
    const recalled = accountAfter([ask('RecallTransfer', 'b1', { transferId: 't1' })], policy, after);
    expect(feeNow(recalled, 'a').owed).toBe('6.00');
  });

  it('works beside a recall of the other part', () => {
    const recalled = accountAfter([ask('RecallTransfer', 'b1', { transferId: 't1' })], policy, settled);
    const after = accountAfter([reverse('r1', 's1')], policy, recalled);
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 200, transferred: 400 });
    expect(violations(after)).toEqual([]);
  });

  it('is refused for a settlement that does not exist', () => {
    expect(refusalOf(decide(reverse('r1', 't1'), settled, policy))).toEqual({
      type: 'SettlementNotFound',
      settlementId: 't1',
    });
  });

  it('works if the policy no longer has the types and destinations', () => {
    expect(decide(reverse('r1', 's1'), settled, forgetfulPolicy).accepted).toBe(true);
  });
});

describe('reverseSettlement of a credit', () => {
  it('makes the credit pending again', () => {
    const before = accountAfter([
      ask('IssueCredit', 'i1', { cause: 'imported', amount: '5.00' }),
      ask('TransferFees', 't1', { credits: [{ creditId: 'i1' }], expectsSettlement: true }),
    ]);
    const settled = accountAfter([settle('s1', '5')], policy, before);
    expect(creditNow(settled, 'i1').status).toBe('closed');
    const after = accountAfter([reverse('r1', 's1')], policy, settled);
    expect(balancesInMinorUnits(after)).toEqual(balancesInMinorUnits(before));
    expect(creditNow(after, 'i1').status).toBe('transferred');
  });
});

describe('reverseSettlement of a settlement with a surplus', () => {
  const above = accountAfter([settle('s1', '7.50')], policy, sent);
  const shortfallFee = { feeId: 'short', feeType: 'OTHER', owner: 'MAIN' };

  it('withdraws the surplus credit first, and then makes the rest pending', () => {
    expect(factsOf(decide(reverse('r1', 's1'), above, policy))).toEqual([
      fact('SettlementReversed', {
        reversalId: 'r1',
        settlementId: 's1',
        transferId: 't1',
        amount: '6.00',
        surplus: { creditId: 's1#1', amount: '1.50' },
      }),
    ]);
    const part = accountAfter([reverse('r1', 's1', { amount: '1' })], policy, above);
    expect(creditNow(part, 's1#1').unused).toBe('0.50');
    expect(balancesInMinorUnits(part).transferred).toBe(0);
    const more = accountAfter([reverse('r2', 's1', { amount: '2' })], policy, part);
    expect(creditNow(more, 's1#1').unused).toBe('0.00');
    expect(balancesInMinorUnits(more).transferred).toBe(150);
    expect(violations(more)).toEqual([]);
    const whole = accountAfter([reverse('r3', 's1')], policy, more);
    expect(balancesInMinorUnits(whole)).toEqual(balancesInMinorUnits(sent));
  });

  it('is refused while the credit is used, and works once the use is undone', () => {
    const used = accountAfter(
      [ask('RefundCredit', 'b1', { creditId: 's1#1', amount: '1', method: 'CASH' })],
      policy,
      above,
    );
    expect(refusalOf(decide(reverse('r1', 's1'), used, policy))).toEqual({
      type: 'CreditInUse',
      creditId: 's1#1',
      amount: '1.50',
      unused: '0.50',
    });
    expect(decide(reverse('r1', 's1', { amount: '0.50' }), used, policy).accepted).toBe(true);
    const undone = [ask('ReverseRefund', 'u1', { refundId: 'b1' }), reverse('r1', 's1')];
    expect(balancesInMinorUnits(accountAfter(undone, policy, used))).toEqual(balancesInMinorUnits(sent));
  });

  it('charges the used amount to the new fee named by the command', () => {
    const used = accountAfter(
      [ask('RefundCredit', 'b1', { creditId: 's1#1', amount: '1', method: 'CASH' })],
      policy,
      above,
    );
    const command = reverse('r1', 's1', { shortfallFee });
    expect(factsOf(decide(command, used, policy))).toEqual([
      fact('FeeAssessed', { feeId: 'short', feeType: 'OTHER', amount: '1.00', owner: 'MAIN' }),
      fact('SettlementReversed', {
        reversalId: 'r1',
        settlementId: 's1',
        transferId: 't1',
        amount: '6.00',
        surplus: { creditId: 's1#1', amount: '0.50' },
        shortfall: { feeId: 'short', amount: '1.00', creditId: 's1#1' },
      }),
    ]);
    const after = accountAfter([command], policy, used);
    expect(feeNow(after, 'short').owed).toBe('1.00');
    expect(violations(after)).toEqual([]);
    // The refund is undone: nothing is owed for it.
    const back = accountAfter([ask('ReverseRefund', 'u1', { refundId: 'b1' })], policy, after);
    expect(feeNow(back, 'short')).toMatchObject({ owed: '0.00', status: 'closed' });
    expect(balancesInMinorUnits(back).active).toBe(0);
    expect(violations(back)).toEqual([]);
  });

  it('does not name a surplus if all of the credit had been used', () => {
    const used = accountAfter(
      [ask('RefundCredit', 'b1', { creditId: 's1#1', method: 'CASH' })],
      policy,
      above,
    );
    const [, reversed] = factsOf(decide(reverse('r1', 's1', { shortfallFee }), used, policy));
    expect(reversed?.data).not.toHaveProperty('surplus');
    expect(reversed?.data).toHaveProperty('shortfall', { feeId: 'short', amount: '1.50', creditId: 's1#1' });
  });

  it.each([
    [{ feeId: 'a' }, 'IdAlreadyUsed'],
    [{ feeType: 'NOSUCHTYPE' }, 'FeeTypeUnknown'],
    [{ feeType: 'OLDFINE' }, 'FeeTypeRetired'],
  ])('is refused if the new fee cannot be charged: %j', (wrong, type) => {
    const used = accountAfter(
      [ask('RefundCredit', 'b1', { creditId: 's1#1', method: 'CASH' })],
      policy,
      above,
    );
    const command = reverse('r1', 's1', { shortfallFee: { ...shortfallFee, ...wrong } });
    expect(refusalOf(decide(command, used, policy)).type).toBe(type);
  });

  it('withdraws the cancelled part of the credit last', () => {
    const cancelled = accountAfter([ask('CancelCredit', 'k1', { creditId: 's1#1' })], policy, above);
    const [part] = factsOf(decide(reverse('r1', 's1', { amount: '6' }), cancelled, policy));
    expect(part?.data).toEqual({
      ...fact('SettlementReversed', {
        reversalId: 'r1',
        settlementId: 's1',
        transferId: 't1',
        amount: '6.00',
      }).data,
    });
    const [whole] = factsOf(decide(reverse('r1', 's1'), cancelled, policy));
    expect(whole?.data).toMatchObject({
      amount: '6.00',
      surplus: { creditId: 's1#1', amount: '0.00', cancelled: '1.50' },
    });
    const after = accountAfter([reverse('r1', 's1')], policy, cancelled);
    expect(findCredit(after, 's1#1')).toMatchObject({ cancelled: 0, withdrawn: 150 });
    expect(balancesInMinorUnits(after)).toEqual(balancesInMinorUnits(sent));
    expect(violations(after)).toEqual([]);
  });

  it('withdraws the cancelled part once the settled amount is pending again, in two steps', () => {
    const cancelled = accountAfter([ask('CancelCredit', 'k1', { creditId: 's1#1' })], policy, above);
    const begun = accountAfter([reverse('r1', 's1', { amount: '2' })], policy, cancelled);
    const [rest] = factsOf(decide(reverse('r2', 's1'), begun, policy));
    expect(rest?.data).toMatchObject({ amount: '4.00', surplus: { amount: '0.00', cancelled: '1.50' } });
  });

  it('withdraws the unused part of a credit and, once everything is pending again, the cancelled part', () => {
    const half = accountAfter([ask('CancelCredit', 'k1', { creditId: 's1#1', amount: '1' })], policy, above);
    const [whole] = factsOf(decide(reverse('r1', 's1'), half, policy));
    expect(whole?.data).toMatchObject({
      amount: '6.00',
      surplus: { creditId: 's1#1', amount: '0.50', cancelled: '1.00' },
    });
  });

  it('also withdraws a credit that was applied, once the application is undone', () => {
    const other = accountAfter(
      [assess('b', '1.00'), ask('ApplyCredit', 'x1', { creditId: 's1#1' })],
      policy,
      above,
    );
    expect(feeNow(other, 'b').owed).toBe('0.00');
    const charged = accountAfter([reverse('r1', 's1', { shortfallFee })], policy, other);
    expect(feeNow(charged, 'short').owed).toBe('1.00');
    const undone = accountAfter(
      [ask('ReverseCreditApplication', 'u1', { applicationId: 'x1' })],
      policy,
      charged,
    );
    expect(feeNow(undone, 'b').owed).toBe('1.00');
    expect(feeNow(undone, 'short').owed).toBe('0.00');
    expect(balancesInMinorUnits(undone).active).toBe(100);
  });

  it('leaves the same state as if the settlement had never been reported', () => {
    const events = acceptedEvents(
      decide(
        [
          assess('a', '6.00'),
          transfer('t1', 'a'),
          settle('s1', '7.50'),
          reverse('r1', 's1'),
          ask('RecallTransfer', 'b1', { transferId: 't1' }),
          pay('p1', '6.00'),
        ],
        fold([]),
        policy,
      ),
    );
    expect(balancesInMinorUnits(fold(events))).toMatchObject({ active: 0, transferred: 0, payable: 0 });
  });
});
