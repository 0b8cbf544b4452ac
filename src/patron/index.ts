/**
 * Patrons with several accounts, and households: merge accounts, and pay for several at once.
 *
 * @stability may change
 * @module patrons
 */

// One patron, several accounts: merge and separate them.

export type { AccountMerge } from './mergeAccounts.js';
export { mergeAccounts } from './mergeAccounts.js';
export type { AccountSeparation } from './separateAccounts.js';
export { separateAccounts } from './separateAccounts.js';
export type { MergeResult } from './writeInSteps.js';
export type {
  MergeAcrossInstitutions,
  MergeIntoItself,
  MergeLeadsBack,
  MergeNotFound,
  MergeRejection,
  SeparationRejection,
} from './mergeRejection.js';
export type { JoinedAccount } from './accountsOf.js';
export { accountsOf } from './accountsOf.js';

// Households: pay for several patrons at once.

export type { HouseholdPaid, HouseholdPart } from './payAccounts.js';
export type { HouseholdPayment, HouseholdPaymentOptions } from './payHousehold.js';
export { payHousehold } from './payHousehold.js';
