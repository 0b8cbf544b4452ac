import { isPatronFeesError, PatronFeesError } from '../errors.js';
import type { PatronAccount } from './patronAccount.js';

/** Refuses what is no patron account. */
export function assertAccount(account: PatronAccount): void {
  const lists = [
    'fees',
    'credits',
    'payments',
    'waivers',
    'transfers',
    'settlements',
    'applications',
    'refunds',
    'ids',
  ] as const;
  const whole =
    typeof account === 'object' &&
    account !== null &&
    Number.isSafeInteger(account.eventCount) &&
    lists.every((list) => Array.isArray(account[list]));
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
