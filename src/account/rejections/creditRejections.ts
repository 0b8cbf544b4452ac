import type { CreditPurpose } from '../circumstances.js';

/** A credit that the command names does not exist in this account. */
export type CreditNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditNotFound';
  /** The id that was named. */
  readonly creditId: string;
};

/** The use of a credit does not exist in this account. */
export type CreditApplicationNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditApplicationNotFound';
  /** The id that was named. */
  readonly applicationId: string;
};

/** The refund does not exist in this account. */
export type RefundNotFound = {
  /** The rejection's name. */
  readonly type: 'RefundNotFound';
  /** The id that was named. */
  readonly refundId: string;
};

/** The credit's purpose forbids this use. */
export type CreditPurposeForbids = {
  /** The rejection's name. */
  readonly type: 'CreditPurposeForbids';
  /** The credit. */
  readonly creditId: string;
  /** Its purpose. */
  readonly purpose: CreditPurpose;
};

/** Nothing of the credit is left. */
export type CreditUsedUp = {
  /** The rejection's name. */
  readonly type: 'CreditUsedUp';
  /** The credit. */
  readonly creditId: string;
};

/** The amount is more than what is left of the credit. */
export type AmountExceedsCredit = {
  /** The rejection's name. */
  readonly type: 'AmountExceedsCredit';
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
  /** The fee that cannot take its part; null when all that are meant cannot take the amount. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};
