import type { CreditPurpose } from '../circumstances.js';
import type { Refusal } from './refusal.js';

/** The account has no credit with this id. */
export type CreditNotFound = Refusal<'CreditNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly creditId: string;
};

/** The account has no credit application (use of a credit) with this id. */
export type CreditApplicationNotFound = Refusal<'CreditApplicationNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly applicationId: string;
};

/** The account has no refund with this id. */
export type RefundNotFound = Refusal<'RefundNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly refundId: string;
};

/** The credit's purpose forbids this use. */
export type CreditPurposeForbids = Refusal<'CreditPurposeForbids', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
  /** The credit's purpose. */
  readonly purpose: CreditPurpose;
};

/** No part of the credit is left to use. */
export type CreditUsedUp = Refusal<'CreditUsedUp', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
};

/** The amount exceeds the unused part of the credit. */
export type AmountExceedsCredit = Refusal<'AmountExceedsCredit', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The unused amount, a decimal string. */
  readonly unused: string;
};

/** Part of the credit is already used, which must be undone first. */
export type CreditInUse = Refusal<'CreditInUse', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
  /** The amount that would have to be withdrawn, a decimal string. */
  readonly amount: string;
  /** The unused amount, a decimal string. */
  readonly unused: string;
};

/**
 * The use of the credit cannot be undone alone: the fee would take the same amount of it again at once, because more
 * was given back for the fee than came in.
 */
export type AppliedAgain = Refusal<'AppliedAgain', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
  /** The fee that would take it again; the first of several. */
  readonly feeId: string;
};

/** The credit exceeds what is owed on the fees it is applied to. */
export type ApplicationExceedsOwed = Refusal<'ApplicationExceedsOwed', 'conflict'> & {
  /** The fee whose allocation exceeds what it owes; null if the total exceeds what all selected fees owe. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed on that fee, or on the selected fees without disputed ones. A decimal string. */
  readonly owed: string;
};

/**
 * The credit cannot be forfeited: the policy has no `forfeitAfterDays`, or the credit has had a transaction more
 * recently.
 */
export type CreditNotForfeitable = Refusal<'CreditNotForfeitable', 'conflict'> & {
  /** The credit. */
  readonly creditId: string;
  /** The time from which it can be forfeited, ISO 8601 in UTC; null if the policy lets no credit be forfeited. */
  readonly from: string | null;
};

const purposeWords = {
  setOff: 'it only reduces its own lost-item fee',
  refundable: 'it is money owed to the patron',
  external: 'it only goes to the external billing system',
  goodwill: 'it can only be used for fees',
} as const;

/** The English sentences of these rejections. */
export const englishCreditRejections = {
  CreditNotFound: 'This patron has no credit {creditId}.',
  CreditApplicationNotFound: 'This patron has no credit application {applicationId}.',
  RefundNotFound: 'This patron has no refund {refundId}.',
  CreditPurposeForbids: ({ creditId, purpose }: CreditPurposeForbids) =>
    `Credit ${creditId} cannot be used for this: ${purposeWords[purpose]}.`,
  CreditUsedUp: 'Nothing is left of credit {creditId}.',
  AmountExceedsCredit: '{amount} is more than the {unused} that is left of credit {creditId}.',
  CreditInUse:
    '{amount} of credit {creditId} would have to be withdrawn, but only {unused} is left. Undo its use first.',
  AppliedAgain:
    'Fee {feeId} would take credit {creditId} again at once: more was given back for it than came in. Undo that first.',
  ApplicationExceedsOwed: ({ feeId, amount, owed }: ApplicationExceedsOwed) =>
    `${amount} of the credit is more than the ${owed} that is owed${feeId === null ? '' : ` on fee ${feeId}`}.`,
  CreditNotForfeitable: ({ creditId, from }: CreditNotForfeitable) =>
    from === null
      ? `Credit ${creditId} cannot be forfeited: the policy has no time for it.`
      : `Credit ${creditId} cannot be forfeited before ${from}.`,
};
