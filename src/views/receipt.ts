import * as v from 'valibot';
import { isAccruing } from '../account/accrual.js';
import type { RecordedActor } from '../account/circumstances.js';
import { type Fee, remaining } from '../account/fee.js';
import { balancesInMinorUnits, findFee, findPayment, type PatronAccount } from '../account/patronAccount.js';
import { reversedOf } from '../account/records.js';
import { vatOfTransaction } from '../account/vat.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { shown } from '../input/shown.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { codeLabel, feeTypeLabel } from './codeLabel.js';
import { type ReceiptVat, vatByRate } from './receiptVat.js';

/** Options of {@link receipt}. */
export type ReceiptOptions = {
  /** The payment. */
  readonly paymentId: string;
};

/** The part of a payment that went to one fee. Amounts are decimal strings. */
export type ReceiptAllocation = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** The label of the type. */
  readonly feeTypeLabel: string;
  /** The title of its item, or null. */
  readonly title: string | null;
  /** The owning library. */
  readonly owner: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The part of the amount that has been reversed since. */
  readonly reversed: string;
  /** The rate of the tax that the amount includes, in percent; null without tax. */
  readonly vatPercent: number | null;
  /** The tax that the amount includes, a decimal string; zero without tax. */
  readonly vat: string;
  /** What remains of the fee now. */
  readonly remaining: string;
  /** Whether the fee is a fine that still grows; more may be charged. */
  readonly accruing: boolean;
  /** The payment plan that the fee is in now. */
  readonly planId: string | null;
};

/** The part of a payment above what was owed. Amounts are decimal strings. */
export type ReceiptOverpayment = {
  /** The refundable credit it became. */
  readonly creditId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The part of the amount that has been reversed since. */
  readonly reversed: string;
};

/** A receipt for one payment. Absent details are null. Amounts are decimal strings. */
export type Receipt = {
  /** The payment. */
  readonly paymentId: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** What was paid: the sum of allocations and overpayment, a decimal string. */
  readonly amount: string;
  /** The part of the amount that has been reversed since. */
  readonly reversed: string;
  /** The amount less what has been reversed. */
  readonly netAmount: string;
  /** The code of the payment method. */
  readonly method: string;
  /** The label of the method. */
  readonly methodLabel: string;
  /** The time of the payment: ISO 8601 with a zone. */
  readonly at: string;
  /** Who recorded it. */
  readonly by: RecordedActor | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The payment provider's id. */
  readonly externalTransactionId: string | null;
  /** A free reference, e.g. a cheque number. */
  readonly reference: string | null;
  /** The parts of the payment, one per fee. */
  readonly allocations: readonly ReceiptAllocation[];
  /** The part above what was owed. */
  readonly overpayment: ReceiptOverpayment | null;
  /** The sums of the allocations with tax, by rate; empty without tax. An overpayment has no tax. */
  readonly vat: readonly ReceiptVat[];
  /** What the patron can pay now on all fees that are not disputed. */
  readonly remainingPayable: string;
};

/**
 * Returns the receipt of one payment, with what has been reversed since and what remains to be paid now.
 *
 * For a receipt as of the payment, pass the account as of that version.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, for labels; types and methods that it no longer has show as codes
 * @param options - the payment
 * @returns the receipt, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has no such payment;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { receipt } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: {
 *       paymentId: 'p1',
 *       amount: '22.23',
 *       currency: 'USD',
 *       method: 'CASH',
 *       allocations: [{ feeId: 'f1', amount: '22.23' }],
 *       at,
 *     },
 *   },
 * ]);
 * const { amount, remainingPayable } = receipt(account, definePolicy({ currency: 'USD' }), { paymentId: 'p1' });
 * [amount, remainingPayable]; //=> ['22.23', '2.77']
 * ```
 */
export function receipt(account: PatronAccount, policy: FeePolicy, options: ReceiptOptions): Receipt {
  const known = definedPolicy(policy);
  const write = amountWriter(account);
  const { paymentId } = checkedArgument(v.object({ paymentId: v.string() }), options, 'options');
  const payment = findPayment(account, paymentId);
  if (payment === undefined)
    throw new PatronFeesError('NOT_FOUND', `the account has no payment ${shown(paymentId)}`, { paymentId });
  const { method, at, by, comment, externalTransactionId, reference, overpayment } = payment;
  const reversed = reversedOf(payment);
  const taxOf = (feeId: string) => vatOfTransaction(account, feeId, paymentId);
  const feeOf = (feeId: string) => findFee(account, feeId) as Fee;
  const taxed = payment.allocations.map(({ feeId, amount }) => ({
    vatPercent: feeOf(feeId).vatPercent,
    amount,
    tax: taxOf(feeId),
  }));
  return {
    paymentId,
    currency: account.currency as string,
    amount: write(payment.amount),
    reversed: write(reversed),
    netAmount: write(payment.amount - reversed),
    method,
    methodLabel: codeLabel(known.paymentMethods, method),
    at,
    by: by && { ...by },
    comment,
    externalTransactionId,
    reference,
    allocations: payment.allocations.map((allocation) => {
      const fee = feeOf(allocation.feeId);
      return {
        feeId: fee.feeId,
        feeType: fee.feeType,
        feeTypeLabel: feeTypeLabel(known, fee.feeType),
        title: fee.item?.title ?? null,
        owner: fee.owner,
        amount: write(allocation.amount),
        reversed: write(allocation.reversed),
        vatPercent: fee.vatPercent,
        vat: write(taxOf(fee.feeId)),
        remaining: write(remaining(fee)),
        accruing: isAccruing(fee),
        planId: fee.planId,
      };
    }),
    overpayment: overpayment && {
      creditId: overpayment.creditId,
      amount: write(overpayment.amount),
      reversed: write(overpayment.reversed),
    },
    vat: vatByRate(taxed, account.minorDigits),
    remainingPayable: write(balancesInMinorUnits(account).payable),
  };
}
