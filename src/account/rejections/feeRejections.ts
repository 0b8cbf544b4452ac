/** The policy has no such fee type. */
export type FeeTypeUnknown = {
  /** The rejection's name. */
  readonly type: 'FeeTypeUnknown';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type is retired and can no longer be charged. */
export type FeeTypeRetired = {
  /** The rejection's name. */
  readonly type: 'FeeTypeRetired';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type may be charged only automatically, not by staff. */
export type FeeTypeNotManual = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotManual';
  /** The kind of refusal. */
  readonly kind: 'forbidden';
  /** The fee type. */
  readonly feeType: string;
};

/** Neither the command nor the actor's library names the library that owns the fee. */
export type FeeOwnerMissing = {
  /** The rejection's name. */
  readonly type: 'FeeOwnerMissing';
  /** The kind of refusal. */
  readonly kind: 'invalid';
};

/** The account has no fee with this id. */
export type FeeNotFound = {
  /** The rejection's name. */
  readonly type: 'FeeNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The id in the command. */
  readonly feeId: string;
};

/** Nothing is owed on the fee, or on any of the selected fees. */
export type NothingOwed = {
  /** The rejection's name. */
  readonly type: 'NothingOwed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee; null if the command selects several. */
  readonly feeId: string | null;
};

/** The fee is disputed, so it cannot be paid, settled by a credit, transferred, or put into a payment plan. */
export type FeeIsDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeIsDisputed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is already disputed. */
export type FeeAlreadyDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeAlreadyDisputed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is not disputed. */
export type FeeNotDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeNotDisputed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The account has no waiver, and no credit from a waiver, with this id. */
export type WaiverNotFound = {
  /** The rejection's name. */
  readonly type: 'WaiverNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The id in the command. */
  readonly waiverId: string;
};

/** Fees of this type cannot be waived. */
export type FeeTypeNotWaiveable = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotWaiveable';
  /** The kind of refusal. */
  readonly kind: 'forbidden';
  /** The fee. */
  readonly feeId: string;
  /** The fee's type. */
  readonly feeType: string;
};

/** The waiver exceeds what is owed or, if nothing is owed, what was transferred and not reversed. */
export type WaiverExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'WaiverExceedsOwed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed; if nothing is owed, what was transferred and not reversed. A decimal string. */
  readonly owed: string;
};

/** The fee was not charged for a lost item. */
export type FeeNotLostItem = {
  /** The rejection's name. */
  readonly type: 'FeeNotLostItem';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The loan has no lost-item fee. */
export type LostItemFeeNotFound = {
  /** The rejection's name. */
  readonly type: 'LostItemFeeNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The loan. */
  readonly loanId: string;
};

/** The lost item has already been returned. */
export type LostItemAlreadyReturned = {
  /** The rejection's name. */
  readonly type: 'LostItemAlreadyReturned';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** Nothing of the fee is left to cancel. */
export type NothingToCancel = {
  /** The rejection's name. */
  readonly type: 'NothingToCancel';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The cancellation exceeds what is left of the fee. */
export type CancellationExceedsFee = {
  /** The rejection's name. */
  readonly type: 'CancellationExceedsFee';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount that can be cancelled, a decimal string. */
  readonly cancellable: string;
};

/** The fee was charged once and cannot grow. */
export type FeeNotAccruing = {
  /** The rejection's name. */
  readonly type: 'FeeNotAccruing';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The command gives another loan, library or fee type than the fine has. */
export type AccruingFeeDiffers = {
  /** The rejection's name. */
  readonly type: 'AccruingFeeDiffers';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The field that differs. */
  readonly field: 'feeType' | 'owner' | 'loanId';
  /** The fee's value; null if it has none. */
  readonly recorded: string | null;
  /** The command's value. */
  readonly given: string;
};

/** The fine has stopped growing, so no total other than its final one is accepted. */
export type AccrualHasEnded = {
  /** The rejection's name. */
  readonly type: 'AccrualHasEnded';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The fine's final total, a decimal string. */
  readonly total: string;
  /** The command's total, a decimal string. */
  readonly requested: string;
};

/** The fee type is for lost items, whose fees do not grow. */
export type FeeTypeIsLostItem = {
  /** The rejection's name. */
  readonly type: 'FeeTypeIsLostItem';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fine is still growing, so it cannot be transferred or put into a payment plan yet. */
export type FeeStillAccruing = {
  /** The rejection's name. */
  readonly type: 'FeeStillAccruing';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};
