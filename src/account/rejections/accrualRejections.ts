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
  readonly told: string;
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
  readonly told: string;
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

/** The fine is still growing, so it cannot be transferred to an external billing system yet. */
export type FeeStillAccruing = {
  /** The rejection's name. */
  readonly type: 'FeeStillAccruing';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
};
