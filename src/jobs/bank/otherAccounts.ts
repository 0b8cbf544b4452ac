import type { BankItem } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';

/**
 * Finds the entries of a statement that are of another account than the one that is compared, and counts them.
 *
 * @param account - the account as the statement names it; the first that an entry names if left out
 * @param found - called with the first entry of each other account, if `account` is left out
 */
export function otherAccounts(
  account: string | undefined,
  found: (
    code: 'OTHER_ACCOUNT',
    entry: BankEntry,
    items: readonly BankItem[],
    message: string,
  ) => Promise<void>,
) {
  const others = new Set<string>();
  let own = account === undefined ? undefined : nameOf(account);
  let entryCount = 0;
  return {
    /** Returns whether an entry is of another account. */
    async have(entry: BankEntry): Promise<boolean> {
      if (entry.account === null) return false;
      const name = nameOf(entry.account);
      own ??= name;
      if (name === own) return false;
      entryCount += 1;
      if (account === undefined && !others.has(name))
        await found('OTHER_ACCOUNT', entry, [], `expected ${own}, found ${name}: name one in form.account`);
      others.add(name);
      return true;
    },
    /** Returns whether a statement is of the account that is compared; of any, while no entry names one. */
    isOwn: (statement: { readonly account: string | null }): boolean =>
      statement.account === null || nameOf(statement.account) === (own ?? nameOf(statement.account)),
    /** Returns the number of their entries. */
    count: (): number => entryCount,
  };
}

/** Returns the name of an account for comparison: an IBAN may be written in groups. */
function nameOf(account: string): string {
  return account.replace(/\s/g, '').toUpperCase();
}
