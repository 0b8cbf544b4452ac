/** The policy has no such fee type. */
export type FeeTypeUnknown = {
  /** The rejection's name. */
  readonly type: 'FeeTypeUnknown';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type is charged no more. */
export type FeeTypeRetired = {
  /** The rejection's name. */
  readonly type: 'FeeTypeRetired';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type is not for staff to charge by hand. */
export type FeeTypeNotManual = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotManual';
  /** What sort of refusal it is. */
  readonly kind: 'forbidden';
  /** The fee type. */
  readonly feeType: string;
};

/** Neither the command nor the actor's library says whose fee it is. */
export type FeeOwnerMissing = {
  /** The rejection's name. */
  readonly type: 'FeeOwnerMissing';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
};

/** A fee that the command names does not exist in this account. */
export type FeeNotFound = {
  /** The rejection's name. */
  readonly type: 'FeeNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly feeId: string;
};

/** Nothing is owed on the fee, or on any fee that was meant. */
export type NothingOwed = {
  /** The rejection's name. */
  readonly type: 'NothingOwed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee; null when no single fee is meant. */
  readonly feeId: string | null;
};

/** The fee is disputed: neither payments nor credits nor transfers touch it. */
export type FeeIsDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeIsDisputed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is disputed already. */
export type FeeAlreadyDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeAlreadyDisputed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is not disputed. */
export type FeeNotDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeNotDisputed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** Neither a waiver nor a credit from a waiver has this id in this account. */
export type WaiverNotFound = {
  /** The rejection's name. */
  readonly type: 'WaiverNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly waiverId: string;
};

/** Fees of this type may not be waived. */
export type FeeTypeNotWaiveable = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotWaiveable';
  /** What sort of refusal it is. */
  readonly kind: 'forbidden';
  /** The fee. */
  readonly feeId: string;
  /** Its type. */
  readonly feeType: string;
};

/** The waiver is more than is owed; or, where nothing is owed, more than was transferred and not reversed. */
export type WaiverExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'WaiverExceedsOwed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What could be waived, a decimal string. */
  readonly owed: string;
};

/** The fee was not charged for a lost item. */
export type FeeNotLostItem = {
  /** The rejection's name. */
  readonly type: 'FeeNotLostItem';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The loan has no lost-item fee. */
export type LostItemFeeNotFound = {
  /** The rejection's name. */
  readonly type: 'LostItemFeeNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The loan. */
  readonly loanId: string;
};

/** The lost item was returned before. */
export type LostItemAlreadyReturned = {
  /** The rejection's name. */
  readonly type: 'LostItemAlreadyReturned';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** Nothing is left of the fee that could be cancelled. */
export type NothingToCancel = {
  /** The rejection's name. */
  readonly type: 'NothingToCancel';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The cancellation is more than is left of the fee. */
export type CancellationExceedsFee = {
  /** The rejection's name. */
  readonly type: 'CancellationExceedsFee';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What could be cancelled, a decimal string. */
  readonly cancellable: string;
};
