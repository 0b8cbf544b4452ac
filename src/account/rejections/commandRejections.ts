import type { Fault } from '../../errors.js';

/** The command is not well formed. Every fault names its field. */
export type InvalidCommand = {
  /** The rejection's name. */
  readonly type: 'InvalidCommand';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The id, or one derived from it, was used before for something else. */
export type IdAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'IdAlreadyUsed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The id. */
  readonly id: string;
  /** The digest of the command that used it; null when no command is known for it. */
  readonly recordedDigest: string | null;
  /** The digest of the command that was refused. */
  readonly commandDigest: string;
};

/** The account is in another currency than the policy. */
export type AccountInOtherCurrency = {
  /** The rejection's name. */
  readonly type: 'AccountInOtherCurrency';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The account's currency. */
  readonly accountCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/** The account's fees, payments and credits would add up to more than the safe integers hold. */
export type AccountTotalTooLarge = {
  /** The rejection's name. */
  readonly type: 'AccountTotalTooLarge';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The amount that does not fit, a decimal string. */
  readonly amount: string;
};

/** The reason is not in the policy's list, or there is none. */
export type ReasonUnknown = {
  /** The rejection's name. */
  readonly type: 'ReasonUnknown';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** Which list of the policy it should be in. */
  readonly list: 'waiveReasons' | 'creditReasons';
  /** The reason; null when the command has none. */
  readonly reason: string | null;
};

/** What should be undone has been undone before. */
export type AlreadyUndone = {
  /** The rejection's name. */
  readonly type: 'AlreadyUndone';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The payment, waiver, application or refund. */
  readonly id: string;
};
