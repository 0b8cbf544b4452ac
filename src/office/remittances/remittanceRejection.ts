/** The policy has no such destination. */
export type RemittanceDestinationUnknown = {
  /** The rejection's name. */
  readonly type: 'RemittanceDestinationUnknown';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The destination's code. */
  readonly destination: string;
};

/** The surplus exceeds what patrons paid: amount and commission. */
export type RemittanceSurplusExceedsAmount = {
  /** The rejection's name. */
  readonly type: 'RemittanceSurplusExceedsAmount';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** Amount and commission, a decimal string. */
  readonly amount: string;
  /** The surplus, a decimal string. */
  readonly surplus: string;
};

/** The external system has no such remittance. */
export type RemittanceNotFound = {
  /** The rejection's name. */
  readonly type: 'RemittanceNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The remittance of the command. */
  readonly remittanceId: string;
};

/** The remittance was reversed before. */
export type RemittanceAlreadyReversed = {
  /** The rejection's name. */
  readonly type: 'RemittanceAlreadyReversed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The remittance. */
  readonly remittanceId: string;
};

/** Why a command about a remittance is refused. */
export type RemittanceRejection =
  | RemittanceDestinationUnknown
  | RemittanceSurplusExceedsAmount
  | RemittanceNotFound
  | RemittanceAlreadyReversed;
