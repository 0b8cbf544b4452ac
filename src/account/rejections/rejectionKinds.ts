import type { RejectionKind } from './refusal.js';
import type { Rejection, RejectionOf, RejectionType } from './rejection.js';
import { englishRejectionWords } from './rejectionText.js';

type OtherThanConflict = Exclude<Rejection, { readonly kind: 'conflict' }>['type'];

/** The rejections that do not contradict the state of the account. */
const otherKinds: { readonly [Type in OtherThanConflict]: RejectionOf<Type>['kind'] } = {
  InvalidCommand: 'invalid',
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
  AllocationsDoNotAddUp: 'invalid',
  FeeTypeNotWaiveable: 'forbidden',
  LostItemFeeNotFound: 'notFound',
  FeeTypeIsLostItem: 'invalid',
  NotPermitted: 'forbidden',
  ApprovalRequired: 'forbidden',
  SameUser: 'forbidden',
  TooFarBack: 'forbidden',
  InTheFuture: 'invalid',
  LooksLikeCardNumber: 'invalid',
  CommentRequired: 'invalid',
  OnlinePaymentsOff: 'forbidden',
  PaymentPlanNotFound: 'notFound',
};

/** Returns the kind of a rejection. Unlike {@link rejectionKinds}, a bundle with it has no sentences. */
export function kindOf(type: RejectionType): RejectionKind {
  return Object.hasOwn(otherKinds, type) ? otherKinds[type as OtherThanConflict] : 'conflict';
}

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
export const rejectionKinds: { readonly [Type in RejectionType]: RejectionOf<Type>['kind'] } =
  Object.fromEntries(
    (Object.keys(englishRejectionWords) as RejectionType[]).map((type) => [type, kindOf(type)]),
  ) as never;
