import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import type { AccountEvent } from '../../../src/account/events/accountEvent.js';
import { assessed, event, paid, prepaid, reversedByCredit, transferred } from '../events.js';
import * as build from './corruptHistory.js';
import {
  type CorruptHistory,
  corrupt,
  credit,
  disputed,
  fee,
  lostFee,
  other,
  otherCredit,
  part,
  transferredFee,
} from './corruptHistory.js';

const aFee = 'a fee of this account';
const aCredit = 'a credit of this account';

/** Events that refer to missing or wrong rows, or repeat what was already done. */
export const misplaced = {
  UnknownFee: [
    ...[
      paid('p1', 'f9', '1.00'),
      event('FeeWaived', { waiverId: 'w1', feeId: 'f9', amount: '1.00' }),
      event('FeeDisputed', { disputeId: 'd1', feeId: 'f9' }),
      build.resolved('d1', 'f9'),
      event('LostItemReturned', { returnId: 'b1', feeId: 'f9', refundPercent: 100, unpaid: 'percent' }),
      build.cancelled('1.00', 'f9'),
      transferred('t1', 'f9', '1.00'),
      reversedByCredit('c1', 'f9', '1.00'),
      { ...build.setOff, data: { ...build.setOff.data, feeId: 'f9' } },
    ].map((next) => corrupt(`${next.type} of a missing fee`, [fee], next, aFee, 'f9')),
    corrupt('a credit applied to a missing fee', [credit], build.applied('1.00', 'f9'), aFee, 'f9'),
    corrupt(
      'a shortfall of a missing fee',
      [credit],
      build.unpaid({ shortfall: { ...part('1.00', 'f9'), creditId: 'c1' } }),
      aFee,
      'f9',
    ),
    corrupt('the id of a credit instead of a fee', [credit], paid('p2', 'c1', '1.00'), aFee, 'c1'),
    ...['__proto__', 'constructor', 'toString', '0', ''].map((feeId) =>
      corrupt(`the unknown id ${JSON.stringify(feeId)}`, [fee], paid('p1', feeId, '1.00'), aFee, feeId),
    ),
    corrupt(
      'a list that converts to the id of a fee',
      [fee],
      event('FeeDisputed', { disputeId: 'd1', feeId: ['f1'] as never }),
      aFee,
      ['f1'],
    ),
  ],
  UnknownCredit: [
    ...[build.applied(), build.refunded, build.creditTransferred(), build.creditCancelled()].map((next) =>
      corrupt(`${next.type} of a missing credit`, [fee], next, aCredit, 'c1'),
    ),
    corrupt(
      'a recall that uses a missing credit',
      [fee, transferredFee],
      build.recalledAgainst('c1', '1.00'),
      aCredit,
      'c1',
    ),
    corrupt('the id of a fee instead of a credit', [assessed('c1', '1.00')], build.refunded, aCredit, 'c1'),
  ],
  UnknownPayment: [
    corrupt('the reversal of a missing payment', [fee], build.unpaid(), 'a payment', 'p1'),
    corrupt(
      'the id of a fee instead of a payment',
      [fee],
      build.unpaid({ paymentId: 'f1' }),
      'a payment',
      'f1',
    ),
  ],
  UnknownWaiver: [corrupt('the reversal of a missing waiver', [fee], build.unwaived(), 'a waiver', 'w1')],
  UnknownTransfer: [
    build.settled('1.00', { transferId: 't9' }),
    build.recalled('1.00', { transferId: 't9' }),
  ].map((next) =>
    corrupt(
      `${next.type} of a missing transfer`,
      [fee, transferredFee],
      next,
      'a transfer of this account',
      't9',
    ),
  ),
  UnknownSettlement: ['s9', 't1', 'f1', '__proto__'].map((settlementId) =>
    corrupt(
      `the reversal of the missing settlement ${settlementId}`,
      [fee, transferredFee, build.settled()],
      build.unsettled({ settlementId }),
      'a settlement',
      settlementId,
    ),
  ),
  WrongTransfer: [
    corrupt(
      'a settlement reversed on another transfer',
      [fee, other, transferredFee, transferred('t2', 'f2', '5.00'), build.settled()],
      build.unsettled({ transferId: 't2' }),
      't1',
      't2',
    ),
  ],
  UnknownDispute: ['d9', 'f1', '__proto__', ['d1']].map((id) =>
    corrupt(
      `the end of a dispute ${JSON.stringify(id)}`,
      [fee, disputed],
      build.resolved(id as string),
      'a dispute',
      id,
    ),
  ),
  UnknownApplication: [
    corrupt(
      'the reversal of a missing application',
      [fee, credit, build.applied()],
      build.unapplied({}, { applicationId: 'a9' }),
      'an application',
      'a9',
    ),
  ],
  UnknownRefund: [
    corrupt(
      'the reversal of a missing refund',
      [credit, build.refunded],
      build.unrefunded('2.00', { refundId: 'b9' }),
      'a refund',
      'b9',
    ),
  ],
  WrongFee: [
    corrupt(
      'a waiver undone on another fee',
      [fee, other, build.waived()],
      build.unwaived('4.00', 'f2'),
      'f1',
      'f2',
    ),
    corrupt(
      'a dispute that ends on another fee',
      [fee, other, disputed],
      build.resolved('d1', 'f2'),
      "the dispute's fee",
      'f2',
    ),
    corrupt(
      'a set-off credit applied to another fee',
      [lostFee, other, build.setOff],
      build.applied('1.00', 'f2'),
      'f1',
      'f2',
    ),
    corrupt(
      'a payment reversed on a fee that it never paid',
      [fee, other, paid('p1', 'f1', '1.00')],
      build.unpaid({ allocations: [part('1.00', 'f2')] }),
      'a fee of the payment',
      'f2',
    ),
    corrupt(
      'an application undone on a fee that it never settled',
      [fee, other, credit, build.applied()],
      build.unapplied({ feeId: 'f2' }),
      'a fee of the application',
      'f2',
    ),
  ],
  WrongCredit: [
    corrupt(
      'a settlement reversed on a credit that its surplus did not become',
      [fee, transferredFee, credit, ...build.settledWithSurplus()],
      build.unsettled({ surplus: { creditId: 'c1', amount: '1.00' } }),
      'c9',
      'c1',
    ),
    corrupt(
      'a settlement reversed with the shortfall of a credit that its surplus did not become',
      [fee, other, transferredFee, credit, ...build.settledWithSurplus()],
      build.unsettled({ shortfall: { ...part('1.00', 'f2'), creditId: 'c1' } }),
      'c9',
      'c1',
    ),
    corrupt(
      'a settlement reversed on a credit of another cause',
      [
        fee,
        transferredFee,
        build.settledWithSurplus()[0] as AccountEvent,
        { ...build.goodwill, data: { ...build.goodwill.data, creditId: 'c9' } },
      ],
      build.unsettled({ surplus: { creditId: 'c9', amount: '1.00' } }),
      'a credit of cause settlement',
      'c9',
    ),
    corrupt(
      'a payment reversed on a credit that it did not become',
      [credit, otherCredit],
      build.unpaid({ overpayment: { creditId: 'c2', amount: '1.00' } }),
      'c1',
      'c2',
    ),
    corrupt(
      'an application undone on another credit',
      [fee, credit, otherCredit, build.applied()],
      build.unapplied({}, { creditId: 'c2' }),
      'c1',
      'c2',
    ),
    corrupt(
      'a refund undone on another credit',
      [credit, otherCredit, build.refunded],
      build.unrefunded('2.00', { creditId: 'c2' }),
      'c1',
      'c2',
    ),
    corrupt(
      'a recall that uses a credit of another fee',
      [fee, other, transferredFee, transferred('t2', 'f2', '5.00'), reversedByCredit('c1', 'f2', '1.00')],
      build.recalledAgainst('c1', '1.00'),
      'a credit of the fee that was transferred',
      'c1',
    ),
    corrupt(
      'the recall of a credit that uses a credit',
      [fee, transferredFee, reversedByCredit('c1', 'f1', '5.00'), build.creditTransferred()],
      build.recalledAgainst('c1', '1.00', '1.00', { transferId: 't2' }),
      'a credit of the fee that was transferred',
      'c1',
    ),
  ],
  NamedTwice: [
    corrupt(
      'a recall that names a credit twice',
      [fee, transferredFee, reversedByCredit('c1', 'f1', '5.00')],
      build.recalled('2.00', { setOff: ['1.00', '1.00'].map((amount) => ({ creditId: 'c1', amount })) }),
      'each name once',
      'c1',
    ),
  ],
  AlreadyUndone: [
    corrupt(
      'a waiver undone twice',
      [fee, build.waived(), build.unwaived()],
      build.unwaived(),
      'a waiver that is not reversed',
      'w1',
    ),
    corrupt(
      'an application undone twice',
      [fee, credit, build.applied(), build.unapplied()],
      build.unapplied(),
      'an application that is not reversed',
      'a1',
    ),
    corrupt(
      'a refund undone twice',
      [credit, build.refunded, build.unrefunded()],
      build.unrefunded(),
      'a refund that is not reversed',
      'b1',
    ),
  ],
  AlreadyReturned: [
    corrupt(
      'an item that is returned twice',
      [lostFee, build.returned],
      build.returned,
      'one return per fee',
      'f1',
    ),
  ],
  NotReturned: [
    corrupt(
      'the credit of a return before the return',
      [lostFee],
      { ...build.setOff, data: { ...build.setOff.data, cause: 'returned' } },
      'LostItemReturned before its credits',
      'f1',
    ),
  ],
  NoLostItem: [build.setOff, build.returned].map((next) =>
    corrupt(`${next.type} of a fee that is not for a lost item`, [fee], next, 'a lost-item fee', 'f1'),
  ),
  NotAccruing: [
    build.increased(),
    build.ended(),
    { ...build.cancelled(), data: { ...build.cancelled().data, accrual: true, total: '0.00' } },
  ].map((next) =>
    corrupt(`${next.type} of a fee that does not accrue`, [fee], next, 'a fine that grows', 'f1'),
  ),
  AccrualEndedBefore: [build.increased(), build.ended('e2')].map((next) =>
    corrupt(
      `${next.type} after the end of the accrual`,
      [build.fine, build.ended()],
      next,
      'a fine that still grows',
      'f1',
    ),
  ),
  AccruingLostItem: [
    corrupt(
      'a lost-item fee that grows',
      [],
      { ...lostFee, data: { ...lostFee.data, accruing: true } },
      'a lost-item fee that does not grow',
      'f1',
    ),
  ],
  ForbiddenPurpose: [
    corrupt(
      'an external credit applied',
      [fee, transferredFee, reversedByCredit('c1', 'f1', '5.00')],
      build.applied(),
      'a credit that can be applied',
      'external',
    ),
    corrupt(
      'a reserved credit forfeited',
      [lostFee, build.setOff],
      build.creditCancelled('1.00', { forfeited: true }),
      'refundable or goodwill',
      'setOff',
    ),
    corrupt('goodwill paid out', [build.goodwill], build.refunded, 'refundable', 'goodwill'),
    corrupt(
      'goodwill transferred',
      [build.goodwill],
      build.creditTransferred(),
      'refundable or external',
      'goodwill',
    ),
    corrupt(
      'a set-off credit transferred',
      [lostFee, build.setOff],
      build.creditTransferred(),
      'refundable or external',
      'setOff',
    ),
    corrupt(
      'a refundable credit used by a recall',
      [fee, transferredFee, prepaid('p1', 'c1', '5.00')],
      build.recalledAgainst('c1', '1.00'),
      'external',
      'refundable',
    ),
  ],
} satisfies Partial<Record<HistoryFault, readonly CorruptHistory[]>>;
