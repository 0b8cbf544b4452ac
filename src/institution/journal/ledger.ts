import type { LedgerAccount } from './ledgerAccount.js';

/** What stands on one ledger account. */
export type LedgerLine<Amount extends number | bigint> = {
  /** The ledger account. */
  readonly account: LedgerAccount;
  /** Its balance, in minor units. */
  amount: Amount;
};

/** Balances by ledger account, in the order in which the accounts came up. */
export type Ledger<Amount extends number | bigint> = Map<string, LedgerLine<Amount>>;

/** Stands between the codes of an account; none of them has it. */
const SEPARATOR = '\u0000';

/** What a ledger account goes by: another string for every account. */
export function ledgerKey(account: LedgerAccount): string {
  return account.join(SEPARATOR);
}

/** Adds to an account of a ledger whose amounts are numbers: for one patron account, whose sums are safe integers. */
export function addTo(ledger: Ledger<number>, account: LedgerAccount, amount: number): void {
  const key = ledgerKey(account);
  const line = ledger.get(key);
  if (line === undefined) ledger.set(key, { account, amount });
  else line.amount += amount;
}

/** Adds a ledger to another one whose sums may exceed the safe integers. */
export function addLedger(total: Ledger<bigint>, ledger: Ledger<number>): void {
  for (const [key, { account, amount }] of ledger) {
    const line = total.get(key);
    if (line === undefined) total.set(key, { account, amount: BigInt(amount) });
    else line.amount += BigInt(amount);
  }
}
