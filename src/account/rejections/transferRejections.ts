/** The account has no transfer with this id. */
export type TransferNotFound = {
  /** The rejection's name. */
  readonly type: 'TransferNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The id in the command. */
  readonly transferId: string;
};

/** The account has no settlement with this id. */
export type SettlementNotFound = {
  /** The rejection's name. */
  readonly type: 'SettlementNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The id in the command. */
  readonly settlementId: string;
};

/** The policy has no such external billing system. */
export type DestinationUnknown = {
  /** The rejection's name. */
  readonly type: 'DestinationUnknown';
  /** The kind of refusal. */
  readonly kind: 'invalid';
  /** The external system's code. */
  readonly destination: string;
};

/** The transfer exceeds what is owed on the fee. */
export type TransferExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'TransferExceedsOwed';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount owed, a decimal string. */
  readonly owed: string;
};

/** No fee and no credit is eligible for transfer. */
export type NothingToTransfer = {
  /** The rejection's name. */
  readonly type: 'NothingToTransfer';
  /** The kind of refusal. */
  readonly kind: 'conflict';
};

/** The transfer has no pending amount. */
export type TransferNotPending = {
  /** The rejection's name. */
  readonly type: 'TransferNotPending';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
};

/** The reported settlement of a transferred credit exceeds what is pending. */
export type SettlementExceedsPending = {
  /** The rejection's name. */
  readonly type: 'SettlementExceedsPending';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount pending, a decimal string. */
  readonly pending: string;
};

/** The reversal exceeds what is left of the settlement. */
export type ReversalExceedsSettlement = {
  /** The rejection's name. */
  readonly type: 'ReversalExceedsSettlement';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The settlement. */
  readonly settlementId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount not reversed yet, a decimal string. */
  readonly reversible: string;
};

/** The transfer has already been settled or recalled in full. */
export type NothingToRecall = {
  /** The rejection's name. */
  readonly type: 'NothingToRecall';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
};

/** The recall exceeds what is left of the transfer. */
export type RecallExceedsTransfer = {
  /** The rejection's name. */
  readonly type: 'RecallExceedsTransfer';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount that can be recalled, a decimal string. */
  readonly recallable: string;
};

/** An external credit that reverses the transfer has already been transferred, and must be recalled first. */
export type ReversalAlreadySent = {
  /** The rejection's name. */
  readonly type: 'ReversalAlreadySent';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The transfer. */
  readonly transferId: string;
  /** The transferred credits. */
  readonly creditIds: readonly string[];
  /** The amount transferred that blocks the recall, a decimal string. */
  readonly amount: string;
};
