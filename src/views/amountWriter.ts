import type { PatronAccount } from '../account/patronAccount.js';
import { assertAccount } from '../account/safeAccount.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';

/** Returns the currency of a view: the account's, or the policy's before the account's first amount. */
export function viewCurrency(account: PatronAccount, policy: FeePolicy): string {
  return account.currency ?? policy.currency;
}

/**
 * Checks the account and returns the function that formats minor units in the view's currency. Every view calls it first.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if `account` is not a patron account
 */
export function amountWriter(account: PatronAccount, policy?: FeePolicy): (minor: number) => string {
  assertAccount(account);
  const digits =
    account.currency === null && policy !== undefined
      ? (minorDigits(policy.currency) as number)
      : account.minorDigits;
  return (minor) => formatAmount(minor, digits);
}
