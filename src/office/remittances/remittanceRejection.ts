import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';

/** The policy has no such destination. */
export type RemittanceDestinationUnknown = Refusal<'RemittanceDestinationUnknown', 'invalid'> & {
  /** The destination's code. */
  readonly destination: string;
  /** The external systems of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/** The surplus exceeds what patrons paid: amount and commission. */
export type RemittanceSurplusExceedsAmount = Refusal<'RemittanceSurplusExceedsAmount', 'invalid'> & {
  /** Amount and commission, a decimal string. */
  readonly amount: string;
  /** The surplus, a decimal string. */
  readonly surplus: string;
};

/** The external system has no such remittance. */
export type RemittanceNotFound = Refusal<'RemittanceNotFound', 'notFound'> & {
  /** The remittance of the command. */
  readonly remittanceId: string;
};

/** The remittance was reversed before. */
export type RemittanceAlreadyReversed = Refusal<'RemittanceAlreadyReversed', 'conflict'> & {
  /** The remittance. */
  readonly remittanceId: string;
};

/** Why a command about a remittance is refused. */
export type RemittanceRejection =
  | RemittanceDestinationUnknown
  | RemittanceSurplusExceedsAmount
  | RemittanceNotFound
  | RemittanceAlreadyReversed;

/** The English sentences of these rejections. */
export const englishRemittanceRejections: RejectionWords<RemittanceRejection> = {
  RemittanceDestinationUnknown: ({ destination, known }) =>
    `There is no external billing system ${destination}.${englishCodes(known)}`,
  RemittanceSurplusExceedsAmount: 'The surplus of {surplus} is more than the {amount} that patrons paid.',
  RemittanceNotFound: 'There is no remittance {remittanceId}.',
  RemittanceAlreadyReversed: 'Remittance {remittanceId} is already reversed.',
};
