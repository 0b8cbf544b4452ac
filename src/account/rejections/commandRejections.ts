import type { Fault } from '../../errors.js';
import { faultText } from '../../input/faults.js';
import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';
import type { ApprovableCommand, ApprovableJob, PermittedCommand } from '../../policy/permissions.js';
import type { Refusal } from './refusal.js';

/** The command is malformed. Each fault names its field. */
export type InvalidCommand = Refusal<'InvalidCommand', 'invalid'> & {
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The id, or an id derived from it, is already used for something else. */
export type IdAlreadyUsed = Refusal<'IdAlreadyUsed', 'conflict'> & {
  /** The id. */
  readonly id: string;
};

/** The account's currency differs from the policy's currency. */
export type AccountInOtherCurrency = Refusal<'AccountInOtherCurrency', 'conflict'> & {
  /** The account's currency. */
  readonly accountCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/**
 * The sum of the account's fees, payments and credits would exceed the largest amount that can be represented exactly.
 */
export type AccountTotalTooLarge = Refusal<'AccountTotalTooLarge', 'conflict'> & {
  /** The amount that would exceed it, a decimal string. */
  readonly amount: string;
};

/** The reason is missing or not in the policy's list. */
export type ReasonUnknown = Refusal<'ReasonUnknown', 'invalid'> & {
  /** The policy's list of allowed reasons. */
  readonly list: 'waiveReasons' | 'creditReasons';
  /** The command's reason; null if it has none. */
  readonly reason: string | null;
  /** The reasons in the list of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/**
 * The policy's permissions do not let the actor give the command, or not up to its amount. A policy without permissions
 * never refuses with this.
 */
export type NotPermitted = Refusal<'NotPermitted', 'forbidden'> & {
  /** The command's name. */
  readonly commandType: PermittedCommand;
  /** The roles that may give the command, up to its amount; empty if no role may. */
  readonly needs: readonly string[];
  /** The highest amount that the actor's roles may give, a decimal string; null if they may not give it at all. */
  readonly limit: string | null;
  /**
   * The amount of the command and of those of its type by the same user before it in the list, a decimal string; null
   * if the roles may not give it at all.
   */
  readonly amount: string | null;
};

/**
 * The policy's `approvals` require that another member of staff approves the command up to its amount: `approvedBy` is
 * missing, has none of the roles, or is the user who gives the command (compared without case, outer blanks and Unicode
 * form); or `by` names no user; or the amount is above the approved one. Show `amount` to the approver, and send it as
 * `approvedBy.upTo`.
 */
export type ApprovalRequired = Refusal<'ApprovalRequired', 'forbidden'> & {
  /** The command's name. */
  readonly commandType: ApprovableCommand;
  /** The highest amount that needs no approval, a decimal string. */
  readonly above: string;
  /** The amount of the command and of those of its type by the same user before it in the list, a decimal string. */
  readonly amount: string;
  /** The highest amount that another user with one of the roles approved, a decimal string; null without an approval. */
  readonly approvedUpTo: string | null;
  /** The roles that may approve. */
  readonly roles: readonly string[];
};

/**
 * The policy's `approvals` require that another member of staff approves the job: `approvedBy` of its form is missing,
 * has none of the roles, or is a user who orders or explains it; or it names no user who orders it.
 */
export type JobApprovalRequired = Refusal<'ApprovalRequired', 'forbidden'> & {
  /** What needs the approval. */
  readonly commandType: ApprovableJob;
  /** The roles that may approve. */
  readonly roles: readonly string[];
};

/** The policy's `duties` require another user: this one gave another command for the same fee, credit or session. */
export type SameUser = Refusal<'SameUser', 'forbidden'> & {
  /** The command's name. */
  readonly commandType: PermittedCommand;
  /** The name of the command that the user gave before. */
  readonly as: PermittedCommand;
};

/** The command happened longer ago than the policy's `backdating` allows. */
export type TooFarBack = Refusal<'TooFarBack', 'forbidden'> & {
  /** When it happened, as the command says. */
  readonly at: string;
  /** The earliest time that is allowed, ISO 8601 in UTC. */
  readonly earliest: string;
};

/** The command happened more than 15 minutes after now; refused if the policy has `backdating`. */
export type InTheFuture = Refusal<'InTheFuture', 'invalid'> & {
  /** When it happened, as the command says. */
  readonly at: string;
  /** The latest time that is allowed, ISO 8601 in UTC. */
  readonly latest: string;
};

/** A text contains what looks like the number of a payment card, which must not be stored. */
export type LooksLikeCardNumber = Refusal<'LooksLikeCardNumber', 'invalid'> & {
  /** The field with the number, which is not repeated here. */
  readonly field: 'comment' | 'staffNote' | 'reference' | 'externalTransactionId';
};

/** The policy does not allow patrons to pay online (`onlinePayments: false`). */
export type OnlinePaymentsOff = Refusal<'OnlinePaymentsOff', 'forbidden'> & {
  /** The channel of the payment. */
  readonly channel: 'online' | 'selfCheck';
};

/** The policy requires a comment, for the type of the fee or for the reason. */
export type CommentRequired = Refusal<'CommentRequired', 'invalid'> & {
  /** The type of fee, or the reason, that requires it. */
  readonly code: string;
};

/**
 * The account is merged into another one of the same patron, so nothing new can begin in it: no fee, fine, credit or
 * payment plan. Send the command to the other account.
 */
export type AccountMergedRejection = Refusal<'AccountMerged', 'conflict'> & {
  /** The patron id of the account that it is merged into, at the same institution. */
  readonly into: string;
};

/** The command undoes something that was already undone. */
export type AlreadyUndone = Refusal<'AlreadyUndone', 'conflict'> & {
  /** The payment, waiver, application, refund or settlement. */
  readonly id: string;
};

const listNames = { waiveReasons: 'waiving reasons', creditReasons: 'reasons for a credit' } as const;

const textNames = {
  comment: 'comment',
  staffNote: 'note',
  reference: 'reference',
  externalTransactionId: 'transaction id',
} as const;

/** Returns the English sentence of what is malformed. */
export function englishFaults({ faults }: Pick<InvalidCommand, 'faults'>): string {
  return `The request is not valid: ${faults.map((fault) => faultText(fault)).join('; ')}.`;
}

/** The English sentences of these rejections. */
export const englishCommandRejections = {
  InvalidCommand: englishFaults,
  IdAlreadyUsed: 'The id {id} was used before for something else.',
  AccountInOtherCurrency: 'The account is in {accountCurrency}, the policy in {policyCurrency}.',
  AccountTotalTooLarge: 'The account would become too large by {amount}.',
  ReasonUnknown: ({ list, reason, known }: ReasonUnknown) =>
    reason === null
      ? `Choose one of the ${listNames[list]}.${englishCodes(known)}`
      : `${reason} is not one of the ${listNames[list]}.${englishCodes(known)}`,
  NotPermitted: ({ needs, limit, amount }: NotPermitted) => {
    const who = needs.length === 0 ? 'No role may.' : `This needs the role ${needs.join(' or ')}.`;
    return limit === null
      ? `You may not do this. ${who}`
      : `You may do this up to ${limit}, not ${amount}. ${who}`;
  },
  ApprovalRequired: (rejection: ApprovalRequired | JobApprovalRequired) => {
    const who = `somebody else with the role ${rejection.roles.join(' or ')} must approve it.`;
    if (!('amount' in rejection)) return who.replace('s', 'S');
    const { above, amount, approvedUpTo } = rejection;
    return `${amount} is more than ${approvedUpTo ? `the approved ${approvedUpTo}` : above}: ${who}`;
  },
  SameUser: 'You gave {as} here before: somebody else must do this.',
  TooFarBack: 'The time {at} lies too far back. The earliest is {earliest}.',
  InTheFuture: 'The time {at} lies in the future.',
  LooksLikeCardNumber: ({ field }: LooksLikeCardNumber) =>
    `The ${textNames[field]} contains what looks like the number of a payment card. Remove it.`,
  OnlinePaymentsOff: 'Fees of this library are not paid here.',
  CommentRequired: '{code} requires a comment.',
  AccountMerged:
    'The account is merged into that of patron {into}. Use that one for new fees, credits and payment plans.',
  AlreadyUndone: '{id} is already undone.',
};
