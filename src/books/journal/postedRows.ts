import type { Credit } from '../../account/credit.js';
import type { Fee } from '../../account/fee.js';
import {
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { Refund, Transfer, Waiver } from '../../account/records.js';
import { PatronFeesError } from '../../errors.js';
import { parseAmount } from '../../money/money.js';
import type { LedgerAccount } from './ledgerAccount.js';

// Postings read only what never changes in the account. So the account may be the one right after the event or any
// later one.

/** Parses an amount of the account's currency to minor units. */
export function minorIn(account: PatronAccount, amount: string): number {
  const minor = parseAmount(amount, account.minorDigits);
  if (minor >= 0) return minor;
  throw new PatronFeesError('INVALID_EVENT', `expected an amount with ${account.minorDigits} decimals`);
}

/** Returns the fee with an id. */
export function feeOf(account: PatronAccount, feeId: string): Fee {
  return findFee(account, feeId) ?? missing('fee', feeId);
}

/** Returns the credit with an id. */
export function creditOf(account: PatronAccount, creditId: string): Credit {
  return findCredit(account, creditId) ?? missing('credit', creditId);
}

/** Returns the transfer with an id. */
export function transferOf(account: PatronAccount, transferId: string): Transfer {
  return findTransfer(account, transferId) ?? missing('transfer', transferId);
}

/** Returns the waiver with an id. */
export function waiverOf(account: PatronAccount, waiverId: string): Waiver {
  return account.waivers[positionOf(account, 'waiver', waiverId)] ?? missing('waiver', waiverId);
}

/** Returns the refund with an id. */
export function refundOf(account: PatronAccount, refundId: string): Refund {
  return account.refunds[positionOf(account, 'refund', refundId)] ?? missing('refund', refundId);
}

/** Returns the receivable account of a fee's library. */
export function receivableOf(account: PatronAccount, feeId: string): LedgerAccount {
  return ['receivable', feeOf(account, feeId).owner];
}

/** Returns the account of a kind for a fee's library and type. */
export function accountOfFee(
  account: PatronAccount,
  kind: 'revenue' | 'waivers' | 'writeOffs' | 'returns',
  feeId: string,
): LedgerAccount {
  const { owner, feeType } = feeOf(account, feeId);
  return [kind, owner, feeType];
}

function missing(kind: string, id: string): never {
  throw new PatronFeesError('NOT_FOUND', `the account has no ${kind} ${id}`, { kind, id });
}
