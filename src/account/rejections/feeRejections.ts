import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';
import type { Refusal } from './refusal.js';

/** The policy has no such fee type. */
export type FeeTypeUnknown = Refusal<'FeeTypeUnknown', 'invalid'> & {
  /** The fee type. */
  readonly feeType: string;
  /** The fee types of the policy, and the type that was probably meant. */
  readonly known: KnownCodes;
};

/** The fee type is retired and can no longer be charged. */
export type FeeTypeRetired = Refusal<'FeeTypeRetired', 'invalid'> & {
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type may be charged only automatically, not by staff. */
export type FeeTypeNotManual = Refusal<'FeeTypeNotManual', 'forbidden'> & {
  /** The fee type. */
  readonly feeType: string;
};

/** Neither the command nor the actor's library names the library that owns the fee. */
export type FeeOwnerMissing = Refusal<'FeeOwnerMissing', 'invalid'>;

/** The account has no fee with this id. */
export type FeeNotFound = Refusal<'FeeNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly feeId: string;
};

/** Nothing is owed on the fee, or on any of the selected fees. */
export type NothingOwed = Refusal<'NothingOwed', 'conflict'> & {
  /** The fee; null if the command selects several. */
  readonly feeId: string | null;
};

/** The fee is disputed, so it cannot be paid, settled by a credit, transferred, or put into a payment plan. */
export type FeeIsDisputed = Refusal<'FeeIsDisputed', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The fee is already disputed. */
export type FeeAlreadyDisputed = Refusal<'FeeAlreadyDisputed', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The fee is not disputed. */
export type FeeNotDisputed = Refusal<'FeeNotDisputed', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The account has no waiver, and no credit from a waiver, with this id. */
export type WaiverNotFound = Refusal<'WaiverNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly waiverId: string;
};

/** Fees of this type cannot be waived. */
export type FeeTypeNotWaiveable = Refusal<'FeeTypeNotWaiveable', 'forbidden'> & {
  /** The fee. */
  readonly feeId: string;
  /** The fee's type. */
  readonly feeType: string;
};

/** The waiver exceeds what is owed or, if nothing is owed, what was transferred and not reversed. */
export type WaiverExceedsOwed = Refusal<'WaiverExceedsOwed', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed; if nothing is owed, what was transferred and not reversed. A decimal string. */
  readonly owed: string;
};

/** The fee was not charged for a lost item. */
export type FeeNotLostItem = Refusal<'FeeNotLostItem', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The loan has no lost-item fee. */
export type LostItemFeeNotFound = Refusal<'LostItemFeeNotFound', 'notFound'> & {
  /** The loan. */
  readonly loanId: string;
};

/** The lost item has already been returned. */
export type LostItemAlreadyReturned = Refusal<'LostItemAlreadyReturned', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/**
 * No part of the fee is left to cancel. If something is still owed because money was handed out, it can be paid or
 * waived.
 */
export type NothingToCancel = Refusal<'NothingToCancel', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The cancellation exceeds what is left of the fee. */
export type CancellationExceedsFee = Refusal<'CancellationExceedsFee', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount that can be cancelled, a decimal string. */
  readonly cancellable: string;
};

/** The fee was charged once and cannot grow. */
export type FeeNotAccruing = Refusal<'FeeNotAccruing', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

/** The command gives another loan, library or fee type than the fine has. */
export type AccruingFeeDiffers = Refusal<'AccruingFeeDiffers', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The field that differs. */
  readonly field: 'feeType' | 'owner' | 'loanId';
  /** The fee's value; null if it has none. */
  readonly recorded: string | null;
  /** The command's value. */
  readonly given: string;
};

/** The fine has stopped growing, so no total other than its final one is accepted. */
export type AccrualHasEnded = Refusal<'AccrualHasEnded', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The fine's final total, a decimal string. */
  readonly total: string;
  /** The command's total, a decimal string. */
  readonly requested: string;
};

/** The fee type is for lost items, whose fees do not grow. */
export type FeeTypeIsLostItem = Refusal<'FeeTypeIsLostItem', 'invalid'> & {
  /** The fee type. */
  readonly feeType: string;
};

/** The fine is still growing, so it cannot be transferred or put into a payment plan yet. */
export type FeeStillAccruing = Refusal<'FeeStillAccruing', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
};

const fieldNames = { feeType: 'type', owner: 'owner', loanId: 'loan' } as const;

/** The English sentences of these rejections. */
export const englishFeeRejections = {
  FeeTypeUnknown: ({ feeType, known }: FeeTypeUnknown) =>
    `There is no fee type ${feeType}.${englishCodes(known)}`,
  FeeTypeRetired: 'The fee type {feeType} is no longer charged.',
  FeeTypeNotManual: 'The fee type {feeType} cannot be charged by hand.',
  FeeOwnerMissing: 'Name the library that owns the fee.',
  FeeNotFound: 'This patron has no fee {feeId}.',
  NothingOwed: ({ feeId }: NothingOwed) =>
    feeId === null ? 'Nothing is owed.' : `Nothing is owed on fee ${feeId}.`,
  FeeIsDisputed: 'Fee {feeId} is disputed. Resolve the dispute first.',
  FeeAlreadyDisputed: 'Fee {feeId} is already disputed.',
  FeeNotDisputed: 'Fee {feeId} is not disputed.',
  WaiverNotFound: 'This patron has no waiver {waiverId}.',
  FeeTypeNotWaiveable: 'Fees of type {feeType} cannot be waived.',
  WaiverExceedsOwed: '{amount} is more than the {owed} that can be waived of fee {feeId}.',
  FeeNotLostItem: 'Fee {feeId} was not charged for a lost item.',
  LostItemFeeNotFound: 'The loan {loanId} has no lost-item fee.',
  LostItemAlreadyReturned: 'The lost item of fee {feeId} was already returned.',
  NothingToCancel: 'Nothing is left of fee {feeId} to cancel.',
  CancellationExceedsFee: '{amount} is more than the {cancellable} that can be cancelled of fee {feeId}.',
  FeeNotAccruing: 'Fee {feeId} was charged once and does not grow.',
  AccruingFeeDiffers: ({ feeId, field, recorded, given }: AccruingFeeDiffers) =>
    `Fee ${feeId} has the ${fieldNames[field]} ${recorded ?? '(none)'}, not ${given}.`,
  AccrualHasEnded: 'Fee {feeId} has stopped growing at {total}; it cannot become {requested}.',
  FeeTypeIsLostItem: 'Fees of type {feeType} are for lost items and do not grow.',
  FeeStillAccruing: 'Fee {feeId} still grows. Wait until it has stopped.',
};
