import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { shown } from '../input/shown.js';
import type { PatronAccount } from './patronAccount.js';
import { rowKinds } from './rows.js';

const lists = /* @__PURE__ */ listsOfAccount();

function listsOfAccount() {
  return [...Object.values(rowKinds).map(({ list }) => list), 'ids'] as const;
}

/** Throws INVALID_ACCOUNT if the value is not a patron account. */
export function assertAccount(account: PatronAccount): void {
  const whole =
    typeof account === 'object' &&
    account !== null &&
    Number.isSafeInteger(account.eventCount) &&
    lists.every((list) => Array.isArray(account[list]));
  if (!whole) throw notAnAccount(account);
}

function notAnAccount(input: unknown): PatronFeesError {
  const found = typeof input === 'string' ? 'a string' : shown(input);
  const more = found === 'object' ? '' : `, found ${found}`;
  return new PatronFeesError(
    'INVALID_ACCOUNT',
    `expected a patron account, made by fold or emptyAccount${more}`,
  );
}

/** Runs a function that reads an account. Reports any failure as INVALID_ACCOUNT, except errors of this library. */
export function readingAccount<Result>(account: unknown, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw isPatronFeesError(error) ? error : notAnAccount(account);
  }
}
