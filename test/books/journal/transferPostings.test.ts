import { describe, expect, it } from 'vitest';
import {
  accountOfFee,
  creditOf,
  feeOf,
  minorIn,
  receivableOf,
  refundOf,
  transferOf,
} from '../../../src/books/journal/transferPostings.js';
import { type Command, decide, emptyAccount } from '../../../src/index.js';
import { acceptedEvents, ask, assess, policyWith } from '../../support/account.js';
import {
  accountOf,
  assessed,
  errorOf,
  event,
  lost,
  paid,
  prepaid,
  reversedByCredit,
  transferred,
} from '../../support/events.js';
import { postingsAfter, postingsOf } from '../../support/postings.js';
import { history } from '../../support/wholeHistory.js';

const account = accountOf(...history);

describe('a row of a posting', () => {
  it('is found by its id', () => {
    expect(feeOf(account, 'f1').original).toBe(1_000);
    expect(creditOf(account, 'c1').amount).toBe(800);
    expect(transferOf(account, 't1').feeId).toBe('f2');
    expect(refundOf(account, 'b1').method).toBe('CASH');
    expect(receivableOf(account, 'f1')).toEqual(['receivable', 'MAIN']);
    expect(accountOfFee(account, 'waivers', 'f3')).toEqual(['waivers', 'MAIN', 'LOSTITEMREPLACEMENTFEE']);
  });

  it('must exist, and be of the right kind', () => {
    for (const find of [feeOf, creditOf, transferOf, refundOf]) {
      expect(errorOf(() => find(account, 'p1'))).toMatchObject({ code: 'NOT_FOUND', details: { id: 'p1' } });
      expect(errorOf(() => find(account, '__proto__')).code).toBe('NOT_FOUND');
    }
  });

  it('has amounts in the currency of the account', () => {
    expect(minorIn(account, '12.50')).toBe(1_250);
    for (const bad of ['12.5', '12', '-1.00', '1e3', 5]) {
      expect(errorOf(() => minorIn(account, bad as string)).code).toBe('INVALID_EVENT');
    }
  });
});

describe('creditPostings', () => {
  const lostFee = lost('f1', '50.00');
  const ofLost = (cause: 'waived' | 'returned', purpose: 'setOff' | 'refundable' | 'external') =>
    event('LostItemCreditIssued', { creditId: 'c1', feeId: 'f1', amount: '5.00', cause, purpose });
  const returned = event('LostItemReturned', {
    returnId: 'r1',
    feeId: 'f1',
    refundPercent: 100,
    unpaid: 'percent',
  });
  const sent = transferred('t1', 'f1', '50.00');
  const cancelled = (purpose: 'refundable' | 'external') =>
    event('CreditIssued', { creditId: 'c1', feeId: 'f1', amount: '5.00', cause: 'cancelled', purpose });
  const given = (cause: 'manual' | 'imported' | 'settlement', purpose: 'goodwill' | 'refundable') =>
    event('CreditIssued', { creditId: 'c1', amount: '5.00', cause, purpose });
  const withdrawn = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '3.00' });

  /** A history for each kind of credit. */
  const credits = [
    { history: [lostFee, ofLost('waived', 'setOff')], kind: 'waivers', purpose: 'setOff' },
    { history: [lostFee, sent, ofLost('waived', 'external')], kind: 'waivers', purpose: 'external' },
    { history: [lostFee, returned, ofLost('returned', 'setOff')], kind: 'returns', purpose: 'setOff' },
    {
      history: [lostFee, paid('p1', 'f1', '50.00'), returned, ofLost('returned', 'refundable')],
      kind: 'returns',
      purpose: 'refundable',
    },
    {
      history: [lostFee, sent, returned, ofLost('returned', 'external')],
      kind: 'returns',
      purpose: 'external',
    },
    {
      history: [lostFee, sent, reversedByCredit('c1', 'f1', '5.00')],
      kind: 'waivers',
      purpose: 'external',
    },
    {
      history: [lostFee, paid('p1', 'f1', '50.00'), cancelled('refundable')],
      kind: 'revenue',
      purpose: 'refundable',
    },
    { history: [lostFee, sent, cancelled('external')], kind: 'revenue', purpose: 'external' },
    { history: [given('manual', 'goodwill')], kind: 'goodwill', purpose: 'goodwill' },
    { history: [given('imported', 'goodwill')], kind: 'imported', purpose: 'goodwill' },
    { history: [given('imported', 'refundable')], kind: 'imported', purpose: 'refundable' },
  ] as const;

  const written = (kind: string, amount: number) =>
    ['waivers', 'returns', 'revenue'].includes(kind)
      ? `${kind}:MAIN:LOSTITEMREPLACEMENTFEE ${amount} f1`
      : `${kind} ${amount}`;

  describe('a credit', () => {
    it.each(credits)(
      '$purpose of $kind is owed to the patron until it is withdrawn',
      ({ history, kind, purpose }) => {
        expect(postingsAfter(...history)).toEqual([written(kind, 500), `credits:${purpose} -500 c1`]);
        expect(postingsAfter(...history, withdrawn)).toEqual([
          `credits:${purpose} 300 c1`,
          written(kind, -300),
        ]);
      },
    );

    it('is claimed from the external system that paid a surplus, and kept when it is withdrawn', () => {
      const settlement = given('settlement', 'refundable');
      expect(postingsAfter(settlement)).toEqual(['settlementSurplus 500', 'credits:refundable -500 c1']);
      expect(postingsAfter(settlement, withdrawn)).toEqual(['credits:refundable 300 c1', 'forfeited -300']);
    });

    it('is kept when it is withdrawn, if it came from an overpayment', () => {
      expect(postingsAfter(prepaid('p1', 'c1', '8.00'), withdrawn)).toEqual([
        'credits:refundable 300 c1',
        'forfeited -300',
      ]);
    });

    it('settles fees of several libraries until that is undone', () => {
      const allocations = [
        { feeId: 'f1', amount: '1.00' },
        { feeId: 'f2', amount: '2.00' },
      ];
      const history = [
        assessed('f1', '1.00'),
        assessed('f2', '4.00', { owner: 'LAW' }),
        given('manual', 'goodwill'),
        event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations }),
      ];
      expect(postingsAfter(...history)).toEqual([
        'credits:goodwill 100 c1',
        'receivable:MAIN -100 f1',
        'credits:goodwill 200 c1',
        'receivable:LAW -200 f2',
      ]);
      const data = { reversalId: 'r1', applicationId: 'a1', creditId: 'c1', allocations };
      expect(postingsAfter(...history, event('CreditApplicationReversed', data))).toEqual([
        'credits:goodwill -100 c1',
        'receivable:MAIN 100 f1',
        'credits:goodwill -200 c1',
        'receivable:LAW 200 f2',
      ]);
    });

    it('is paid out, and comes back by the same method', () => {
      const refund = { refundId: 'b1', creditId: 'c1', amount: '2.00' };
      const history = [prepaid('p1', 'c1', '8.00'), event('CreditRefunded', { ...refund, method: 'CHECK' })];
      expect(postingsAfter(...history)).toEqual(['credits:refundable 200 c1', 'cash:CHECK -200']);
      expect(postingsAfter(...history, event('RefundReversed', { ...refund, reversalId: 'r1' }))).toEqual([
        'credits:refundable -200 c1',
        'cash:CHECK 200',
      ]);
    });
  });
});

describe('transferPostings', () => {
  const sent = { transferId: 't1', destination: 'BANNER' };
  const fee = assessed('f1', '10.00');
  const feeSent = (expectsSettlement: boolean) =>
    event('FeeTransferred', { ...sent, feeId: 'f1', amount: '10.00', expectsSettlement });
  const credit = prepaid('p1', 'c1', '8.00');
  const creditSent = (expectsSettlement: boolean) =>
    event('CreditTransferred', { ...sent, creditId: 'c1', amount: '8.00', expectsSettlement });
  const settled = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '3.00' });
  const recalled = event('TransferRecalled', { recallId: 'b1', transferId: 't1', amount: '5.00' });

  describe('a transferred fee', () => {
    it('is pending with the system that will report payment, and then settled there', () => {
      expect(postingsAfter(fee, feeSent(true))).toEqual([
        'transferred:BANNER 1000 f1',
        'receivable:MAIN -1000 f1',
      ]);
      expect(postingsAfter(fee, feeSent(true), settled)).toEqual([
        'settled:BANNER 300 f1',
        'transferred:BANNER -300 f1',
      ]);
    });

    it('is settled at once if no report is expected', () => {
      expect(postingsAfter(fee, feeSent(false))).toEqual([
        'settled:BANNER 1000 f1',
        'receivable:MAIN -1000 f1',
      ]);
    });

    it('is owed here again when it is recalled, from its current account', () => {
      expect(postingsAfter(fee, feeSent(true), recalled)).toEqual([
        'receivable:MAIN 500 f1',
        'transferred:BANNER -500 f1',
      ]);
      expect(postingsAfter(fee, feeSent(false), recalled)).toEqual([
        'receivable:MAIN 500 f1',
        'settled:BANNER -500 f1',
      ]);
    });

    it('uses up the credits that had reversed it when it is recalled', () => {
      const setOff = [
        { creditId: 'c1', amount: '2.00' },
        { creditId: 'c2', amount: '1.00' },
      ];
      const history = [
        fee,
        feeSent(true),
        reversedByCredit('c1', 'f1', '2.00'),
        reversedByCredit('c2', 'f1', '2.00'),
        event('TransferRecalled', { recallId: 'b1', transferId: 't1', amount: '9.00', setOff }),
      ];
      expect(postingsAfter(...history)).toEqual([
        'receivable:MAIN 900 f1',
        'transferred:BANNER -900 f1',
        'credits:external 200 c1',
        'receivable:MAIN -200 f1',
        'credits:external 100 c2',
        'receivable:MAIN -100 f1',
      ]);
    });

    it('may have an unnamed destination', () => {
      const unnamed = event('FeeTransferred', {
        transferId: 't1',
        feeId: 'f1',
        amount: '10.00',
        expectsSettlement: true,
      });
      expect(postingsAfter(fee, unnamed)).toEqual(['transferred 1000 f1', 'receivable:MAIN -1000 f1']);
    });
  });

  describe('a transferred credit', () => {
    it('is payable by the other system: pending, then settled', () => {
      expect(postingsAfter(credit, creditSent(true))).toEqual([
        'credits:refundable 800 c1',
        'transferred:BANNER -800 c1',
      ]);
      expect(postingsAfter(credit, creditSent(true), settled)).toEqual([
        'settled:BANNER -300 c1',
        'transferred:BANNER 300 c1',
      ]);
      expect(postingsAfter(credit, creditSent(false))).toEqual([
        'credits:refundable 800 c1',
        'settled:BANNER -800 c1',
      ]);
    });

    it('is owed here again when it is recalled', () => {
      expect(postingsAfter(credit, creditSent(true), recalled)).toEqual([
        'transferred:BANNER 500 c1',
        'credits:refundable -500 c1',
      ]);
    });
  });

  describe('a reversed settlement', () => {
    const policy = policyWith({
      destinations: { BANNER: 'Accounts' },
      transfers: { expectsSettlement: true },
    });
    const reversal = (...commands: readonly Command[]) =>
      postingsOf('SettlementReversed', acceptedEvents(decide(commands, emptyAccount(), policy)));
    const settledFee = (amount: string): readonly Command[] => [
      assess('f1', '10.00'),
      ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], destination: 'BANNER' }),
      ask('SettleTransfer', 's1', { transferId: 't1', amount }),
    ];
    const reverse = (more: object = {}) => ask('ReverseSettlement', 'u1', { settlementId: 's1', ...more });
    const shortfallFee = { feeId: 'f2', feeType: 'OTHER', owner: 'LAW' };

    it('is pending there again, in full or in part', () => {
      const pending = (amount: number) => [`transferred:BANNER ${amount} f1`, `settled:BANNER ${-amount} f1`];
      expect(reversal(...settledFee('8.00'), reverse())).toEqual(pending(800));
      expect(reversal(...settledFee('8.00'), reverse({ amount: '3.00' }))).toEqual(pending(300));
    });

    it('withdraws the surplus first', () => {
      const withdrawn = ['credits:refundable 200 s1#1', 'settlementSurplus -200'];
      expect(reversal(...settledFee('12.00'), reverse({ amount: '2.00' }))).toEqual(withdrawn);
      expect(reversal(...settledFee('12.00'), reverse())).toEqual([
        'transferred:BANNER 1000 f1',
        'settled:BANNER -1000 f1',
        ...withdrawn,
      ]);
    });

    it('withdraws the cancelled part of the surplus last, from the kept amount', () => {
      const cancelled = ask('CancelCredit', 'x1', { creditId: 's1#1', amount: '0.50' });
      expect(reversal(...settledFee('12.00'), cancelled, reverse())).toEqual([
        'transferred:BANNER 1000 f1',
        'settled:BANNER -1000 f1',
        'credits:refundable 150 s1#1',
        'settlementSurplus -150',
        'forfeited 50',
        'settlementSurplus -50',
      ]);
    });

    it('charges the used part of the surplus to a new fee', () => {
      const refunded = ask('RefundCredit', 'b1', { creditId: 's1#1', amount: '1.25', method: 'CASH' });
      expect(reversal(...settledFee('12.00'), refunded, reverse({ amount: '2.00', shortfallFee }))).toEqual([
        'credits:refundable 75 s1#1',
        'settlementSurplus -75',
        'revenue:LAW:OTHER 125 f2',
        'settlementSurplus -125',
      ]);
    });

    it('of a credit has the opposite signs', () => {
      const commands = [
        ask('IssueCredit', 'c1', { amount: '4.00', cause: 'imported' }),
        ask('TransferFees', 't1', { credits: [{ creditId: 'c1' }], destination: 'BANNER' }),
        ask('SettleTransfer', 's1', { transferId: 't1', amount: '4.00' }),
      ];
      expect(reversal(...commands, reverse({ amount: '1.00' }))).toEqual([
        'transferred:BANNER -100 c1',
        'settled:BANNER 100 c1',
      ]);
    });
  });
});
