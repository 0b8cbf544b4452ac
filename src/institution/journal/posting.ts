import type { LedgerAccount } from './ledgerAccount.js';

/** One line of a journal entry. */
export type Posting = {
  /** The ledger account. */
  readonly account: LedgerAccount;
  /** The change in integer minor units: a debit is positive, a credit negative. Never 0. */
  readonly amountMinor: number;
  /**
   * The fee or credit of the patron account that the line belongs to, or null. Divides `receivable` by fee, and
   * `credits` by credit.
   */
  readonly rowId: string | null;
};

/** Returns a posting that debits an account. */
export function debit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor, rowId };
}

/** Returns a posting that credits an account. */
export function credit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor: -amountMinor, rowId };
}
