import type { CreditPurpose } from '../circumstances.js';

/** A credit that the command names does not exist in this account. */
export type CreditNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly creditId: string;
};

/** The use of a credit does not exist in this account. */
export type CreditApplicationNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditApplicationNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly applicationId: string;
};

/** The refund does not exist in this account. */
export type RefundNotFound = {
  /** The rejection's name. */
  readonly type: 'RefundNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly refundId: string;
};

/** The credit's purpose forbids this use. */
export type CreditPurposeForbids = {
  /** The rejection's name. */
  readonly type: 'CreditPurposeForbids';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The credit. */
  readonly creditId: string;
  /** Its purpose. */
  readonly purpose: CreditPurpose;
};

/** Nothing of the credit is left. */
export type CreditUsedUp = {
  /** The rejection's name. */
  readonly type: 'CreditUsedUp';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The credit. */
  readonly creditId: string;
};

/** The amount is more than what is left of the credit. */
export type AmountExceedsCredit = {
  /** The rejection's name. */
  readonly type: 'AmountExceedsCredit';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The credit. */
  readonly creditId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is unused, a decimal string. */
  readonly unused: string;
};

/** The credit is used: that has to be undone first. */
export type CreditInUse = {
  /** The rejection's name. */
  readonly type: 'CreditInUse';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The credit. */
  readonly creditId: string;
  /** What would have to be withdrawn, a decimal string. */
  readonly amount: string;
  /** What is unused, a decimal string. */
  readonly unused: string;
};

/** The credit is more than the fees that are meant can take. */
export type ApplicationExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'ApplicationExceedsOwed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee that cannot take its part; null when all that are meant cannot take the amount. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};
