import type { Actor } from '../account/circumstances.js';
import { type Fee, remaining } from '../account/fee.js';
import { balances, findFee, findPayment, type PatronAccount } from '../account/patronAccount.js';
import { reversedOf } from '../account/records.js';
import { PatronFeesError } from '../errors.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { codeLabel, feeTypeLabel } from './codeLabel.js';

/** How a receipt is written. */
export type ReceiptOptions = {
  /**
   * The institution's policy, for the labels of fee types and methods; codes show without it.
   *
   * @defaultValue codes in place of labels
   */
  readonly policy?: FeePolicy | undefined;
};

/** What of a payment went to one fee. */
export type ReceiptAllocation = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** What a person sees for the type. */
  readonly feeTypeLabel: string;
  /** The title of its item; null if it has none. */
  readonly title: string | null;
  /** The library that owns it. */
  readonly owner: string;
  /** What went to it, a decimal string. */
  readonly amount: string;
  /** What of that has been reversed since. */
  readonly reversed: string;
  /** What remains of the fee now. */
  readonly remaining: string;
};

/** What of a payment was above what was owed. */
export type ReceiptOverpayment = {
  /** The refundable credit it became. */
  readonly creditId: string;
  /** How much, a decimal string. */
  readonly amount: string;
  /** What of that has been reversed since. */
  readonly reversed: string;
};

/** A receipt for one payment. Absent details are null. */
export type Receipt = {
  /** The payment. */
  readonly paymentId: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** What was paid, a decimal string: allocations and overpayment together. */
  readonly amount: string;
  /** What of it has been reversed since. */
  readonly reversed: string;
  /** What of it stands: the amount less what was reversed. */
  readonly standing: string;
  /** The code of the payment method. */
  readonly method: string;
  /** What a person sees for the method. */
  readonly methodLabel: string;
  /** When it was paid. */
  readonly at: string;
  /** Who took it. */
  readonly by: Actor | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The id that the payment provider gave. */
  readonly externalTransactionId: string | null;
  /** A free reference, e.g. a cheque number. */
  readonly reference: string | null;
  /** Where the money went. */
  readonly allocations: readonly ReceiptAllocation[];
  /** What was above what was owed. */
  readonly overpayment: ReceiptOverpayment | null;
  /** What the patron still can pay, on all fees that are not disputed. */
  readonly remainingPayable: string;
};

/**
 * A receipt for one payment, as the account stands now: what was reversed since shows, and so does what is still open.
 *
 * For a receipt as of the payment, pass the account as of that version.
 *
 * @param account - a patron account
 * @param paymentId - a payment of it
 * @param options - the policy for labels
 * @returns the receipt, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` when the account has no such payment; `INVALID_POLICY` for a policy with
 * faults
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
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
 * receipt(account, 'p1').amount; //=> '22.23'
 * receipt(account, 'p1').remainingPayable; //=> '2.77'
 * ```
 */
export function receipt(account: PatronAccount, paymentId: string, options: ReceiptOptions = {}): Receipt {
  const write = amountWriter(account);
  const payment = findPayment(account, paymentId);
  if (payment === undefined)
    throw new PatronFeesError('NOT_FOUND', 'the account has no such payment', { paymentId });
  const policy = options.policy && definedPolicy(options.policy);
  const { method, at, by, comment, externalTransactionId, reference, overpayment } = payment;
  const reversed = reversedOf(payment);
  return {
    paymentId,
    currency: account.currency as string,
    amount: write(payment.amount),
    reversed: write(reversed),
    standing: write(payment.amount - reversed),
    method,
    methodLabel: codeLabel(policy?.paymentMethods, method),
    at,
    by: by && { ...by },
    comment,
    externalTransactionId,
    reference,
    allocations: payment.allocations.map((allocation) => {
      const fee = findFee(account, allocation.feeId) as Fee;
      return {
        feeId: fee.feeId,
        feeType: fee.feeType,
        feeTypeLabel: feeTypeLabel(policy, fee.feeType),
        title: fee.item?.title ?? null,
        owner: fee.owner,
        amount: write(allocation.amount),
        reversed: write(allocation.reversed),
        remaining: write(remaining(fee)),
      };
    }),
    overpayment: overpayment && {
      creditId: overpayment.creditId,
      amount: write(overpayment.amount),
      reversed: write(overpayment.reversed),
    },
    remainingPayable: write(balances(account).payable),
  };
}
