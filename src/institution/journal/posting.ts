import type { LedgerAccount } from './ledgerAccount.js';

/** One line of a journal entry. */
export type Posting = {
  /** The ledger account. */
  readonly account: LedgerAccount;
  /** What it changes by, in integer minor units: a debit is positive, a credit negative. Never 0. */
  readonly amountMinor: number;
  /**
   * The fee or the credit of the patron account that the line is about, if it is about one. So `receivable` can be told
   * fee by fee, and `credits` credit by credit.
   */
  readonly rowId: string | null;
};

/** A posting of so much to the debit of an account. */
export function debit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor, rowId };
}

/** A posting of so much to the credit of an account. */
export function credit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor: -amountMinor, rowId };
}
