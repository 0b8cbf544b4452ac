import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';
import type { Refusal } from './refusal.js';

/** The account has no transfer with this id. */
export type TransferNotFound = Refusal<'TransferNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly transferId: string;
};

/** The account has no settlement with this id. */
export type SettlementNotFound = Refusal<'SettlementNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly settlementId: string;
};

/** The policy has no such external billing system. */
export type DestinationUnknown = Refusal<'DestinationUnknown', 'invalid'> & {
  /** The external system's code. */
  readonly destination: string;
  /** The external systems of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/** The transfer exceeds what is owed on the fee. */
export type TransferExceedsOwed = Refusal<'TransferExceedsOwed', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount owed, a decimal string. */
  readonly owed: string;
};

/** No fee and no credit is eligible for transfer. */
export type NothingToTransfer = Refusal<'NothingToTransfer', 'conflict'>;

/** The transfer has no pending amount. */
export type TransferNotPending = Refusal<'TransferNotPending', 'conflict'> & {
  /** The transfer. */
  readonly transferId: string;
};

/** The reported settlement of a transferred credit exceeds what is pending. */
export type SettlementExceedsPending = Refusal<'SettlementExceedsPending', 'conflict'> & {
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount pending, a decimal string. */
  readonly pending: string;
};

/** The reversal exceeds what is left of the settlement. */
export type ReversalExceedsSettlement = Refusal<'ReversalExceedsSettlement', 'conflict'> & {
  /** The settlement. */
  readonly settlementId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount not reversed yet, a decimal string. */
  readonly reversible: string;
};

/** The transfer has already been settled or recalled in full. */
export type NothingToRecall = Refusal<'NothingToRecall', 'conflict'> & {
  /** The transfer. */
  readonly transferId: string;
};

/** The recall exceeds what is left of the transfer. */
export type RecallExceedsTransfer = Refusal<'RecallExceedsTransfer', 'conflict'> & {
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount that can be recalled, a decimal string. */
  readonly recallable: string;
};

/** An external credit that reverses the transfer has already been transferred, and must be recalled first. */
export type ReversalAlreadySent = Refusal<'ReversalAlreadySent', 'conflict'> & {
  /** The transfer. */
  readonly transferId: string;
  /** The transferred credits. */
  readonly creditIds: readonly string[];
  /** The amount transferred that blocks the recall, a decimal string. */
  readonly amount: string;
};

/** The English sentences of these rejections. */
export const englishTransferRejections = {
  TransferNotFound: 'This patron has no transfer {transferId}.',
  SettlementNotFound: 'This patron has no settlement {settlementId}.',
  DestinationUnknown: ({ destination, known }: DestinationUnknown) =>
    `There is no external billing system ${destination}.${englishCodes(known)}`,
  TransferExceedsOwed: '{amount} is more than the {owed} that is owed on fee {feeId}.',
  NothingToTransfer: 'There is nothing to transfer.',
  TransferNotPending: 'No amount of transfer {transferId} is pending.',
  SettlementExceedsPending: '{amount} is more than the {pending} that is pending of transfer {transferId}.',
  ReversalExceedsSettlement:
    '{amount} is more than the {reversible} that is left of settlement {settlementId}.',
  NothingToRecall: 'All of transfer {transferId} is settled or recalled.',
  RecallExceedsTransfer:
    '{amount} is more than the {recallable} that can be recalled of transfer {transferId}.',
  ReversalAlreadySent:
    'Credits that reverse transfer {transferId} were already sent out ({creditIds}). Recall them first.',
};
