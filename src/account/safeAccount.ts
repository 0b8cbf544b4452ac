import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { isSafeRecord, safeRecord } from './ids.js';
import type { PatronAccount } from './patronAccount.js';

/** Refuses what is no patron account. */
export function assertAccount(account: PatronAccount): void {
  const lists = ['fees', 'credits', 'payments', 'waivers', 'transfers', 'applications', 'refunds'] as const;
  const whole =
    typeof account === 'object' &&
    account !== null &&
    Number.isSafeInteger(account.eventCount) &&
    lists.every((list) => Array.isArray(account[list])) &&
    [account.ids, account.externalTransactions].every(
      (record) => typeof record === 'object' && record !== null,
    );
  if (!whole) throw notAnAccount();
}

function notAnAccount(): PatronFeesError {
  return new PatronFeesError('INVALID_ACCOUNT', 'expected a patron account, made by fold or emptyAccount');
}

/** Runs what reads an account: whatever one that is none makes it throw, it is told as that. */
export function readingAccount<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw isPatronFeesError(error) ? error : notAnAccount();
  }
}

/** The same account with records that any id can be a key of; they lose that in structuredClone and JSON. */
export function withSafeRecords(account: PatronAccount): PatronAccount {
  assertAccount(account);
  if (isSafeRecord(account.ids) && isSafeRecord(account.externalTransactions)) return account;
  return {
    ...account,
    ids: safeRecord(account.ids),
    externalTransactions: safeRecord(account.externalTransactions),
  };
}
