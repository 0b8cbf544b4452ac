import type { PatronAccount } from '../account/patronAccount.js';
import { assertAccount } from '../account/safeAccount.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';

/** The currency a view speaks in: the account's, and before its first event the policy's. */
export function viewCurrency(account: PatronAccount, policy: FeePolicy): string {
  return account.currency ?? policy.currency;
}

/**
 * Writes minor units as decimal strings in the currency a view speaks in. Every view begins with it.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` for what is no patron account
 */
export function amountWriter(account: PatronAccount, policy?: FeePolicy): (minor: number) => string {
  assertAccount(account);
  const digits =
    account.currency === null && policy !== undefined
      ? (minorDigits(policy.currency) as number)
      : account.minorDigits;
  return (minor) => formatAmount(minor, digits);
}
