import type { LedgerAccount } from './ledgerAccount.js';

/** The balance of one ledger account. */
export type LedgerLine<Amount extends number | bigint> = {
  /** The ledger account. */
  readonly account: LedgerAccount;
  /** Its balance, in minor units. */
  amount: Amount;
};

/** Balances by ledger account, in the order of their first posting. */
export type Ledger<Amount extends number | bigint> = Map<string, LedgerLine<Amount>>;

/** Separates the codes of an account; no code contains it. */
const SEPARATOR = '\u0000';

/** Returns the key of a ledger account, unique for every account. */
export function ledgerKey(account: LedgerAccount): string {
  return account.join(SEPARATOR);
}

/** Adds an amount to an account of a ledger of one patron account, whose sums are safe integers. */
export function addTo(ledger: Ledger<number>, account: LedgerAccount, amount: number): void {
  const key = ledgerKey(account);
  const line = ledger.get(key);
  if (line === undefined) ledger.set(key, { account, amount });
  else line.amount += amount;
}

/** Adds a ledger to a total whose sums may exceed the safe integers. */
export function addLedger(total: Ledger<bigint>, ledger: Ledger<number>): void {
  for (const [key, { account, amount }] of ledger) {
    const line = total.get(key);
    if (line === undefined) total.set(key, { account, amount: BigInt(amount) });
    else line.amount += BigInt(amount);
  }
}
