import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import { assessed, event, paid, prepaid, reversedByCredit, transferred } from '../events.js';
import * as tell from './told.js';
import { type CorruptHistory, credit, fee, handedOver, lostFee, other, part, told } from './told.js';

const paidThree = [fee, paid('p1', 'f1', '3.00')];
const reversed = (amount: string) => [fee, handedOver, reversedByCredit('c1', 'f1', amount)];
const silent = event('FeeTransferred', {
  ...{ transferId: 't1', feeId: 'f1', amount: '5.00', expectsSettlement: false },
});
const givenBack = event('CreditIssued', {
  ...{ creditId: 'c1', feeId: 'f1', amount: '3.01', cause: 'cancelled', purpose: 'refundable' },
});
const spentSurplus = event('CreditRefunded', {
  ...{ refundId: 'b9', creditId: 'c9', amount: '0.50', method: 'CASH' },
});
const withdrawn = (amount: string, reversalId = 'r1') =>
  tell.unpaid({ reversalId, amount, overpayment: { creditId: 'c1', amount } });

/** Amounts that are more than is there, or no sum of their parts. Expected is what is left, found is the amount. */
export const miscounted = {
  AmountAboveWhatIsLeft: [
    told(
      'a settlement reversed above what was settled',
      [fee, handedOver, tell.settled('3.00')],
      tell.unsettled({ amount: '3.01' }),
      300,
      301,
    ),
    told(
      'a settlement reversed in two parts, above what was settled',
      [fee, handedOver, tell.settled('3.00'), tell.unsettled({ amount: '1.00', reversalId: 'r0' })],
      tell.unsettled({ amount: '2.01' }),
      200,
      201,
    ),
    told(
      'a settlement reversed with a surplus that it never had',
      [fee, handedOver, tell.settled('3.00'), credit],
      tell.unsettled({ surplus: { creditId: 'c1', amount: '1.00' } }),
      0,
      100,
    ),
    told(
      'a settlement reversed above its surplus',
      [fee, handedOver, ...tell.settledAbove()],
      tell.unsettled({ surplus: { creditId: 'c9', amount: '2.01' } }),
      200,
      201,
    ),
    told(
      'a settlement reversed above what is unused of its surplus credit',
      [fee, handedOver, ...tell.settledAbove(), spentSurplus],
      tell.unsettled({ surplus: { creditId: 'c9', amount: '1.51' } }),
      150,
      151,
    ),
    told(
      'a settlement reversed above what was cancelled of its surplus credit',
      [fee, handedOver, ...tell.settledAbove()],
      tell.unsettled({ surplus: { creditId: 'c9', amount: '0.00', cancelled: '1.00' } }),
      0,
      100,
    ),
    told(
      'a shortfall of a settlement above the fee that it is charged to',
      [fee, other, handedOver, ...tell.settledAbove(), assessed('f3', '0.50')],
      tell.unsettled({ shortfall: { feeId: 'f3', amount: '1.00', creditId: 'c9' } }),
      50,
      100,
    ),
    told('a payment above what is owed', [fee], paid('p1', 'f1', '10.01'), 1000, 1001),
    told('a payment of what is reserved', [lostFee, tell.setOff], paid('p1', 'f1', '6.01'), 600, 601),
    told('a waiver above what is owed', [fee, tell.waived()], tell.waived('6.01', 'w2'), 600, 601),
    told('a cancellation above what is owed', [fee], tell.cancelled('10.01'), 1000, 1001),
    told('a transfer above what is owed', [fee], transferred('t1', 'f1', '10.01'), 1000, 1001),
    told(
      'a set-off credit above what is owed',
      [assessed('f1', '3.00', { lostItem: true })],
      tell.setOff,
      300,
      400,
    ),
    told(
      'a set-off credit above what a payment has left',
      [lostFee, paid('p1', 'f1', '7.00')],
      tell.setOff,
      300,
      400,
    ),
    told(
      'a set-off credit above what another has left',
      [lostFee, tell.setOff, { ...tell.setOff, data: { ...tell.setOff.data, creditId: 'c2' } }],
      { ...tell.setOff, data: { ...tell.setOff.data, creditId: 'c3' } },
      200,
      400,
    ),
    told(
      'an external credit above what was transferred',
      reversed('9.00'),
      reversedByCredit('c2', 'f1', '1.01'),
      100,
      101,
    ),
    told('a refundable credit above what was paid', paidThree, givenBack, 300, 301),
    told('a credit applied above what is unused', [fee, credit], tell.applied('5.01'), 500, 501),
    told(
      'a credit applied above what is owed',
      [assessed('f1', '3.00'), credit],
      tell.applied('3.01'),
      300,
      301,
    ),
    told('a refund above what is unused', [prepaid('p1', 'c1', '1.00')], tell.refunded, 100, 200),
    told('a credit transferred above what is unused', [credit], tell.creditTransferred('5.01'), 500, 501),
    told('a credit cancelled above what is unused', [credit], tell.creditCancelled('5.01'), 500, 501),
    told(
      'a settlement above what is pending',
      [fee, handedOver, tell.settled('4.00')],
      tell.settled('6.01', { settlementId: 's2' }),
      600,
      601,
    ),
    told('a settlement where none was expected', [fee, silent], tell.settled(), 0, 100),
    told(
      'a recall of what was settled',
      [fee, handedOver, tell.settled('4.00')],
      tell.recalled('6.01'),
      600,
      601,
    ),
    told(
      'a recall that uses up more than it recalls',
      reversed('5.00'),
      tell.recalledAgainst('c1', '1.00', '2.00'),
      100,
      200,
    ),
    told(
      'a recall that uses up more than a credit has',
      reversed('2.00'),
      tell.recalledAgainst('c1', '3.00'),
      200,
      300,
    ),
    told('a recall of what credits have reversed', reversed('7.00'), tell.recalled('4.00'), 600, 700),
    told(
      'more reversed than a payment put on a fee',
      paidThree,
      tell.unpaid({ amount: '4.00', allocations: [part('4.00')] }),
      300,
      400,
    ),
    told(
      'reversed once more than a payment put on a fee',
      [...paidThree, tell.unpaid({ reversalId: 'r0', amount: '2.00', allocations: [part('2.00')] })],
      tell.unpaid({ amount: '2.00', allocations: [part('2.00')] }),
      100,
      200,
    ),
    told(
      'withdrawn once more than was overpaid',
      [credit, withdrawn('3.00', 'r0')],
      withdrawn('3.00'),
      200,
      300,
    ),
    told(
      'withdrawn and charged together more than was overpaid',
      [credit, assessed('f3', '9.00')],
      tell.unpaid({
        ...{ amount: '6.00', overpayment: { creditId: 'c1', amount: '1.00' } },
        shortfall: part('5.00', 'f3'),
      }),
      500,
      600,
    ),
    told('more withdrawn than was overpaid', [credit], withdrawn('6.00'), 500, 600),
    told('an overpayment withdrawn where there was none', paidThree, withdrawn('1.00'), 0, 100),
    told('an overpayment withdrawn that is used', [credit, tell.refunded], withdrawn('4.00'), 300, 400),
    told(
      'a shortfall above the fee that it is charged to',
      [credit, tell.refunded, assessed('f3', '1.00')],
      tell.unpaid({ amount: '2.00', shortfall: { ...part('2.00', 'f3'), creditId: 'c1' } }),
      100,
      200,
    ),
  ],
  AmountsDoNotAddUp: [
    told(
      'a settlement above what is pending while some still is',
      [fee, handedOver],
      tell.settled('3.00', { surplus: { creditId: 'c9', amount: '1.00' } }),
      300,
      1000,
    ),
    told(
      'a payment above its parts',
      [fee],
      tell.payment({ amount: '2.00', allocations: [part('1.00')] }),
      200,
      100,
    ),
    told(
      'a payment below its parts',
      [fee],
      tell.payment({ allocations: [part('1.00')], overpayment: { creditId: 'c1', amount: '1.00' } }),
      100,
      200,
    ),
    told('a payment without parts', [fee], tell.payment(), 100, 0),
    told('a reversal without parts', paidThree, tell.unpaid(), 100, 0),
    told('a waiver undone in part', [fee, tell.waived()], tell.unwaived('3.00'), 300, 400),
    told('a refund undone in part', [credit, tell.refunded], tell.unrefunded('1.00'), 100, 200),
    told('an application undone in part', [fee, credit, tell.applied('2.00')], tell.unapplied(), 100, 200),
    told(
      'an application undone on no fee',
      [fee, credit, tell.applied()],
      tell.unapplied({}, { allocations: [] }),
      'at least one allocation',
      0,
    ),
    told(
      'a credit applied to nothing',
      [fee, credit],
      event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: [] }),
      'at least one allocation',
      0,
    ),
  ],
} satisfies Partial<Record<HistoryFault, readonly CorruptHistory[]>>;
