import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  type Command,
  decide,
  findCredit,
  findFee,
  type PatronAccount,
} from '../../../src/index.js';
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
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const cancel = (id: string, feeId: string, amount?: string) =>
  ask('CancelFee', id, amount === undefined ? { feeId } : { feeId, amount });
const cancelled = (amount: string) => fact('FeeCancelled', { cancellationId: 'x1', feeId: 'a', amount });
const credited = (creditId: string, amount: string, purpose: 'refundable' | 'external') =>
  fact('CreditIssued', { creditId, amount, cause: 'cancelled', purpose, feeId: 'a', owner: 'MAIN' });

/** Of 10.00, 3.00 was paid, 5.00 transferred; 2.00 is owed. */
const mixed = accountAfter([assess('a', '10'), pay('p1', '3'), transfer('t1', 'a', '5')]);

describe('cancelFee', () => {
  it('cancels a fee that was assessed in error', () => {
    const command = { ...cancel('x1', 'a'), reason: 'typing error', comment: 'not yours' };
    expect(factsOf(decide(command, accountAfter([assess('a', '10')]), policy))).toEqual([
      fact('FeeCancelled', {
        cancellationId: 'x1',
        feeId: 'a',
        amount: '10.00',
        reason: 'typing error',
        comment: 'not yours',
      }),
    ]);
    const after = accountAfter([assess('a', '10'), command]);
    expect(feeNow(after, 'a')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
  });

  it('cancels the owed amount, then gives back payments, then reverses the transferred amount', () => {
    expect(factsOf(decide(cancel('x1', 'a'), mixed, policy))).toEqual([
      cancelled('2.00'),
      credited('x1#1', '3.00', 'refundable'),
      credited('x1#2', '5.00', 'external'),
    ]);
  });

  it.each<[string, readonly object[]]>([
    ['1.00', [cancelled('1.00')]],
    ['2.00', [cancelled('2.00')]],
    ['2.01', [cancelled('2.00'), credited('x1#1', '0.01', 'refundable')]],
    [
      '6.00',
      [cancelled('2.00'), credited('x1#1', '3.00', 'refundable'), credited('x1#2', '1.00', 'external')],
    ],
  ])('cancels an amount in that order: %s', (amount, facts) => {
    expect(factsOf(decide(cancel('x1', 'a', amount), mixed, policy))).toEqual(facts);
  });

  it('keeps reason and comments on the credits it issues', () => {
    const why = { reason: 'error', comment: 'not yours', staffNote: 'see ticket' };
    const facts = factsOf(decide({ ...cancel('x1', 'a'), ...why }, mixed, policy));
    expect(facts.map(({ data }) => data)).toMatchObject([why, why, why]);
  });

  it('cancels zero if everything was paid or transferred', () => {
    const paid = accountAfter([assess('a', '10'), pay('p1', '10')]);
    expect(factsOf(decide(cancel('x1', 'a'), paid, policy))).toEqual([
      cancelled('0.00'),
      credited('x1#1', '10.00', 'refundable'),
    ]);
    const sent = accountAfter([assess('a', '10'), transfer('t1', 'a')]);
    expect(factsOf(decide(cancel('x1', 'a'), sent, policy))).toEqual([
      cancelled('0.00'),
      credited('x1#1', '10.00', 'external'),
    ]);
  });

  it('gives back money as a refundable credit, goodwill as goodwill, and nothing for a waived amount', () => {
    const account = accountAfter([
      assess('a', '10'),
      ask('IssueCredit', 'g1', { cause: 'manual', reason: 'GOODWILL', amount: '4' }),
      ask('ApplyCredit', 'y1', { creditId: 'g1' }),
      ask('IssueCredit', 'i1', { cause: 'imported', amount: '1' }),
      ask('ApplyCredit', 'y2', { creditId: 'i1' }),
      waive('w1', 'a'),
    ]);
    expect(factsOf(decide(cancel('x1', 'a'), account, policy))).toEqual([
      fact('CreditApplicationReversed', {
        reversalId: 'x1',
        applicationId: 'y1',
        creditId: 'g1',
        allocations: [{ feeId: 'a', amount: '4.00' }],
      }),
      fact('WaiverReversed', { reversalId: 'x1#1', waiverId: 'w1', feeId: 'a', amount: '5.00' }),
      fact('FeeCancelled', { cancellationId: 'x1#2', feeId: 'a', amount: '9.00' }),
      credited('x1#3', '1.00', 'refundable'),
    ]);
  });

  it.each<[string, readonly Command[]]>([
    ['is owed', [waive('w1', 'a', '20')]],
    ['was paid', [pay('p1', '40'), waive('w1', 'a')]],
  ])(
    'applies reserved credits if the whole fee is cancelled, so that both rows close: the rest %s',
    (_, before) => {
      const account = accountAfter([assessLost('a', '60'), ...before, cancel('x1', 'a')]);
      expect(feeNow(account, 'a')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
      expect(creditNow(account, 'w1')).toEqual({ purpose: 'setOff', unused: '0.00', status: 'closed' });
    },
  );

  it('gives back used goodwill once, without the part that was undone already', () => {
    const account = accountAfter([
      assess('a', '10'),
      ask('IssueCredit', 'g', { amount: '3', cause: 'manual', reason: 'GOODWILL' }),
      ask('ApplyCredit', 'u1', { creditId: 'g' }),
      ask('ReverseCreditApplication', 'v1', { applicationId: 'u1' }),
      ask('ApplyCredit', 'u2', { creditId: 'g', amount: '2' }),
    ]);
    expect(factsOf(decide(cancel('x1', 'a'), account, policy))).toEqual([
      fact('CreditApplicationReversed', {
        ...{ reversalId: 'x1', applicationId: 'u2', creditId: 'g' },
        allocations: [{ feeId: 'a', amount: '2.00' }],
      }),
      fact('FeeCancelled', { cancellationId: 'x1#1', feeId: 'a', amount: '10.00' }),
    ]);
  });

  it('keeps reserved credits unused if part of the money is given back', () => {
    const account = accountAfter([
      assessLost('a', '60'),
      pay('p1', '40'),
      waive('w1', 'a'),
      cancel('x1', 'a', '39'),
    ]);
    expect(feeNow(account, 'a')).toEqual({ remaining: '20.00', owed: '0.00', status: 'active' });
  });

  it('cancels a disputed fee', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' }), cancel('x1', 'a')], policy, mixed);
    expect(balancesInMinorUnits(account)).toMatchObject({ disputed: 0, owed: 0 });
  });

  it('becomes owed again only if the issued credit is undone', () => {
    const account = accountAfter(
      [cancel('x1', 'a'), ask('ReversePayment', 'r1', { paymentId: 'p1' })],
      policy,
      mixed,
    );
    expect(feeNow(account, 'a').owed).toBe('0.00');
    const refunded = accountAfter(
      [
        cancel('x1', 'a'),
        ask('RefundCredit', 'c1', { creditId: 'x1#1', method: 'CASH' }),
        ask('ReversePayment', 'r1', { paymentId: 'p1' }),
      ],
      policy,
      mixed,
    );
    expect(feeNow(refunded, 'a').owed).toBe('3.00');
  });

  it('can be repeated after the issued credit is cancelled', () => {
    const account = accountAfter(
      [cancel('x0', 'a'), ask('CancelCredit', 'k1', { creditId: 'x0#1' })],
      policy,
      mixed,
    );
    expect(findFee(account, 'a')?.givenBack).toBe(0);
    expect(factsOf(decide(cancel('x1', 'a'), account, policy))).toEqual([
      cancelled('0.00'),
      credited('x1#1', '3.00', 'refundable'),
    ]);
  });

  it('works if the policy no longer has the type', () => {
    expect(decide(cancel('x1', 'a'), mixed, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances from before the fee was assessed (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('AssessFee', ['assess', 'assessLost'], ({ id }) => [cancel('undo', id)]);
  });
});

describe('a fee that is cancelled in full', () => {
  const unwaived = (account: PatronAccount) =>
    refusalOf(decide(ask('ReverseWaiver', 'u1', { waiverId: 'w1' }), account, policy));

  it('turns its waiver into a cancellation, so that undoing the waiver never charges the patron again', () => {
    const account = accountAfter([assess('a', '10'), waive('w1', 'a'), cancel('x1', 'a')]);
    expect(findFee(account, 'a')).toMatchObject({ waived: 0, cancelled: 1_000 });
    expect(unwaived(account)).toMatchObject({ type: 'AlreadyUndone' });
  });

  it.each([
    ['unused', []],
    ['used', [ask('ApplyCredit', 'y1', { creditId: 'w1' })]],
    [
      'used twice',
      [
        ask('ApplyCredit', 'y1', { creditId: 'w1', amount: '4' }),
        ask('ApplyCredit', 'y2', { creditId: 'w1' }),
      ],
    ],
  ] as const)("withdraws the credit of a lost item's waiver, %s", (_name, uses) => {
    const account = accountAfter([assessLost('a', '60'), waive('w1', 'a', '20'), ...uses, cancel('x1', 'a')]);
    expect(findFee(account, 'a')).toMatchObject({
      cancelled: 6_000,
      reserved: 0,
      settledByCredit: { setOff: 0 },
    });
    expect(findCredit(account, 'w1')).toMatchObject({ cancelled: 2_000, applied: 0 });
    expect(unwaived(account)).toMatchObject({ type: 'AlreadyUndone' });
  });

  it.each([
    ['a fee', assess('a', '60')],
    ['a lost item', assessLost('a', '60')],
  ])(
    'replaces the external credit of a waiver of %s with its own, except for what was sent',
    (_name, fee) => {
      const sent = ask('TransferFees', 't2', { credits: [{ creditId: 'w1', amount: '5' }] });
      const account = accountAfter([
        fee,
        transfer('t1', 'a'),
        waive('w1', 'a', '20'),
        sent,
        cancel('x1', 'a'),
      ]);
      expect(findCredit(account, 'w1')).toMatchObject({ transferred: 500, cancelled: 1_500, amount: 2_000 });
      const issued = account.credits
        .slice(1)
        .map(({ cause, purpose, amount }) => ({ cause, purpose, amount }));
      expect(issued).toEqual([{ cause: 'cancelled', purpose: 'external', amount: 5_500 }]);
      expect(findFee(account, 'a')).toMatchObject({ transferred: 6_000, transferReversed: 6_000 });
    },
  );

  it('does not touch the part of a waiver that a recall used up', () => {
    const recall = ask('RecallTransfer', 'k1', { transferId: 't1', amount: '20' });
    const account = accountAfter([
      assess('a', '60'),
      transfer('t1', 'a'),
      waive('w1', 'a'),
      recall,
      cancel('x1', 'a'),
    ]);
    expect(findCredit(account, 'w1')).toMatchObject({ applied: 2_000, cancelled: 4_000 });
  });

  it('is one cancelled without an amount: an amount cancels only that, and leaves goodwill and waivers', () => {
    const account = accountAfter([
      assess('a', '60'),
      ask('IssueCredit', 'g1', { cause: 'manual', reason: 'GOODWILL', amount: '10' }),
      ask('ApplyCredit', 'y1', { creditId: 'g1' }),
    ]);
    expect(factsOf(decide(cancel('x1', 'a', '50'), account, policy))).toEqual([cancelled('50.00')]);
    const waived = accountAfter([assess('a', '60'), waive('w1', 'a', '10')]);
    expect(factsOf(decide(cancel('x1', 'a', '50'), waived, policy))).toEqual([cancelled('50.00')]);
    expect(refusalOf(decide(cancel('x1', 'a', '60'), waived, policy))).toMatchObject({
      type: 'CancellationExceedsFee',
      cancellable: '50.00',
    });
  });

  it('applies reserved credits if an amount reduces what is owed to zero', () => {
    const account = accountAfter([assessLost('a', '60'), waive('w1', 'a', '20'), cancel('x1', 'a', '40')]);
    expect(feeNow(account, 'a')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
    expect(creditNow(account, 'w1').unused).toBe('0.00');
  });
});

describe('money that was handed out', () => {
  const refunded = (creditId: string) => ask('RefundCredit', 'c1', { creditId, method: 'CASH' });
  const bounced = ask('ReversePayment', 'r1', { paymentId: 'p1' });
  /** Of 10.00, `cancelled` was paid back in cash, then the cheque bounced. */
  const handedOut = (amount: string) =>
    accountAfter([assess('a', '10'), pay('p1', '10'), cancel('x0', 'a', amount), refunded('x0#1'), bounced]);
  const nothing = { type: 'NothingToCancel', feeId: 'a' };

  it('is owed but not a charge: it can be paid or waived, not cancelled', () => {
    const account = handedOut('10');
    expect(feeNow(account, 'a').owed).toBe('10.00');
    for (const amount of [undefined, '10', '0.01'])
      expect(refusalOf(decide(cancel('x1', 'a', amount), account, policy))).toEqual(nothing);
    for (const command of [pay('p2', '10'), waive('w1', 'a')])
      expect(feeNow(accountAfter([command], policy, account), 'a').owed).toBe('0.00');
  });

  it('stays owed where the rest of the fee is cancelled', () => {
    const account = handedOut('4');
    expect(refusalOf(decide(cancel('x1', 'a', '6.01'), account, policy))).toMatchObject({
      type: 'CancellationExceedsFee',
      cancellable: '6.00',
    });
    const after = accountAfter([cancel('x1', 'a')], policy, account);
    expect(findFee(after, 'a')).toMatchObject({ cancelled: 600 });
    expect(feeNow(after, 'a').owed).toBe('4.00');
    expect(refusalOf(decide(cancel('x2', 'a'), after, policy))).toEqual(nothing);
  });

  it('is not a charge at an external system either: the patron owes it there', () => {
    const account = accountAfter([transfer('t1', 'a', '7')], policy, handedOut('4'));
    const after = accountAfter([cancel('x1', 'a')], policy, account);
    expect(factsOf(decide(cancel('x1', 'a'), account, policy))).toEqual([
      cancelled('0.00'),
      credited('x1#1', '6.00', 'external'),
    ]);
    expect(findFee(after, 'a')).toMatchObject({ transferred: 700, transferReversed: 600 });
    expect(feeNow(after, 'a').owed).toBe('3.00');
  });

  it('is not a charge of a fee for a shortfall either', () => {
    const account = accountAfter([
      assess('a', '10'),
      pay('p1', '14', { overpayment: 'credit' }),
      ask('RefundCredit', 'c1', { creditId: 'p1#1', method: 'CASH' }),
      ask('ReversePayment', 'r1', {
        paymentId: 'p1',
        shortfallFee: { feeId: 'short', feeType: 'OVERDUEFINE', owner: 'MAIN' },
      }),
    ]);
    expect(feeNow(account, 'short').owed).toBe('4.00');
    expect(refusalOf(decide(cancel('x1', 'short'), account, policy))).toEqual({ ...nothing, feeId: 'short' });
  });

  it('keeps the goodwill that covers it, but not goodwill beside what is owed of it', () => {
    const goodwill = [
      ask('IssueCredit', 'g1', { cause: 'manual', reason: 'GOODWILL', amount: '3' }),
      ask('ApplyCredit', 'y1', { creditId: 'g1' }),
    ];
    const covered = accountAfter(goodwill, policy, handedOut('10'));
    expect(refusalOf(decide(cancel('x1', 'a'), covered, policy))).toEqual(nothing);
    const beside = accountAfter([...goodwill, cancel('x1', 'a')], policy, handedOut('7'));
    expect(creditNow(beside, 'g1').unused).toBe('3.00');
    expect(findFee(beside, 'a')).toMatchObject({ cancelled: 300 });
    expect(feeNow(beside, 'a').owed).toBe('7.00');
  });

  it('keeps the waivers that cover it where a transferred part is cancelled', () => {
    const account = accountAfter([transfer('t1', 'a', '7'), waive('w1', 'a', '3')], policy, handedOut('6'));
    expect(factsOf(decide(cancel('x1', 'a'), account, policy))).toEqual([
      cancelled('0.00'),
      credited('x1#1', '1.00', 'external'),
    ]);
  });

  it('keeps the waivers that cover it: undone, the patron would owe it again', () => {
    const returned = ask('ReturnLostItem', 'b1', { feeIds: ['a'] });
    const account = accountAfter([
      assessLost('a', '10', 'LOST50'),
      pay('p1', '10'),
      returned,
      refunded('b1#1'),
      bounced,
      waive('w1', 'a'),
    ]);
    expect(feeNow(account, 'a').owed).toBe('0.00');
    expect(refusalOf(decide(cancel('x1', 'a'), account, policy))).toEqual(nothing);
  });
});

describe('cancelFee is refused', () => {
  it('if there is nothing to cancel: everything was given back or cancelled, or waived and sent', () => {
    const waived = accountAfter([
      assess('a', '10'),
      transfer('t1', 'a'),
      waive('w1', 'a'),
      ask('TransferFees', 't2', { credits: [{ creditId: 'w1' }] }),
    ]);
    const cancelledBefore = accountAfter([cancel('x0', 'a')], policy, mixed);
    for (const account of [waived, cancelledBefore]) {
      expect(refusalOf(decide(cancel('x1', 'a'), account, policy))).toEqual({
        type: 'NothingToCancel',
        feeId: 'a',
      });
    }
  });

  it('above the amount that can be cancelled', () => {
    const account = accountAfter([assess('a', '10'), pay('p1', '3'), waive('w1', 'a', '2')]);
    expect(refusalOf(decide(cancel('x1', 'a', '8.01'), account, policy))).toEqual({
      type: 'CancellationExceedsFee',
      feeId: 'a',
      amount: '8.01',
      cancellable: '8.00',
    });
  });

  it('for a fee that does not exist', () => {
    expect(refusalOf(decide(cancel('x1', 'x'), mixed, policy))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
  });
});
