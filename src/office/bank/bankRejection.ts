import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';

/** The policy has no such payment method. */
export type BankMethodUnknown = Refusal<'BankMethodUnknown', 'invalid'> & {
  /** The method's code. */
  readonly method: string;
  /** The payment methods of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/** The sum of the items and the difference is not the amount of the bank's entry. */
export type BankAmountsDiffer = Refusal<'BankAmountsDiffer', 'invalid'> & {
  /** The amount of the entry, a decimal string. */
  readonly amount: string;
  /** The sum of the items and the difference, a decimal string. */
  readonly expected: string;
};

/** The bank's entry was confirmed or booked before. */
export type BankEntryAlreadyConfirmed = Refusal<'BankEntryAlreadyConfirmed', 'conflict'> & {
  /** The entry. */
  readonly entryId: string;
  /** The confirmation or the booking. */
  readonly confirmationId: string;
};

/** An item was confirmed before, by another entry of this or another account at a bank, or ended by hand. */
export type BankItemAlreadyConfirmed = Refusal<'BankItemAlreadyConfirmed', 'conflict'> & {
  /** The other account at a bank; null if it is this one. */
  readonly bank: string | null;
  /** The confirmation or the ending. */
  readonly confirmationId: string;
};

/**
 * The amounts confirmed and ended, over all accounts at banks, would exceed the item; or more would be taken back than
 * was confirmed.
 */
export type ConfirmedAbove = Refusal<'ConfirmedAbove', 'conflict'> & {
  /** The amount of the whole item, a decimal string. */
  readonly total: string;
  /** What is neither confirmed nor ended, a decimal string. */
  readonly left: string;
  /** What the command would settle of it, or take back, a decimal string with its sign. */
  readonly amount: string;
};

/** The policy has no such reason in `bankReasons`. */
export type BankReasonUnknown = Refusal<'BankReasonUnknown', 'invalid'> & {
  /** The reason. */
  readonly reason: string;
  /** The reasons of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/** The account has no such deposit from the safe, confirmation, ending or booking. */
export type BankRecordNotFound = Refusal<'BankRecordNotFound', 'notFound'> & {
  /** The record of the command. */
  readonly recordId: string;
};

/**
 * The deposit, the confirmation, the ending or the booking was reversed before; or an entry of the bank confirms the
 * deposit: reverse that confirmation first.
 */
export type BankRecordClosed = Refusal<'BankRecordClosed', 'conflict'> & {
  /** The record. */
  readonly recordId: string;
  /** The confirmation of the deposit; null if the record is reversed. */
  readonly confirmationId: string | null;
};

/** Why a command about a bank account is refused. */
export type BankRejection =
  | BankMethodUnknown
  | BankAmountsDiffer
  | BankEntryAlreadyConfirmed
  | BankItemAlreadyConfirmed
  | ConfirmedAbove
  | BankReasonUnknown
  | BankRecordNotFound
  | BankRecordClosed;

/** The English sentences of these rejections. */
export const englishBankRejections: RejectionWords<BankRejection> = {
  BankMethodUnknown: ({ method, known }) => `There is no payment method ${method}.${englishCodes(known)}`,
  BankAmountsDiffer: 'The entry of the bank is {amount}, and {expected} is to be confirmed by it.',
  BankEntryAlreadyConfirmed: 'The entry {entryId} of the bank is confirmed already.',
  BankItemAlreadyConfirmed: ({ bank, confirmationId }) =>
    `Another entry of ${bank ?? 'the bank'} confirms this already: ${confirmationId}.`,
  ConfirmedAbove: 'Of {total}, {left} is neither confirmed nor ended: {amount} does not fit.',
  BankReasonUnknown: ({ reason, known }) => `There is no reason ${reason}.${englishCodes(known)}`,
  BankRecordNotFound: 'The bank account has no record {recordId}.',
  BankRecordClosed: ({ recordId, confirmationId }) =>
    confirmationId === null
      ? `${recordId} is already reversed.`
      : `The bank confirmed the deposit ${recordId}: reverse ${confirmationId} first.`,
};
