import { describe, expect, it } from 'vitest';
import { type Command, decide, emptyAccount } from '../../../src/index.js';
import { acceptedEvents, ask, assess, policyWith } from '../../support/account.js';
import { assessed, event, prepaid, reversedByCredit } from '../../support/events.js';
import { postingsAfter, postingsOf } from '../../support/postings.js';

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
  const policy = policyWith({ destinations: { BANNER: 'Accounts' }, transfers: { expectsSettlement: true } });
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
