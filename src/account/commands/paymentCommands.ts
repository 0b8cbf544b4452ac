import type { PaymentOrder } from '../../policy/paymentOrder.js';
import type { Allocation } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Record a payment by the patron. Without allocations the payment is spread over the given fees, or over all payable
 * fees if none are given.
 *
 * `(method, externalTransactionId)` identifies one transaction of a payment provider, which may be posted in several
 * parts. A part that names the same fees with the same amount as a recorded part is a repeat (a webhook that fires
 * twice), unless it is the `rest` and says the total. A repeat is accepted, changes nothing, and
 * {@link Accepted.repeats} names the recorded payment.
 *
 * With a total (`externalTransactionTotal`, or `part: 'whole'`), any other part is recorded up to what is left of the
 * total, and is a repeat if nothing is left. So never more than the total is recorded, however a client splits and
 * repeats its calls. Without a total, a part is recorded only if it cannot repeat another one: it names other fees, or
 * is the rest and names none.
 *
 * With overpayment `credit` no payment is refused for its amount: money already received can always be recorded, and
 * the part that no fee can take becomes a refundable credit.
 *
 * Refused: {@link ExternalTransactionAlreadyUsed}, {@link ExceedsTransactionTotal}, {@link TransactionAmbiguous},
 * {@link PaymentMethodUnknown}, {@link FeeNotFound}, {@link FeeIsDisputed}, {@link PaymentExceedsOwed},
 * {@link AllocationsDoNotAddUp}, {@link OnlinePaymentsOff}.
 *
 * @events {@link PaymentReceived}.
 */
export type ReceivePayment = CommandBase & {
  /** The command's name. */
  readonly type: 'ReceivePayment';
  /** The amount paid, a decimal string. */
  readonly amount: string;
  /** A payment method of the policy. */
  readonly method: string;
  /** The amount for each fee, each fee once. Not with `feeIds` or `order`; spread by `order` if left out. */
  readonly allocations?: readonly Allocation[];
  /** The only fees that the payment may pay, each once; all fees that are not disputed if left out. */
  readonly feeIds?: readonly string[];
  /** The order in which the payment is spread over fees; the policy's if left out. */
  readonly order?: PaymentOrder;
  /** Whether the amount above what is owed is refused or becomes a credit; the policy's rule if left out. */
  readonly overpayment?: 'refuse' | 'credit';
  /** The payment provider's transaction id, the same for all parts of one transaction; none if left out. */
  readonly externalTransactionId?: string;
  /**
   * What the whole transaction pays in this account, without the provider's or a service fee: a decimal string. Given
   * with one part, it applies to all parts. Only with an external transaction id; unknown if left out.
   */
  readonly externalTransactionTotal?: string;
  /**
   * Which part of its transaction the payment is; only with an external transaction id.
   *
   * - `whole`: its amount is the transaction's total.
   * - `rest`: other money than the parts that name fees. It names no fees itself, unless it says the total: then it is
   *   other money than every recorded part, and is recorded as far as the total leaves room.
   *
   * @defaultValue unknown: decided by the fees and amounts of the recorded parts
   */
  readonly part?: 'whole' | 'rest';
  /** A reference of the caller's choice, such as a cheque number; none if left out. */
  readonly reference?: string;
};

/** The new fee for the shortfall: the amount of a credit that a reversal cannot withdraw because it is already used. */
export type ShortfallFee = {
  /** The new fee's id. */
  readonly feeId: string;
  /** A fee type of the policy. */
  readonly feeType: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
};

/**
 * Undo a payment, in full or in part. Its overpayment credit is withdrawn first, then its allocations are undone, last
 * to first, then the amount that {@link CancelCredit} withdrew from the credit. The fees are open again as before.
 *
 * `(method, externalTransactionId)` identifies one refund or chargeback of a payment provider, as in
 * {@link RefundCredit}: reported again, it is a repeat.
 *
 * Refused: {@link PaymentNotFound}, {@link ExternalRefundAlreadyUsed}, {@link ExceedsTransactionTotal},
 * {@link TransactionAmbiguous}, {@link AlreadyUndone}, {@link ReversalExceedsPayment}, {@link CreditInUse} (the
 * overpayment credit is used: undo that first, or name a fee for the shortfall), {@link IdAlreadyUsed},
 * {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeOwnerMissing}, {@link PaymentMethodUnknown}.
 *
 * @events {@link PaymentReversed}; {@link FeeAssessed} for a shortfall.
 */
export type ReversePayment = CommandBase & {
  /** The command's name. */
  readonly type: 'ReversePayment';
  /** The payment to undo. */
  readonly paymentId: string;
  /** The amount to undo, a decimal string; all that was not reversed before if left out. */
  readonly amount?: string;
  /** The payment method by which the money goes back; the payment's method if left out. */
  readonly method?: string;
  /** The payment provider's id of the refund or chargeback, not of the payment; none if left out. */
  readonly externalTransactionId?: string;
  /**
   * What the provider's whole refund pays back in this account: a decimal string. It can then be paid back from several
   * credits and payments. Only with an external transaction id; unknown if left out.
   */
  readonly externalTransactionTotal?: string;
  /**
   * The new fee for the used part of the overpayment credit.
   *
   * @defaultValue a reversal with a shortfall is refused
   */
  readonly shortfallFee?: ShortfallFee;
};
