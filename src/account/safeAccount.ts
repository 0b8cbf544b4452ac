import { PatronFeesError } from '../errors.js';
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
  if (!whole)
    throw new PatronFeesError('INVALID_ACCOUNT', 'expected a patron account, made by fold or emptyAccount');
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
