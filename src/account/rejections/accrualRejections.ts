/** The fee was charged once and does not grow. */
export type FeeNotAccruing = {
  /** The rejection's name. */
  readonly type: 'FeeNotAccruing';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is the fine of another loan, library or type than the command says. */
export type AccruingFeeDiffers = {
  /** The rejection's name. */
  readonly type: 'AccruingFeeDiffers';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The field that differs. */
  readonly field: 'feeType' | 'owner' | 'loanId';
  /** What the fee has; null when it has none. */
  readonly recorded: string | null;
  /** What the command says. */
  readonly told: string;
};

/** The fine has stopped growing; only its final total may be told again. */
export type AccrualHasEnded = {
  /** The rejection's name. */
  readonly type: 'AccrualHasEnded';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** What the fine came to in the end, a decimal string. */
  readonly total: string;
  /** What the command says it comes to, a decimal string. */
  readonly told: string;
};

/** The fee type is one of lost items, which do not grow. */
export type FeeTypeIsLostItem = {
  /** The rejection's name. */
  readonly type: 'FeeTypeIsLostItem';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The fee type. */
  readonly feeType: string;
};

/** The fine still grows, so it cannot be handed to an external billing system yet. */
export type FeeStillAccruing = {
  /** The rejection's name. */
  readonly type: 'FeeStillAccruing';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};
