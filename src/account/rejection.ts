import type { Rejection as RejectionData, RejectionType } from './rejections.js';

/**
 * What sort of refusal a rejection is: what an HTTP API needs to choose a status.
 *
 * - `invalid`: the command itself is wrong, whatever the account looks like: its shape, or a code that the policy does not have.
 * - `notFound`: it names a fee, credit, payment, waiver, transfer or other thing that the account does not have.
 * - `conflict`: it contradicts the state of the account; another time it may be accepted.
 * - `forbidden`: the policy does not let this be done.
 */
export type RejectionKind = 'invalid' | 'notFound' | 'conflict' | 'forbidden';

/**
 * The kind of every rejection, by its type.
 *
 * @example
 * ```ts
 * import { rejectionKinds } from 'patron-fees';
 *
 * rejectionKinds.FeeNotFound; //=> 'notFound'
 * ```
 */
export const rejectionKinds = {
  InvalidCommand: 'invalid',
  IdAlreadyUsed: 'conflict',
  ExternalTransactionAlreadyUsed: 'conflict',
  AccountInOtherCurrency: 'conflict',
  AccountTotalTooLarge: 'conflict',
  FeeTypeUnknown: 'invalid',
  FeeTypeRetired: 'invalid',
  FeeTypeNotManual: 'forbidden',
  FeeOwnerMissing: 'invalid',
  FeeNotFound: 'notFound',
  CreditNotFound: 'notFound',
  PaymentNotFound: 'notFound',
  WaiverNotFound: 'notFound',
  TransferNotFound: 'notFound',
  SettlementNotFound: 'notFound',
  CreditApplicationNotFound: 'notFound',
  RefundNotFound: 'notFound',
  PaymentMethodUnknown: 'invalid',
  ReasonUnknown: 'invalid',
  DestinationUnknown: 'invalid',
  NothingOwed: 'conflict',
  PaymentExceedsOwed: 'conflict',
  AllocationsDoNotAddUp: 'invalid',
  FeeIsDisputed: 'conflict',
  FeeAlreadyDisputed: 'conflict',
  FeeNotDisputed: 'conflict',
  FeeTypeNotWaiveable: 'forbidden',
  WaiverExceedsOwed: 'conflict',
  FeeNotLostItem: 'conflict',
  LostItemFeeNotFound: 'notFound',
  LostItemAlreadyReturned: 'conflict',
  FeeNotAccruing: 'conflict',
  AccruingFeeDiffers: 'conflict',
  AccrualHasEnded: 'conflict',
  FeeTypeIsLostItem: 'invalid',
  FeeStillAccruing: 'conflict',
  NothingToCancel: 'conflict',
  CancellationExceedsFee: 'conflict',
  CreditPurposeForbids: 'conflict',
  CreditUsedUp: 'conflict',
  AmountExceedsCredit: 'conflict',
  CreditInUse: 'conflict',
  ApplicationExceedsOwed: 'conflict',
  TransferExceedsOwed: 'conflict',
  NothingToTransfer: 'conflict',
  TransferNotPending: 'conflict',
  SettlementExceedsPending: 'conflict',
  ReversalExceedsSettlement: 'conflict',
  NothingToRecall: 'conflict',
  RecallExceedsTransfer: 'conflict',
  ReversalAlreadySent: 'conflict',
  AlreadyUndone: 'conflict',
  ReversalExceedsPayment: 'conflict',
} as const satisfies Readonly<Record<RejectionType, RejectionKind>>;

/**
 * Why a command is refused: told apart by `type`, each type with its own fields and a `kind`. Amounts are decimal
 * strings.
 */
export type Rejection = {
  [Type in RejectionType]: Extract<
    RejectionData,
    {
      /** The rejection's name. */
      type: Type;
    }
  > & {
    /** What sort of refusal it is. */
    readonly kind: (typeof rejectionKinds)[Type];
  };
}[RejectionType];

/** Adds its kind to what a rule answered. */
export function rejectionOf(data: RejectionData): Rejection {
  const { type, ...fields } = data;
  return { type, kind: rejectionKinds[type], ...fields } as Rejection;
}
