import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import type { AccountEvent } from '../../../src/account/events.js';
import { assessed, event, paid, prepaid, reversedByCredit, transferred } from '../events.js';
import * as tell from './told.js';
import {
  type CorruptHistory,
  credit,
  disputed,
  fee,
  handedOver,
  lostFee,
  other,
  otherCredit,
  part,
  told,
} from './told.js';

const aFee = 'a fee of this account';
const aCredit = 'a credit of this account';

/** Events that speak of what is not there, is another's, is no such thing, or has been done already. */
export const misplaced = {
  UnknownFee: [
    ...[
      paid('p1', 'f9', '1.00'),
      event('FeeWaived', { waiverId: 'w1', feeId: 'f9', amount: '1.00' }),
      event('FeeDisputed', { disputeId: 'd1', feeId: 'f9' }),
      tell.resolved('d1', 'f9'),
      event('LostItemReturned', { returnId: 'b1', feeId: 'f9', refundPercent: 100, unpaid: 'percent' }),
      tell.cancelled('1.00', 'f9'),
      transferred('t1', 'f9', '1.00'),
      reversedByCredit('c1', 'f9', '1.00'),
      { ...tell.setOff, data: { ...tell.setOff.data, feeId: 'f9' } },
    ].map((next) => told(`${next.type} of a fee that there is not`, [fee], next, aFee, 'f9')),
    told('a credit applied to a fee that there is not', [credit], tell.applied('1.00', 'f9'), aFee, 'f9'),
    told(
      'a shortfall of a fee that there is not',
      [credit],
      tell.unpaid({ shortfall: { ...part('1.00', 'f9'), creditId: 'c1' } }),
      aFee,
      'f9',
    ),
    told('the id of a credit where a fee belongs', [credit], paid('p2', 'c1', '1.00'), aFee, 'c1'),
    ...['__proto__', 'constructor', 'toString', '0', ''].map((feeId) =>
      told(
        `the id ${JSON.stringify(feeId)}, which nothing has`,
        [fee],
        paid('p1', feeId, '1.00'),
        aFee,
        feeId,
      ),
    ),
    told(
      'a list that reads like the id of a fee',
      [fee],
      event('FeeDisputed', { disputeId: 'd1', feeId: ['f1'] as never }),
      aFee,
      ['f1'],
    ),
  ],
  UnknownCredit: [
    ...[tell.applied(), tell.refunded, tell.creditTransferred(), tell.creditCancelled()].map((next) =>
      told(`${next.type} of a credit that there is not`, [fee], next, aCredit, 'c1'),
    ),
    told(
      'a recall that uses up a credit that there is not',
      [fee, handedOver],
      tell.recalledAgainst('c1', '1.00'),
      aCredit,
      'c1',
    ),
    told('the id of a fee where a credit belongs', [assessed('c1', '1.00')], tell.refunded, aCredit, 'c1'),
  ],
  UnknownPayment: [
    told('the reversal of a payment that there is not', [fee], tell.unpaid(), 'a payment', 'p1'),
    told(
      'the id of a fee where a payment belongs',
      [fee],
      tell.unpaid({ paymentId: 'f1' }),
      'a payment',
      'f1',
    ),
  ],
  UnknownWaiver: [
    told('the reversal of a waiver that there is not', [fee], tell.unwaived(), 'a waiver', 'w1'),
  ],
  UnknownTransfer: [
    tell.settled('1.00', { transferId: 't9' }),
    tell.recalled('1.00', { transferId: 't9' }),
  ].map((next) =>
    told(
      `${next.type} of a transfer that there is not`,
      [fee, handedOver],
      next,
      'a transfer of this account',
      't9',
    ),
  ),
  UnknownSettlement: ['s9', 't1', 'f1', '__proto__'].map((settlementId) =>
    told(
      `the reversal of the settlement ${settlementId}, which there is not`,
      [fee, handedOver, tell.settled()],
      tell.unsettled({ settlementId }),
      'a settlement',
      settlementId,
    ),
  ),
  WrongTransfer: [
    told(
      'a settlement reversed on another transfer',
      [fee, other, handedOver, transferred('t2', 'f2', '5.00'), tell.settled()],
      tell.unsettled({ transferId: 't2' }),
      't1',
      't2',
    ),
  ],
  UnknownDispute: ['d9', 'f1', '__proto__', ['d1']].map((id) =>
    told(
      `the end of a dispute ${JSON.stringify(id)}`,
      [fee, disputed],
      tell.resolved(id as string),
      'a dispute',
      id,
    ),
  ),
  UnknownApplication: [
    told(
      'the reversal of an application that there is not',
      [fee, credit, tell.applied()],
      tell.unapplied({}, { applicationId: 'a9' }),
      'an application',
      'a9',
    ),
  ],
  UnknownRefund: [
    told(
      'the reversal of a refund that there is not',
      [credit, tell.refunded],
      tell.unrefunded('2.00', { refundId: 'b9' }),
      'a refund',
      'b9',
    ),
  ],
  WrongFee: [
    told(
      'a waiver undone on another fee',
      [fee, other, tell.waived()],
      tell.unwaived('4.00', 'f2'),
      'f1',
      'f2',
    ),
    told(
      'a dispute that ends on another fee',
      [fee, other, disputed],
      tell.resolved('d1', 'f2'),
      "the dispute's fee",
      'f2',
    ),
    told(
      'a set-off credit applied to another fee',
      [lostFee, other, tell.setOff],
      tell.applied('1.00', 'f2'),
      'f1',
      'f2',
    ),
    told(
      'a payment reversed on a fee that it never paid',
      [fee, other, paid('p1', 'f1', '1.00')],
      tell.unpaid({ allocations: [part('1.00', 'f2')] }),
      'a fee of the payment',
      'f2',
    ),
    told(
      'an application undone on a fee that it never settled',
      [fee, other, credit, tell.applied()],
      tell.unapplied({ feeId: 'f2' }),
      'a fee of the application',
      'f2',
    ),
  ],
  WrongCredit: [
    told(
      'a settlement reversed on a credit that its surplus did not become',
      [fee, handedOver, credit, ...tell.settledAbove()],
      tell.unsettled({ surplus: { creditId: 'c1', amount: '1.00' } }),
      'c9',
      'c1',
    ),
    told(
      'a settlement reversed with the shortfall of a credit that its surplus did not become',
      [fee, other, handedOver, credit, ...tell.settledAbove()],
      tell.unsettled({ shortfall: { ...part('1.00', 'f2'), creditId: 'c1' } }),
      'c9',
      'c1',
    ),
    told(
      'a settlement reversed on a credit that is of no settlement',
      [
        fee,
        handedOver,
        tell.settledAbove()[0] as AccountEvent,
        { ...tell.goodwill, data: { ...tell.goodwill.data, creditId: 'c9' } },
      ],
      tell.unsettled({ surplus: { creditId: 'c9', amount: '1.00' } }),
      'a credit of cause settlement',
      'c9',
    ),
    told(
      'a payment reversed on a credit that it did not become',
      [credit, otherCredit],
      tell.unpaid({ overpayment: { creditId: 'c2', amount: '1.00' } }),
      'c1',
      'c2',
    ),
    told(
      'an application undone on another credit',
      [fee, credit, otherCredit, tell.applied()],
      tell.unapplied({}, { creditId: 'c2' }),
      'c1',
      'c2',
    ),
    told(
      'a refund undone on another credit',
      [credit, otherCredit, tell.refunded],
      tell.unrefunded('2.00', { creditId: 'c2' }),
      'c1',
      'c2',
    ),
    told(
      'a recall that uses up a credit of another fee',
      [fee, other, handedOver, transferred('t2', 'f2', '5.00'), reversedByCredit('c1', 'f2', '1.00')],
      tell.recalledAgainst('c1', '1.00'),
      'a credit of the fee that was transferred',
      'c1',
    ),
    told(
      'the recall of a credit that uses up a credit',
      [fee, handedOver, reversedByCredit('c1', 'f1', '5.00'), tell.creditTransferred()],
      tell.recalledAgainst('c1', '1.00', '1.00', { transferId: 't2' }),
      'a credit of the fee that was transferred',
      'c1',
    ),
  ],
  NamedTwice: [
    told(
      'a recall that names a credit twice',
      [fee, handedOver, reversedByCredit('c1', 'f1', '5.00')],
      tell.recalled('2.00', { setOff: ['1.00', '1.00'].map((amount) => ({ creditId: 'c1', amount })) }),
      'each name once',
      'c1',
    ),
  ],
  AlreadyUndone: [
    told(
      'a waiver undone twice',
      [fee, tell.waived(), tell.unwaived()],
      tell.unwaived(),
      'a waiver that stands',
      'w1',
    ),
    told(
      'an application undone twice',
      [fee, credit, tell.applied(), tell.unapplied()],
      tell.unapplied(),
      'an application that stands',
      'a1',
    ),
    told(
      'a refund undone twice',
      [credit, tell.refunded, tell.unrefunded()],
      tell.unrefunded(),
      'a refund that stands',
      'b1',
    ),
  ],
  AlreadyReturned: [
    told(
      'an item that comes back twice',
      [lostFee, tell.returned],
      tell.returned,
      'one return per fee',
      'f1',
    ),
  ],
  NotReturned: [
    told(
      'the credit of a return before the return',
      [lostFee],
      { ...tell.setOff, data: { ...tell.setOff.data, cause: 'returned' } },
      'LostItemReturned before its credits',
      'f1',
    ),
  ],
  NoLostItem: [tell.setOff, tell.returned].map((next) =>
    told(`${next.type} of a fee for no lost item`, [fee], next, 'a lost-item fee', 'f1'),
  ),
  NotAccruing: [
    tell.increased(),
    tell.ended(),
    { ...tell.cancelled(), data: { ...tell.cancelled().data, accrual: true } },
  ].map((next) =>
    told(`${next.type} of a fee that was charged once`, [fee], next, 'a fine that grows', 'f1'),
  ),
  AccrualEndedBefore: [tell.increased(), tell.ended('e2')].map((next) =>
    told(
      `${next.type} after the end of the growth`,
      [tell.fine, tell.ended()],
      next,
      'a fine that still grows',
      'f1',
    ),
  ),
  AccruingLostItem: [
    told(
      'a lost-item fee that grows',
      [],
      { ...lostFee, data: { ...lostFee.data, accruing: true } },
      'a lost-item fee that does not grow',
      'f1',
    ),
  ],
  ForbiddenPurpose: [
    told(
      'an external credit applied',
      [fee, handedOver, reversedByCredit('c1', 'f1', '5.00')],
      tell.applied(),
      'a credit that can be applied',
      'external',
    ),
    told('goodwill paid out', [tell.goodwill], tell.refunded, 'refundable', 'goodwill'),
    told(
      'goodwill handed over',
      [tell.goodwill],
      tell.creditTransferred(),
      'refundable or external',
      'goodwill',
    ),
    told(
      'a set-off credit handed over',
      [lostFee, tell.setOff],
      tell.creditTransferred(),
      'refundable or external',
      'setOff',
    ),
    told(
      'money used up by a recall',
      [fee, handedOver, prepaid('p1', 'c1', '5.00')],
      tell.recalledAgainst('c1', '1.00'),
      'external',
      'refundable',
    ),
  ],
} satisfies Partial<Record<HistoryFault, readonly CorruptHistory[]>>;
