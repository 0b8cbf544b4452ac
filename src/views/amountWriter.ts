import {
  assertAccount,
  type BalancesInMinorUnits,
  balancesInMinorUnits,
  type PatronAccount,
} from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';

/** Returns the currency of a view: the account's, or the policy's before the account's first amount. */
export function viewCurrency(account: PatronAccount, policy: FeePolicy): string {
  return account.currency ?? policy.currency;
}

/**
 * Checks the account and returns the function that formats minor units in the view's currency. Every view calls it
 * first.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if `account` is not a patron account
 */
export function amountWriter(account: PatronAccount, policy?: FeePolicy): (minor: number) => string {
  assertAccount(account);
  const digits =
    account.currency === null && policy !== undefined ? digitsOf(policy.currency) : account.minorDigits;
  return (minor) => formatAmount(minor, digits);
}

/** The accounts of a view that shows one or several together. */
export type ViewedAccounts = {
  readonly accounts: readonly PatronAccount[];
  /** The currency of all of them. */
  readonly currency: string;
  /** Formats minor units in that currency. */
  readonly write: (minor: number) => string;
};

/**
 * Checks one account, or several of one patron or household, for a view that shows them together.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` for an empty list, and if one is not a
 * patron account; `INVALID_ARGUMENT` if they have different currencies
 */
export function viewedAccounts(
  given: PatronAccount | readonly PatronAccount[],
  policy: FeePolicy,
): ViewedAccounts {
  const accounts = [given].flat() as readonly PatronAccount[];
  if (accounts.length === 0) assertAccount(given as never);
  for (const account of accounts) assertAccount(account);
  const currencies = [...new Set(accounts.flatMap(({ currency }) => currency ?? []))];
  if (currencies.length > 1) {
    const message = 'accounts of different currencies cannot be shown together';
    throw new PatronFeesError('INVALID_ARGUMENT', message, { currencies });
  }
  const currency = currencies[0] ?? policy.currency;
  const digits = digitsOf(currency);
  return { accounts, currency, write: (minor) => formatAmount(minor, digits) };
}

/** Returns the balances of several accounts together, in minor units. */
export function balancesOfAll(accounts: readonly PatronAccount[]): BalancesInMinorUnits {
  const sums = { active: 0, disputed: 0, transferred: 0, payable: 0, owed: 0 };
  for (const account of accounts) {
    const own = balancesInMinorUnits(account);
    for (const name of Object.keys(sums) as (keyof BalancesInMinorUnits)[]) sums[name] += own[name];
  }
  return sums;
}
