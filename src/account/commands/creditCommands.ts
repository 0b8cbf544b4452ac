import type { PaymentOrder } from '../../policy/paymentOrder.js';
import type { Allocation, Item } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Give a credit by hand (`manual`, goodwill), or take one over from another system (`imported`).
 *
 * Refused: {@link ReasonUnknown}.
 *
 * @events {@link CreditIssued}.
 */
export type IssueCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'IssueCredit';
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The library that owes it. */
  readonly owner?: string;
  /** The item it is about. */
  readonly item?: Item;
} & CreditOrigin;

/** Where a credit comes from: from staff, with a reason, or from another system. */
export type CreditOrigin =
  | {
      /** By hand. */
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
 * Withdraw what is unused of a credit, whole or a part.
 *
 * Refused: {@link CreditNotFound}, {@link CreditUsedUp}, {@link AmountExceedsCredit}.
 *
 * @events {@link CreditCancelled}.
 */
export type CancelCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'CancelCredit';
  /** The credit. */
  readonly creditId: string;
  /** The part, a decimal string; all that is unused if left out. */
  readonly amount?: string;
};

/**
 * Use a credit to settle fees. Without allocations it is spread over all fees that can be paid, or the named ones; a
 * `setOff` credit goes to its own fee.
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
  /** The part, a decimal string; as much as is unused and owed if left out. */
  readonly amount?: string;
  /** Which part goes to which fee, each fee once; excludes `feeIds` and `order`. */
  readonly allocations?: readonly Allocation[];
  /** The only fees that the credit is for, each once. */
  readonly feeIds?: readonly string[];
  /** In which order it is spread; the policy's if left out. */
  readonly order?: PaymentOrder;
};

/**
 * Undo the use of a credit: all of it that was not undone before.
 *
 * Refused: {@link CreditApplicationNotFound}, {@link AlreadyUndone}.
 *
 * @events {@link CreditApplicationReversed}.
 */
export type ReverseCreditApplication = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseCreditApplication';
  /** The application. */
  readonly applicationId: string;
};

/**
 * Pay out a refundable credit, whole or a part.
 *
 * Refused: {@link CreditNotFound}, {@link CreditPurposeForbids}, {@link CreditUsedUp}, {@link AmountExceedsCredit},
 * {@link PaymentMethodUnknown}.
 *
 * @events {@link CreditRefunded}.
 */
export type RefundCredit = CommandBase & {
  /** The command's name. */
  readonly type: 'RefundCredit';
  /** The credit. */
  readonly creditId: string;
  /** The part, a decimal string; all that is unused if left out. */
  readonly amount?: string;
  /** How it is paid out: a payment method of the policy. */
  readonly method: string;
  /** The id that the payment provider gave. */
  readonly externalTransactionId?: string;
  /** A free reference. */
  readonly reference?: string;
};

/**
 * Undo a refund, whole: the money came back.
 *
 * Refused: {@link RefundNotFound}, {@link AlreadyUndone}.
 *
 * @events {@link RefundReversed}.
 */
export type ReverseRefund = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseRefund';
  /** The refund. */
  readonly refundId: string;
};
