import type { Fault } from '../../errors.js';

/** The command is malformed. */
export type InvalidRemittanceCommand = {
  /** The rejection's name. */
  readonly type: 'InvalidRemittanceCommand';
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The command's id was used for another command. */
export type RemittanceIdAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'RemittanceIdAlreadyUsed';
  /** The id. */
  readonly id: string;
};

/** The remittances of the external system are in another currency than the policy's. */
export type RemittanceInOtherCurrency = {
  /** The rejection's name. */
  readonly type: 'RemittanceInOtherCurrency';
  /** Their currency. */
  readonly remittanceCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/** The policy has no such destination. */
export type RemittanceDestinationUnknown = {
  /** The rejection's name. */
  readonly type: 'RemittanceDestinationUnknown';
  /** The destination's code. */
  readonly destination: string;
};

/** The surplus exceeds what patrons paid: amount and commission. */
export type RemittanceSurplusExceedsAmount = {
  /** The rejection's name. */
  readonly type: 'RemittanceSurplusExceedsAmount';
  /** Amount and commission, a decimal string. */
  readonly amount: string;
  /** The surplus, a decimal string. */
  readonly surplus: string;
};

/** The external system has no such remittance. */
export type RemittanceNotFound = {
  /** The rejection's name. */
  readonly type: 'RemittanceNotFound';
  /** The remittance of the command. */
  readonly remittanceId: string;
};

/** The remittance was reversed before. */
export type RemittanceAlreadyReversed = {
  /** The rejection's name. */
  readonly type: 'RemittanceAlreadyReversed';
  /** The remittance. */
  readonly remittanceId: string;
};

/** Why a command about a remittance is refused. */
export type RemittanceRejection =
  | InvalidRemittanceCommand
  | RemittanceIdAlreadyUsed
  | RemittanceInOtherCurrency
  | RemittanceDestinationUnknown
  | RemittanceSurplusExceedsAmount
  | RemittanceNotFound
  | RemittanceAlreadyReversed;
