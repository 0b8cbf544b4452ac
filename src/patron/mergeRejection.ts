import type {
  AccountInOtherCurrency,
  AccountMergedRejection,
  AlreadyUndone,
  IdAlreadyUsed,
  NotPermitted,
} from '../account/rejections/commandRejections.js';
import type { Refusal } from '../account/rejections/refusal.js';
import type { Rejection } from '../account/rejections/rejection.js';
import type { RejectionWords } from '../account/rejections/rejectionText.js';

/** The command merges an account into itself. */
export type MergeIntoItself = Refusal<'MergeIntoItself', 'invalid'> & {
  /** The patron id of the account. */
  readonly patronId: string;
};

/** The accounts belong to two institutions. */
export type MergeAcrossInstitutions = Refusal<'MergeAcrossInstitutions', 'invalid'> & {
  /** The institution of the account to be merged. */
  readonly from: string;
  /** The institution of the other account. */
  readonly into: string;
};

/**
 * The other account is merged into this one, perhaps through further accounts. Or two merges at the same time would
 * have formed a circle, and this one was undone.
 */
export type MergeLeadsBack = Refusal<'MergeLeadsBack', 'conflict'> & {
  /** The patron ids from the other account to the one that was to be merged. */
  readonly path: readonly string[];
};

/** The account was not merged into another one by this merge. */
export type MergeNotFound = Refusal<'MergeNotFound', 'notFound'> & {
  /** The merge's id. */
  readonly mergeId: string;
};

/** Why accounts are not merged. */
export type MergeRejection =
  | MergeIntoItself
  | MergeAcrossInstitutions
  | MergeLeadsBack
  | AccountMergedRejection
  | AccountInOtherCurrency
  | IdAlreadyUsed
  | AlreadyUndone
  | NotPermitted;

/** Why accounts are not separated. */
export type SeparationRejection = MergeNotFound | NotPermitted;

/** The English sentences of the rejections that commands to accounts do not have. */
export const englishMergeRejections: RejectionWords<
  Exclude<MergeRejection | SeparationRejection, Rejection>
> = {
  MergeIntoItself: 'This is one account: patron {patronId}.',
  MergeAcrossInstitutions: 'The accounts belong to two institutions, {from} and {into}.',
  MergeLeadsBack: 'The accounts are merged already, in the other direction: patrons {path}.',
  MergeNotFound: 'The account was not merged by {mergeId}.',
};
