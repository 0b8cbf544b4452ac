/** The transfer does not exist in this account. */
export type TransferNotFound = {
  /** The rejection's name. */
  readonly type: 'TransferNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly transferId: string;
};

/** The settlement does not exist in this account. */
export type SettlementNotFound = {
  /** The rejection's name. */
  readonly type: 'SettlementNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly settlementId: string;
};

/** The policy has no such external billing system. */
export type DestinationUnknown = {
  /** The rejection's name. */
  readonly type: 'DestinationUnknown';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The external system's code. */
  readonly destination: string;
};

/** The transfer is more than is owed. */
export type TransferExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'TransferExceedsOwed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};

/** No fee and no credit is eligible for transfer. */
export type NothingToTransfer = {
  /** The rejection's name. */
  readonly type: 'NothingToTransfer';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
};

/** Nothing of the transfer is pending. */
export type TransferNotPending = {
  /** The rejection's name. */
  readonly type: 'TransferNotPending';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
};

/** More was reported as settled than is pending of a credit that was transferred. */
export type SettlementExceedsPending = {
  /** The rejection's name. */
  readonly type: 'SettlementExceedsPending';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is pending, a decimal string. */
  readonly pending: string;
};

/** The reversal is more than what is left of the settlement. */
export type ReversalExceedsSettlement = {
  /** The rejection's name. */
  readonly type: 'ReversalExceedsSettlement';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The settlement. */
  readonly settlementId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What was not reversed yet, a decimal string. */
  readonly reversible: string;
};

/** All of the transfer is settled or recalled. */
export type NothingToRecall = {
  /** The rejection's name. */
  readonly type: 'NothingToRecall';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
};

/** The recall is more than what is left of the transfer. */
export type RecallExceedsTransfer = {
  /** The rejection's name. */
  readonly type: 'RecallExceedsTransfer';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What can be recalled, a decimal string. */
  readonly recallable: string;
};

/** An external credit that reverses the transfer has been sent out: that has to be recalled first. */
export type ReversalAlreadySent = {
  /** The rejection's name. */
  readonly type: 'ReversalAlreadySent';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The credits that were sent. */
  readonly creditIds: readonly string[];
  /** How much of what was sent stands against the recall, a decimal string. */
  readonly amount: string;
};
