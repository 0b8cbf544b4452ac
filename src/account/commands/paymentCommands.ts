import type { PaymentOrder } from '../../policy/paymentOrder.js';
import type { Allocation } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Take a payment. Without allocations it is spread over all fees that can be paid, or the named ones.
 *
 * `(method, externalTransactionId)` names one transaction of a payment provider, which may be posted in several parts:
 * each names other fees, or the last one, the rest, names none. A part that names the same fees with the same amount as
 * a recorded one is a repeat (a webhook that fires twice): it is accepted, changes nothing, and {@link Accepted.repeats}
 * names the payment. With overpayment `credit` no payment is ever refused for its amount: money in hand can always be
 * recorded, and what no fee can take becomes a refundable credit.
 *
 * Refused: {@link ExternalTransactionAlreadyUsed}, {@link PaymentMethodUnknown}, {@link FeeNotFound},
 * {@link FeeIsDisputed}, {@link PaymentExceedsOwed}, {@link AllocationsDoNotAddUp}.
 *
 * @events {@link PaymentReceived}.
 */
export type ReceivePayment = CommandBase & {
  /** The command's name. */
  readonly type: 'ReceivePayment';
  /** What was paid, a decimal string. */
  readonly amount: string;
  /** A payment method of the policy. */
  readonly method: string;
  /** Which part goes to which fee, each fee once; excludes `feeIds` and `order`. */
  readonly allocations?: readonly Allocation[];
  /** The only fees that the payment is for, each once. */
  readonly feeIds?: readonly string[];
  /** In which order it is spread; the policy's if left out. */
  readonly order?: PaymentOrder;
  /** What becomes of the part above what is owed; the policy's rule if left out. */
  readonly overpayment?: 'refuse' | 'credit';
  /** The id that the payment provider gave; the same for all parts of one transaction. */
  readonly externalTransactionId?: string;
  /** A free reference, e.g. a cheque number. */
  readonly reference?: string;
};

/** A new fee that what cannot be withdrawn is charged to. */
export type ShortfallFee = {
  /** The new fee's id. */
  readonly feeId: string;
  /** A fee type of the policy. */
  readonly feeType: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
};

/**
 * Undo a payment, whole or in part: its overpayment credit first, then its allocations, last to first, then what
 * {@link CancelCredit} took of the credit. The fees reopen as they were.
 *
 * Refused: {@link PaymentNotFound}, {@link AlreadyUndone}, {@link ReversalExceedsPayment}, {@link CreditInUse} (the
 * overpayment credit is used: undo that first, or name a fee for the shortfall), {@link IdAlreadyUsed},
 * {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeOwnerMissing}, {@link PaymentMethodUnknown}.
 *
 * @events {@link PaymentReversed}; {@link FeeAssessed} for a shortfall.
 */
export type ReversePayment = CommandBase & {
  /** The command's name. */
  readonly type: 'ReversePayment';
  /** The payment. */
  readonly paymentId: string;
  /** The part, a decimal string; all that was not reversed yet if left out. */
  readonly amount?: string;
  /** How the money goes back; the payment's method if left out. */
  readonly method?: string;
  /** Where to charge what was used of the overpayment credit; without it such a reversal is refused. */
  readonly shortfallFee?: ShortfallFee;
};
