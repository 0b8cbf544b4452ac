import type { Fault } from '../../errors.js';
import type { PermittedCommand } from '../../policy/permissions.js';

/** The command is malformed. Each fault names its field. */
export type InvalidCommand = {
  /** The rejection's name. */
  readonly type: 'InvalidCommand';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The id, or an id derived from it, is already used for something else. */
export type IdAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'IdAlreadyUsed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The id. */
  readonly id: string;
  /** The digest of the command that used the id; null if unknown. */
  readonly recordedDigest: string | null;
  /** The digest of the refused command. */
  readonly commandDigest: string;
};

/** The account's currency differs from the policy's currency. */
export type AccountInOtherCurrency = {
  /** The rejection's name. */
  readonly type: 'AccountInOtherCurrency';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The account's currency. */
  readonly accountCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/**
 * The sum of the account's fees, payments and credits would exceed the largest amount that can be represented exactly.
 */
export type AccountTotalTooLarge = {
  /** The rejection's name. */
  readonly type: 'AccountTotalTooLarge';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The amount that would exceed it, a decimal string. */
  readonly amount: string;
};

/** The reason is missing or not in the policy's list. */
export type ReasonUnknown = {
  /** The rejection's name. */
  readonly type: 'ReasonUnknown';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The policy's list of allowed reasons. */
  readonly list: 'waiveReasons' | 'creditReasons';
  /** The command's reason; null if it has none. */
  readonly reason: string | null;
};

/**
 * The policy's permissions do not let the actor give the command, or not up to its amount. A policy without permissions
 * never refuses with this.
 */
export type NotPermitted = {
  /** The rejection's name. */
  readonly type: 'NotPermitted';
  /** The kind of refusal. */
  readonly kind: 'forbidden';
  /** The command's name. */
  readonly commandType: PermittedCommand;
  /** The roles that may give the command, up to its amount; empty if no role may. */
  readonly needs: readonly string[];
  /** The highest amount that the actor's roles may give, a decimal string; null if they may not give it at all. */
  readonly limit: string | null;
  /** The amount of the command, a decimal string; null if the roles may not give it at all. */
  readonly amount: string | null;
};

/**
 * The account is merged into another one of the same patron, so nothing new can begin in it: no fee, fine, credit or
 * payment plan. Send the command to the other account.
 */
export type AccountMergedRejection = {
  /** The rejection's name. */
  readonly type: 'AccountMerged';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The patron id of the account that it is merged into, at the same institution. */
  readonly into: string;
};

/** The command undoes something that was already undone. */
export type AlreadyUndone = {
  /** The rejection's name. */
  readonly type: 'AlreadyUndone';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The payment, waiver, application, refund or settlement. */
  readonly id: string;
};
