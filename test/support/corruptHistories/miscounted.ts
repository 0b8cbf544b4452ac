import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import { assessed, event, paid, prepaid, reversedByCredit, transferred } from '../events.js';
import * as build from './corruptHistory.js';
import {
  type CorruptHistory,
  corrupt,
  credit,
  fee,
  lostFee,
  other,
  part,
  transferredFee,
} from './corruptHistory.js';

const paidThree = [fee, paid('p1', 'f1', '3.00')];
const reversed = (amount: string) => [fee, transferredFee, reversedByCredit('c1', 'f1', amount)];
const silent = event('FeeTransferred', {
  transferId: 't1',
  feeId: 'f1',
  amount: '5.00',
  expectsSettlement: false,
});
const givenBack = event('CreditIssued', {
  creditId: 'c1',
  feeId: 'f1',
  amount: '3.01',
  cause: 'cancelled',
  purpose: 'refundable',
});
const spentSurplus = event('CreditRefunded', {
  refundId: 'b9',
  creditId: 'c9',
  amount: '0.50',
  method: 'CASH',
});
const withdrawn = (amount: string, reversalId = 'r1') =>
  build.unpaid({ reversalId, amount, overpayment: { creditId: 'c1', amount } });

/**
 * Amounts that exceed what is left, or differ from the sum of their parts. `expected` is what is left, `found` the
 * amount.
 */
export const miscounted = {
  AmountAboveWhatIsLeft: [
    corrupt(
      'a fine charged above its total',
      [],
      assessed('f1', '10.00', { accruing: true, total: '9.99' }),
      999,
      1_000,
    ),
    corrupt('a fine that grows above its total', [build.fine], build.increased('1.01'), 1_100, 1_101),
    corrupt('a fine lowered below its total', [build.fine], build.lowered('1.01', '9.00'), 899, 900),
    corrupt(
      'a refund of more than its total',
      [credit],
      event('CreditRefunded', {
        ...{ refundId: 'b1', creditId: 'c1', amount: '2.00', method: 'ONLINE' },
        ...{ externalTransactionId: 're_1', externalTransactionTotal: '1.99' },
      }),
      199,
      200,
    ),
    corrupt(
      'a reversal of more than the total of its refund',
      paidThree,
      event('PaymentReversed', {
        ...{
          reversalId: 'r1',
          paymentId: 'p1',
          amount: '3.00',
          method: 'ONLINE',
          allocations: [part('3.00')],
        },
        ...{ externalTransactionId: 're_1', externalTransactionTotal: '2.99' },
      }),
      299,
      300,
    ),
    corrupt(
      'a payment of more than the total of its transaction',
      [fee],
      event('PaymentReceived', {
        ...{ paymentId: 'p1', amount: '3.00', method: 'ONLINE', allocations: [part('3.00')] },
        ...{ externalTransactionId: 'x1', feesNamed: [], externalTransactionTotal: '2.99' },
      }),
      299,
      300,
    ),
    corrupt(
      'a fine that grows past the largest amount',
      [build.fine],
      build.increased('9999999990.00', '9999999999.99'),
      999_999_999_999,
      1_000_000_000_000,
    ),
    corrupt(
      'a settlement reversed above what was settled',
      [fee, transferredFee, build.settled('3.00')],
      build.unsettled({ amount: '3.01' }),
      300,
      301,
    ),
    corrupt(
      'a settlement reversed in two parts, above what was settled',
      [fee, transferredFee, build.settled('3.00'), build.unsettled({ amount: '1.00', reversalId: 'r0' })],
      build.unsettled({ amount: '2.01' }),
      200,
      201,
    ),
    corrupt(
      'a settlement reversed with a surplus that it never had',
      [fee, transferredFee, build.settled('3.00'), credit],
      build.unsettled({ surplus: { creditId: 'c1', amount: '1.00' } }),
      0,
      100,
    ),
    corrupt(
      'a settlement reversed above its surplus',
      [fee, transferredFee, ...build.settledWithSurplus()],
      build.unsettled({ surplus: { creditId: 'c9', amount: '2.01' } }),
      200,
      201,
    ),
    corrupt(
      'a settlement reversed above what is unused of its surplus credit',
      [fee, transferredFee, ...build.settledWithSurplus(), spentSurplus],
      build.unsettled({ surplus: { creditId: 'c9', amount: '1.51' } }),
      150,
      151,
    ),
    corrupt(
      'a settlement reversed above what was cancelled of its surplus credit',
      [fee, transferredFee, ...build.settledWithSurplus()],
      build.unsettled({ surplus: { creditId: 'c9', amount: '0.00', cancelled: '1.00' } }),
      0,
      100,
    ),
    corrupt(
      'a shortfall of a settlement above the fee that it is charged to',
      [fee, other, transferredFee, ...build.settledWithSurplus(), assessed('f3', '0.50')],
      build.unsettled({ shortfall: { feeId: 'f3', amount: '1.00', creditId: 'c9' } }),
      50,
      100,
    ),
    corrupt('a payment above what is owed', [fee], paid('p1', 'f1', '10.01'), 1000, 1001),
    corrupt('a payment of a reserved amount', [lostFee, build.setOff], paid('p1', 'f1', '6.01'), 600, 601),
    corrupt('a waiver above what is owed', [fee, build.waived()], build.waived('6.01', 'w2'), 600, 601),
    corrupt('a cancellation above what is owed', [fee], build.cancelled('10.01'), 1000, 1001),
    corrupt('a transfer above what is owed', [fee], transferred('t1', 'f1', '10.01'), 1000, 1001),
    corrupt(
      'a set-off credit above what is owed',
      [assessed('f1', '3.00', { lostItem: true })],
      build.setOff,
      300,
      400,
    ),
    corrupt(
      'a set-off credit above what a payment leaves',
      [lostFee, paid('p1', 'f1', '7.00')],
      build.setOff,
      300,
      400,
    ),
    corrupt(
      'a set-off credit above what another credit leaves',
      [lostFee, build.setOff, { ...build.setOff, data: { ...build.setOff.data, creditId: 'c2' } }],
      { ...build.setOff, data: { ...build.setOff.data, creditId: 'c3' } },
      200,
      400,
    ),
    corrupt(
      'an external credit above what was transferred',
      reversed('9.00'),
      reversedByCredit('c2', 'f1', '1.01'),
      100,
      101,
    ),
    corrupt('a refundable credit above what was paid', paidThree, givenBack, 300, 301),
    corrupt('a credit applied above what is unused', [fee, credit], build.applied('5.01'), 500, 501),
    corrupt(
      'a credit applied above what is owed',
      [assessed('f1', '3.00'), credit],
      build.applied('3.01'),
      300,
      301,
    ),
    corrupt('a refund above what is unused', [prepaid('p1', 'c1', '1.00')], build.refunded, 100, 200),
    corrupt('a credit transferred above what is unused', [credit], build.creditTransferred('5.01'), 500, 501),
    corrupt('a credit cancelled above what is unused', [credit], build.creditCancelled('5.01'), 500, 501),
    corrupt(
      'a settlement above what is pending',
      [fee, transferredFee, build.settled('4.00')],
      build.settled('6.01', { settlementId: 's2' }),
      600,
      601,
    ),
    corrupt('a settlement that was not expected', [fee, silent], build.settled(), 0, 100),
    corrupt(
      'a recall above what is not settled',
      [fee, transferredFee, build.settled('4.00')],
      build.recalled('6.01'),
      600,
      601,
    ),
    corrupt(
      'a recall that uses more than it recalls',
      reversed('5.00'),
      build.recalledAgainst('c1', '1.00', '2.00'),
      100,
      200,
    ),
    corrupt(
      'a recall that uses more than a credit has',
      reversed('2.00'),
      build.recalledAgainst('c1', '3.00'),
      200,
      300,
    ),
    corrupt(
      'a recall above what credits have not reversed',
      reversed('7.00'),
      build.recalled('4.00'),
      600,
      700,
    ),
    corrupt(
      'a reversal above what a payment allocated to a fee',
      paidThree,
      build.unpaid({ amount: '4.00', allocations: [part('4.00')] }),
      300,
      400,
    ),
    corrupt(
      'a second reversal above what a payment allocated to a fee',
      [...paidThree, build.unpaid({ reversalId: 'r0', amount: '2.00', allocations: [part('2.00')] })],
      build.unpaid({ amount: '2.00', allocations: [part('2.00')] }),
      100,
      200,
    ),
    corrupt(
      'a second withdrawal above the overpayment',
      [credit, withdrawn('3.00', 'r0')],
      withdrawn('3.00'),
      200,
      300,
    ),
    corrupt(
      'a withdrawal and a charge together above the overpayment',
      [credit, assessed('f3', '9.00')],
      build.unpaid({
        amount: '6.00',
        overpayment: { creditId: 'c1', amount: '1.00' },
        shortfall: part('5.00', 'f3'),
      }),
      500,
      600,
    ),
    corrupt('a withdrawal above the overpayment', [credit], withdrawn('6.00'), 500, 600),
    corrupt('a withdrawal without an overpayment', paidThree, withdrawn('1.00'), 0, 100),
    corrupt('a withdrawal of a used overpayment', [credit, build.refunded], withdrawn('4.00'), 300, 400),
    corrupt(
      'a shortfall above the fee that it is charged to',
      [credit, build.refunded, assessed('f3', '1.00')],
      build.unpaid({ amount: '2.00', shortfall: { ...part('2.00', 'f3'), creditId: 'c1' } }),
      100,
      200,
    ),
  ],
  AmountsDoNotAddUp: [
    corrupt(
      'a settlement with a surplus while an amount is still pending',
      [fee, transferredFee],
      build.settled('3.00', { surplus: { creditId: 'c9', amount: '1.00' } }),
      300,
      1000,
    ),
    corrupt(
      'a payment above its parts',
      [fee],
      build.payment({ amount: '2.00', allocations: [part('1.00')] }),
      200,
      100,
    ),
    corrupt(
      'a payment below its parts',
      [fee],
      build.payment({ allocations: [part('1.00')], overpayment: { creditId: 'c1', amount: '1.00' } }),
      100,
      200,
    ),
    corrupt('a payment without parts', [fee], build.payment(), 100, 0),
    corrupt('a reversal without parts', paidThree, build.unpaid(), 100, 0),
    corrupt('a waiver undone in part', [fee, build.waived()], build.unwaived('3.00'), 300, 400),
    corrupt('a refund undone in part', [credit, build.refunded], build.unrefunded('1.00'), 100, 200),
    corrupt(
      'an application undone in part',
      [fee, credit, build.applied('2.00')],
      build.unapplied(),
      100,
      200,
    ),
    corrupt(
      'an application undone without allocations',
      [fee, credit, build.applied()],
      build.unapplied({}, { allocations: [] }),
      'at least one allocation',
      0,
    ),
    corrupt(
      'a credit applied without allocations',
      [fee, credit],
      event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: [] }),
      'at least one allocation',
      0,
    ),
  ],
} satisfies Partial<Record<HistoryFault, readonly CorruptHistory[]>>;
