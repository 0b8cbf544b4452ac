import type { PaymentOrder } from '../../policy/paymentOrder.js';
import type { Allocation, Item } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Give the patron a credit: one that staff issue (`manual`, goodwill) or one from another system (`imported`).
 *
 * Refused: {@link ReasonUnknown}, {@link AccountMergedRejection | AccountMerged}.
 *
 * @events {@link CreditIssued}.
 */
export type IssueCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'IssueCredit';
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The library that owes the credit; none if left out. */
  readonly owner?: string;
  /** The item that the credit is about; none if left out. */
  readonly item?: Item;
} & CreditOrigin;

/** Where a credit comes from: issued by staff with a reason, or taken over from another system. */
export type CreditOrigin =
  | {
      /** Issued by staff. */
      readonly cause: 'manual';
      /** One of the policy's reasons for a credit. */
      readonly reason: string;
      /** Always `goodwill`. */
      readonly purpose?: 'goodwill';
    }
  | {
      /** Taken over from another system. */
      readonly cause: 'imported';
      /**
       * What the credit may be used for.
       *
       * @defaultValue `'refundable'`
       */
      readonly purpose?: 'refundable' | 'goodwill';
    };

/**
 * Withdraw the unused part of a credit, in full or in part, for any reason, or because nobody fetched it (`forfeit`).
 *
 * Refused: {@link CreditNotFound}, {@link CreditUsedUp}, {@link AmountExceedsCredit}; to forfeit also
 * {@link CreditPurposeForbids}, {@link CreditNotForfeitable}.
 *
 * @events {@link CreditCancelled}.
 */
export type CancelCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'CancelCredit';
  /** The credit. */
  readonly creditId: string;
  /** The amount to withdraw, a decimal string; all that is unused if left out. */
  readonly amount?: string;
  /**
   * Whether it is forfeited: the patron has not fetched it for the policy's `forfeitAfterDays`, and the money becomes
   * income. Only of `refundable` and `goodwill` credits.
   *
   * @defaultValue `false`
   */
  readonly forfeit?: boolean;
};

/**
 * Use a credit to pay fees. Without allocations the credit is spread over the given fees, or over all payable fees if
 * none are given. A `setOff` credit always goes to its own fee.
 *
 * Refused: {@link CreditNotFound}, {@link CreditPurposeForbids}, {@link CreditUsedUp}, {@link AmountExceedsCredit},
 * {@link FeeNotFound}, {@link FeeIsDisputed}, {@link ApplicationExceedsOwed}, {@link NothingOwed},
 * {@link AllocationsDoNotAddUp}.
 *
 * @events {@link CreditApplied}.
 */
export type ApplyCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'ApplyCredit';
  /** The credit. */
  readonly creditId: string;
  /** The amount to use, a decimal string; as much as is unused and owed if left out. */
  readonly amount?: string;
  /** The amount for each fee, each fee once. Not with `feeIds` or `order`; spread by `order` if left out. */
  readonly allocations?: readonly Allocation[];
  /** The only fees that the credit may pay, each once; all fees that it may pay if left out. */
  readonly feeIds?: readonly string[];
  /** The order in which the credit is spread over fees; the policy's if left out. */
  readonly order?: PaymentOrder;
};

/**
 * Undo the use of a credit, for all fees for which it was not undone before.
 *
 * Refused: {@link CreditApplicationNotFound}, {@link AlreadyUndone}, {@link AppliedAgain}.
 *
 * @events {@link CreditApplicationReversed}.
 */
export type ReverseCreditApplication = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseCreditApplication';
  /** The application to undo. */
  readonly applicationId: string;
};

/**
 * Pay out a refundable credit to the patron, in full or in part.
 *
 * `(method, externalTransactionId)` identifies one refund of a payment provider, whether it is reported by this
 * command or by {@link ReversePayment}. Reported again for the same credit and amount (or without one), or for the
 * payment behind the credit, it is a repeat: accepted, without events. For another credit or payment it is a further
 * part if the refund's total is known.
 *
 * Refused: {@link CreditNotFound}, {@link ExternalRefundAlreadyUsed}, {@link ExceedsTransactionTotal},
 * {@link TransactionAmbiguous}, {@link CreditPurposeForbids}, {@link CreditUsedUp}, {@link AmountExceedsCredit},
 * {@link PaymentMethodUnknown}.
 *
 * @events {@link CreditRefunded}.
 */
export type RefundCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'RefundCredit';
  /** The credit. */
  readonly creditId: string;
  /** The amount to pay out, a decimal string; all that is unused if left out. */
  readonly amount?: string;
  /** The payment method of the policy by which it is paid out. */
  readonly method: string;
  /** The payment provider's id of the refund, not of the payment; none if left out. */
  readonly externalTransactionId?: string;
  /**
   * What the provider's whole refund pays back in this account: a decimal string. It can then be paid back from several
   * credits and payments. Only with an external transaction id; unknown if left out.
   */
  readonly externalTransactionTotal?: string;
  /** A reference of the caller's choice; none if left out. */
  readonly reference?: string;
};

/**
 * Undo a refund in full, because the money came back.
 *
 * Refused: {@link RefundNotFound}, {@link AlreadyUndone}.
 *
 * @events {@link RefundReversed}.
 */
export type ReverseRefund = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseRefund';
  /** The refund to undo. */
  readonly refundId: string;
};
