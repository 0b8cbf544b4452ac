import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  type Command,
  findFee,
  formatAmount,
  type PatronAccount,
} from '../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  feeNow,
  pay,
  policyWith,
  transfer,
  waive,
} from '../support/account.js';

// Something is undone after it had consequences: each story must end as it would in the other order.

const all = policyWith({ unpaidOnReturn: 'all' });
const overpay = (id: string, amount: string) => pay(id, amount, { method: 'CHECK', overpayment: 'credit' });
const returned = ask('ReturnLostItem', 'r', { loanId: 'loan' });
const bounced = ask('ReversePayment', 'bounce', { paymentId: 'p' });
const bouncedWithFee = ask('ReversePayment', 'bounce', {
  paymentId: 'p',
  shortfallFee: { feeId: 's', feeType: 'OTHER', owner: 'MAIN' },
});
const unwaived = (waiverId: string) => ask('ReverseWaiver', `un${waiverId}`, { waiverId });
const goodwill = (amount: string) => ask('IssueCredit', 'g', { amount, cause: 'manual', reason: 'GOODWILL' });
const applied = (creditId: string, feeId: string, amount?: string) =>
  ask('ApplyCredit', 'a', { creditId, feeIds: [feeId], ...(amount === undefined ? {} : { amount }) });
const unapplied = ask('ReverseCreditApplication', 'una', { applicationId: 'a' });
const recalled = ask('RecallTransfer', 'rc', { transferId: 't' });
const refunded = (creditId: string, amount?: string) =>
  ask('RefundCredit', 'rf', { creditId, method: 'CASH', ...(amount === undefined ? {} : { amount }) });

/** The owed amount, the open credits, and the amount still in the external system. */
function figures(account: PatronAccount) {
  const { active, disputed, owed } = balancesInMinorUnits(account);
  const outside = account.fees.reduce((sum, fee) => sum + fee.transferred - fee.transferReversed, 0);
  const shown = (minor: number) => formatAmount(Math.abs(minor), 2);
  return {
    owed: shown(owed),
    credit: shown(owed - active - disputed),
    outside: shown(outside),
  };
}

function figuresAfter(...commands: readonly Command[]) {
  return figures(accountAfter(commands));
}

describe('figure 1: a payment is reversed after its overpayment credit was cancelled', () => {
  it('the whole payment is reversed, and nothing remains owed for it', () => {
    const cancelled = ask('CancelCredit', 'x', { creditId: 'p#1' });
    expect(figuresAfter(overpay('p', '10'), cancelled, bounced)).toEqual({
      owed: '0.00',
      credit: '0.00',
      outside: '0.00',
    });
  });

  it('reopens the fee first: 60 are owed of a cheque of 100 whose credit of 40 was cancelled', () => {
    const story = [assess('f', '60'), overpay('p', '100'), ask('CancelCredit', 'x', { creditId: 'p#1' })];
    const partly = accountAfter([...story, { ...bounced, amount: '60' }]);
    expect(feeNow(partly, 'f').owed).toBe('60.00');
    expect(partly.credits[0]).toMatchObject({ cancelled: 4000, withdrawn: 0 });
    const whole = accountAfter([{ ...bounced, id: 'rest' }], undefined, partly);
    expect(feeNow(whole, 'f').owed).toBe('60.00');
    expect(whole.credits[0]).toMatchObject({ cancelled: 0, withdrawn: 4000 });
  });
});

describe('figure 2: a waiver is undone after the item came back', () => {
  it('it costs nothing at 100 percent, as in the other order', () => {
    const fee = assessLost('f', '60');
    const expected = { owed: '0.00', credit: '0.00', outside: '0.00' };
    expect(figuresAfter(fee, waive('w', 'f'), returned, unwaived('w'))).toEqual(expected);
    expect(figuresAfter(fee, waive('w', 'f'), unwaived('w'), returned)).toEqual(expected);
  });

  it('it costs the other half at 50 percent', () => {
    const fee = assessLost('f', '60', 'LOST50');
    const expected = { owed: '30.00', credit: '0.00', outside: '0.00' };
    expect(figuresAfter(fee, waive('w', 'f'), returned, unwaived('w'))).toEqual(expected);
  });
});

describe('figure 3: the use of goodwill is undone after the item came back', () => {
  it('it costs nothing at 100 percent, and the goodwill is unused', () => {
    const story = [assessLost('f', '10'), goodwill('10'), applied('g', 'f')];
    expect(figuresAfter(...story, returned, unapplied)).toEqual({
      owed: '0.00',
      credit: '10.00',
      outside: '0.00',
    });
    expect(figuresAfter(...story, unapplied, returned)).toEqual({
      owed: '0.00',
      credit: '10.00',
      outside: '0.00',
    });
  });
});

describe('figure 4: an external waiver is undone after the item came back', () => {
  it.each([
    ['LOST100', '0.00'],
    ['LOST50', '30.00'],
  ])('the transferred amount stays what the return left: %s', (feeType, outside) => {
    const story = [assessLost('f', '60', feeType), transfer('t', 'f'), waive('w', 'f')];
    expect(figuresAfter(...story, returned, unwaived('w')).outside).toBe(outside);
    expect(figuresAfter(...story, unwaived('w'), returned).outside).toBe(outside);
  });
});

describe("figure 5: undoing after a return that forgives the whole unpaid amount ('all')", () => {
  it.each(['LOST100', 'LOST50', 'LOST33', 'LOST0'])('a recalled transfer costs nothing: %s', (feeType) => {
    const story = [assessLost('f', '60', feeType), transfer('t', 'f'), returned, recalled];
    expect(figures(accountAfter(story, all))).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
  });

  it.each(['LOST100', 'LOST50', 'LOST33', 'LOST0'])(
    'a whole cheque that bounces costs nothing: %s',
    (feeType) => {
      const story = [assessLost('f', '60', feeType), pay('p', '60', { method: 'CHECK' }), returned, bounced];
      expect(figures(accountAfter(story, all))).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
    },
  );

  it.each([
    ['30.00', undefined],
    ['10.00', '10'],
  ])('a payment reversed after its refund costs only what was paid out: %s', (owed, amount) => {
    const story = [
      assessLost('f', '60', 'LOST50'),
      pay('p', '60', { method: 'CHECK' }),
      returned,
      refunded('r#1', amount),
      bounced,
    ];
    expect(figures(accountAfter(story, all))).toEqual({ owed, credit: '0.00', outside: '0.00' });
  });

  it('a payment reversed in part costs the percentage of the part still paid', () => {
    const story = [assessLost('f', '60', 'LOST50'), pay('p', '60', { method: 'CHECK' }), returned];
    const account = accountAfter([...story, { ...bounced, amount: '20' }], all);
    expect(figures(account)).toEqual({ owed: '10.00', credit: '30.00', outside: '0.00' });
  });

  it('a transfer recalled in part costs the percentage of the part still transferred', () => {
    const story = [assessLost('f', '60', 'LOST50'), transfer('t', 'f'), returned];
    const partly = accountAfter([...story, { ...recalled, amount: '20' }], all);
    expect(figures(partly)).toMatchObject({ owed: '10.00', outside: '10.00' });
    const whole = accountAfter([{ ...recalled, id: 'rest' }], all, partly);
    expect(figures(whole)).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
  });
});

describe('figure 6: the payout of an overpayment credit is undone after the cheque bounced', () => {
  const nothing = { owed: '0.00', credit: '0.00', outside: '0.00' };

  it('undoing a refund leaves nothing owed and nothing to pay out', () => {
    const story = [overpay('p', '10'), refunded('p#1'), bouncedWithFee];
    expect(figuresAfter(...story)).toMatchObject({ owed: '10.00' });
    expect(figuresAfter(...story, ask('ReverseRefund', 'u', { refundId: 'rf' }))).toEqual(nothing);
  });

  it('recalling a transfer of the credit does the same', () => {
    const sent = ask('TransferFees', 't', { credits: [{ creditId: 'p#1' }] });
    expect(figuresAfter(overpay('p', '10'), sent, bouncedWithFee, recalled)).toEqual(nothing);
  });

  it('undoing a use of the credit does the same: the fee that it settled is owed again, once', () => {
    const story = [overpay('p', '10'), assess('f', '10'), applied('p#1', 'f'), bouncedWithFee];
    expect(figuresAfter(...story)).toMatchObject({ owed: '10.00' });
    const account = accountAfter([...story, unapplied]);
    expect(figures(account)).toEqual({ owed: '10.00', credit: '0.00', outside: '0.00' });
    expect([feeNow(account, 's').owed, feeNow(account, 'f').owed]).toEqual(['0.00', '10.00']);
  });

  it('keeps the part paid out if only a part is undone', () => {
    const story = [
      overpay('p', '10'),
      refunded('p#1', '4'),
      { ...refunded('p#1'), id: 'rf2' },
      bouncedWithFee,
    ];
    const account = accountAfter([...story, ask('ReverseRefund', 'u', { refundId: 'rf' })]);
    expect(figures(account)).toEqual({ owed: '6.00', credit: '0.00', outside: '0.00' });
    expect(findFee(account, 's')).toMatchObject({ givenBack: 1000, shortfallCreditId: 'p#1' });
  });
});

describe('figure 7: a cheque bounces after its money was refunded on return', () => {
  it('the 30 paid out are owed, and the library loses nothing', () => {
    const story = [
      assessLost('f', '60'),
      goodwill('30'),
      applied('g', 'f'),
      pay('p', '30', { method: 'CHECK' }),
      returned,
      refunded('r#1'),
      bounced,
    ];
    expect(figuresAfter(...story)).toEqual({ owed: '30.00', credit: '0.00', outside: '0.00' });
  });
});

describe('a fee that is cancelled in full', () => {
  it('gives back the goodwill used on it, and on no other fee', () => {
    const spread = ask('ApplyCredit', 'a', {
      creditId: 'g',
      allocations: [
        { feeId: 'f', amount: '4' },
        { feeId: 'other', amount: '6' },
      ],
    });
    const cancelled = ask('CancelFee', 'x', { feeId: 'f' });
    const story = [
      assess('f', '10'),
      assess('other', '10'),
      goodwill('10'),
      spread,
      pay('p', '3', { feeIds: ['f'] }),
    ];
    const account = accountAfter([...story, cancelled]);
    expect(feeNow(account, 'f')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
    expect(feeNow(account, 'other').owed).toBe('4.00');
    expect(creditNow(account, 'g').unused).toBe('4.00');
    expect(figures(account)).toEqual({ owed: '4.00', credit: '7.00', outside: '0.00' });
    // A person undoes the rest of the use, once.
    expect(figures(accountAfter([unapplied], undefined, account))).toMatchObject({
      owed: '10.00',
      credit: '13.00',
    });
  });

  it('gives back its own part of goodwill that was used first on another fee', () => {
    const spread = ask('ApplyCredit', 'a', {
      creditId: 'g',
      allocations: [
        { feeId: 'other', amount: '6' },
        { feeId: 'f', amount: '4' },
      ],
    });
    const story = [assess('f', '10'), assess('other', '10'), goodwill('10'), spread];
    const account = accountAfter([...story, ask('CancelFee', 'x', { feeId: 'f' })]);
    expect(feeNow(account, 'other').owed).toBe('4.00');
    expect(creditNow(account, 'g').unused).toBe('4.00');
  });

  it('gives back the goodwill even if a recall used up another credit on it', () => {
    const story = [
      assessLost('f', '10'),
      goodwill('2'),
      applied('g', 'f'),
      transfer('t', 'f', '6'),
      returned,
      recalled,
    ];
    const account = accountAfter([...story, ask('CancelFee', 'x', { feeId: 'f' })]);
    expect(creditNow(account, 'g').unused).toBe('2.00');
    expect(figures(account)).toEqual({ owed: '0.00', credit: '2.00', outside: '0.00' });
  });

  it('can be cancelled even if only goodwill was used on it, and stays closed whatever is undone', () => {
    const story = [
      assess('f', '10'),
      goodwill('10'),
      applied('g', 'f'),
      ask('CancelFee', 'x', { feeId: 'f' }),
    ];
    expect(figuresAfter(...story)).toEqual({ owed: '0.00', credit: '10.00', outside: '0.00' });
  });

  it('keeps the goodwill if only an amount is cancelled', () => {
    const story = [assess('f', '10'), goodwill('4'), applied('g', 'f')];
    const account = accountAfter([...story, ask('CancelFee', 'x', { feeId: 'f', amount: '5' })]);
    expect(figures(account)).toEqual({ owed: '1.00', credit: '0.00', outside: '0.00' });
  });
});

describe('the credit of a return', () => {
  it('is not issued again after a cancellation by hand', () => {
    const story = [
      assessLost('f', '60'),
      pay('p', '60'),
      returned,
      ask('CancelCredit', 'x', { creditId: 'r#1' }),
    ];
    const account = accountAfter(story);
    expect(figures(account)).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
    const touched = accountAfter([{ ...bounced, amount: '10' }], undefined, account);
    expect(figures(touched)).toMatchObject({ owed: '10.00', credit: '0.00' });
  });

  it('is not issued again after a cancellation by hand, even if goodwill covered part of the fee', () => {
    const cancelled = ask('CancelCredit', 'x', { creditId: 'r#1' });
    const story = [assessLost('f', '60'), goodwill('20'), applied('g', 'f'), returned];
    const account = accountAfter([
      ...story,
      ask('ReverseCreditApplication', 'y', { applicationId: 'r#2' }),
      cancelled,
    ]);
    expect(figures(account)).toEqual({ owed: '40.00', credit: '0.00', outside: '0.00' });
    // The part that the goodwill covered is forgiven as soon as it is open, paid or not, and no more.
    expect(figures(accountAfter([unapplied], undefined, account))).toMatchObject({ owed: '40.00' });
    expect(figures(accountAfter([pay('p', '40'), unapplied], undefined, account))).toMatchObject({
      owed: '0.00',
    });
    const paid = accountAfter([
      assessLost('f', '60'),
      goodwill('20'),
      applied('g', 'f'),
      pay('p', '40'),
      returned,
      cancelled,
    ]);
    expect(figures(paid)).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
  });

  it('is not issued for a payment of an amount that staff made owed again, if all unpaid amounts are forgiven', () => {
    const rules = policyWith({ unpaidOnReturn: 'all' });
    const story = [
      assessLost('f', '60'),
      returned,
      ask('ReverseCreditApplication', 'y', { applicationId: 'r#2' }),
      ask('CancelCredit', 'x', { creditId: 'r#1', amount: '50' }),
      pay('p', '50'),
    ];
    const account = accountAfter(story, rules);
    expect(figures(account)).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
    const undone = accountAfter([ask('ReversePayment', 'b', { paymentId: 'p' })], rules, account);
    expect(figures(undone)).toEqual({ owed: '50.00', credit: '0.00', outside: '0.00' });
  });

  it('leaves out a cancelled transfer if all unpaid amounts are forgiven', () => {
    const cancelled = ask('CancelFee', 'x', { feeId: 'f' });
    const account = accountAfter([assessLost('f', '60'), transfer('t', 'f', '40'), cancelled], all);
    // The external system gets a credit for what it has.
    const expected = { owed: '0.00', credit: '40.00', outside: '0.00' };
    expect(figures(account)).toEqual(expected);
    expect(figures(accountAfter([returned], all, account))).toEqual(expected);
    expect(figures(accountAfter([returned, recalled], all, account))).toMatchObject({ credit: '0.00' });
  });

  it('is the same after the use of an earlier refund on the fee was undone and repeated', () => {
    const story = [
      assessLost('f', '100', 'LOST50'),
      pay('p', '100', { method: 'CHECK' }),
      returned,
      ask('ReversePayment', 'b', { paymentId: 'p', amount: '40' }),
    ];
    const use = (id: string) => ask('ApplyCredit', id, { creditId: 'r#1', amount: '10' });
    const undone = ask('ReverseCreditApplication', 'u', { applicationId: 'a1' });
    const later = ask('ReversePayment', 'b2', { paymentId: 'p', amount: '20' });
    const [once, again] = [[use('a1')], [use('a1'), undone, use('a2')]].map((uses) =>
      accountAfter([...story, ...uses, later], all),
    );
    expect(figures(once as PatronAccount)).toEqual({ owed: '20.00', credit: '40.00', outside: '0.00' });
    expect(figures(again as PatronAccount)).toEqual(figures(once as PatronAccount));
    expect(again?.applications).toHaveLength(2);
  });

  it("is half of what was transferred again after a recall used up a cancellation's credit", () => {
    const account = accountAfter(
      [
        assessLost('f', '100', 'LOST50'),
        transfer('t', 'f', '100'),
        ask('CancelFee', 'x', { feeId: 'f', amount: '24' }),
        recalled,
        transfer('t2', 'f', '20'),
      ],
      all,
    );
    expect(figures(account)).toEqual({ owed: '56.00', credit: '0.00', outside: '20.00' });
    expect(figures(accountAfter([returned], all, account))).toEqual({
      owed: '0.00',
      credit: '10.00',
      outside: '10.00',
    });
  });

  it.each([
    ['paid', pay('p', '60')],
    ['transferred', transfer('t', 'f', '60')],
  ])('is not issued again for an item that was %s, if all unpaid amounts are forgiven', (_, settled) => {
    const account = accountAfter([assessLost('f', '60', 'LOST50'), settled, returned], all);
    const cancelled = ask('CancelCredit', 'x', { creditId: 'r#1' });
    expect(figures(account).credit).toBe('30.00');
    expect(figures(accountAfter([cancelled], all, account))).toMatchObject({ owed: '0.00', credit: '0.00' });
  });

  it('stays cancelled for the unpaid part, and nothing paid towards that part is given back', () => {
    const account = accountAfter(
      [
        assessLost('f', '100', 'LOST50'),
        pay('p', '40'),
        returned,
        ask('ReverseCreditApplication', 'y', { applicationId: 'r#3' }),
        ask('CancelCredit', 'x', { creditId: 'r#1', amount: '50' }),
      ],
      all,
    );
    expect(figures(account)).toEqual({ owed: '50.00', credit: '20.00', outside: '0.00' });
    expect(figures(accountAfter([pay('p2', '20')], all, account))).toEqual({
      owed: '30.00',
      credit: '20.00',
      outside: '0.00',
    });
  });

  describe('is for a fee of 3 yen, refunded at half of what is paid, whose set-off credit staff cancelled after 2 were paid', () => {
    const yen = policyWith({
      currency: 'JPY',
      unpaidOnReturn: 'all',
      feeTypes: { LOST50: { label: 'Lost item', lostItem: true, refundPercent: 50 } },
    });
    const cancelled = accountAfter(
      [
        assessLost('f', '3', 'LOST50'),
        pay('p', '2'),
        returned,
        ask('ReverseCreditApplication', 'y', { applicationId: 'r#3' }),
        ask('CancelCredit', 'x', { creditId: 'r#1' }),
      ],
      yen,
    );

    it.each([
      ['a payment', pay('q', '1'), ask('ReversePayment', 'b', { paymentId: 'q' })],
      ['the refund, used on the fee', applied('r#2', 'f'), unapplied],
    ])('%s earns nothing, and undoing it restores the balance', (_name, done, undone) => {
      expect(balancesInMinorUnits(cancelled).active).toBe(0);
      const after = accountAfter([done], yen, cancelled);
      expect(after.credits).toHaveLength(cancelled.credits.length);
      expect(balancesInMinorUnits(accountAfter([undone], yen, after))).toEqual(
        balancesInMinorUnits(cancelled),
      );
    });
  });

  it.each(['percent', 'all'] as const)(
    'is not issued again if goodwill had settled a part, whatever is paid afterwards: terms %s',
    (unpaidOnReturn) => {
      const rules = policyWith({ unpaidOnReturn });
      const story = [
        assessLost('f', '60'),
        goodwill('20'),
        applied('g', 'f'),
        returned,
        ask('ReverseCreditApplication', 'y', { applicationId: 'r#2' }),
        ask('CancelCredit', 'x', { creditId: 'r#1' }),
      ];
      const account = accountAfter([...story, pay('q', '40')], rules);
      expect(figures(account)).toEqual({ owed: '0.00', credit: '0.00', outside: '0.00' });
      const undone = accountAfter([ask('ReversePayment', 'b', { paymentId: 'q' })], rules, account);
      expect(figures(undone)).toEqual({ owed: '40.00', credit: '0.00', outside: '0.00' });
    },
  );

  it('deducts the overlap of the refund of a bounced cheque and that of its percentage once', () => {
    const story = [
      assessLost('f', '100', 'LOST50'),
      pay('p', '100', { method: 'CHECK' }),
      returned,
      refunded('r#1', '30'),
      { ...bounced, amount: '90' },
    ];
    // Of the refund of 50, 30 left in cash and 20 pay the fee; of the 10 still paid, 5 come back.
    expect(figures(accountAfter(story, all))).toEqual({ owed: '25.00', credit: '0.00', outside: '0.00' });
  });

  it('is not forgiven again if the payment that it refunded bounces', () => {
    const story = [
      assessLost('f', '60', 'LOST50'),
      pay('p', '60', { method: 'CHECK' }),
      returned,
      ask('CancelCredit', 'x', { creditId: 'r#1' }),
      bounced,
    ];
    expect(figures(accountAfter(story, all))).toEqual({ owed: '30.00', credit: '0.00', outside: '0.00' });
  });

  it('does not count credits of a cancellation that a person took back, if all unpaid amounts are forgiven', () => {
    const story = [
      assessLost('f', '100', 'LOST50'),
      pay('p', '100'),
      ask('CancelFee', 'x', { feeId: 'f', amount: '40' }),
      ask('CancelCredit', 'y', { creditId: 'x#1' }),
      returned,
    ];
    expect(figures(accountAfter(story, all))).toEqual({ owed: '0.00', credit: '50.00', outside: '0.00' });
  });
});

describe('cancelled money was handed out, and its payment bounced', () => {
  const story = [
    assessLost('f', '10'),
    pay('p', '10', { method: 'CHECK' }),
    ask('CancelFee', 'x', { feeId: 'f', amount: '5' }),
    refunded('x#1'),
    bounced,
    transfer('t', 'f'),
  ];
  const part = { ...recalled, amount: '6' };

  it('the return leaves the cash alone to be owed, before and after a part was recalled', () => {
    // Nothing is open there: the credit of 4 is the external system's.
    const kept = { owed: '5.00', credit: '4.00', outside: '0.00' };
    expect(figures(accountAfter([...story, part, returned], all))).toEqual(kept);
    expect(figures(accountAfter([...story, returned, part], all))).toEqual(kept);
  });
});

describe('cancelled money is on its way to another system, and its payment bounced', () => {
  const rules = policyWith({ currency: 'KWD', unpaidOnReturn: 'all' });
  const sent = (creditId: string) =>
    ask('TransferFees', 'sent', { credits: [{ creditId }], expectsSettlement: true });
  const before = [
    assessLost('f', '0.342', 'LOST33'),
    pay('p', '0.171', { method: 'CHECK' }),
    transfer('t', 'f', '0.171'),
  ];
  const cancelled = [ask('CancelFee', 'x', { feeId: 'f', amount: '0.171' }), sent('x#1')];
  const issued = (...commands: readonly Command[]) => {
    const account = accountAfter([...before, ...commands], rules);
    const ofReturn = account.credits.filter(({ cause }) => cause === 'returned');
    return {
      active: balancesInMinorUnits(account).active,
      pending: account.credits.find(({ creditId }) => creditId === 'x#1')?.transferPending ?? 0,
      external: ofReturn.filter(({ purpose }) => purpose === 'external').map(({ amount }) => amount),
    };
  };

  it('the return reverses its percentage of all that is transferred: 0.057 of 0.171', () => {
    // 0.171 are owed for the money that is on its way, less the external credit.
    expect(issued(...cancelled, bounced, returned)).toEqual({ active: 114, pending: 171, external: [57] });
  });

  it('in the other order it costs the same', () => {
    expect(issued(...cancelled, returned, bounced)).toEqual({ active: 114, pending: 171, external: [57] });
  });

  it('without the cancellation the same is reversed, and nothing is owed or on its way', () => {
    expect(issued(bounced, returned)).toEqual({ active: -57, pending: 0, external: [57] });
  });
});
