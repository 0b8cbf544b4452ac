import { formatAmount } from '../../money/money.js';
import type { AccountFinding } from '../accountFinding.js';
import { type FindingsReport, findingTally } from '../tallies.js';
import type { AccountText } from './accountText.js';
import { addLedger, type Ledger, type LedgerAccount, ledgerAccountName } from './ledgerAccount.js';
import { type DaySpan, widened } from './ledgerText.js';

/** The balance of one ledger account in one currency, over all patron accounts. */
export type LedgerBalance = {
  /** The ledger account. */
  readonly account: LedgerAccount;
  /** Its name in the text. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string: a debit is positive, a credit negative. */
  readonly amount: string;
};

/** The totals of an exported journal. */
export type JournalTotals = {
  /** The number of patron accounts. */
  readonly accounts: number;
  /** The accounts that could not be read, and why. None of their entries are in the journal. */
  readonly findings: FindingsReport<AccountFinding>;
  /** The number of entries written. */
  readonly entries: number;
  /** The balance of every ledger account, by currency and name. The balances of each currency sum to zero. */
  readonly balances: readonly LedgerBalance[];
};

/** A currency. */
type Currency = { readonly code: string; readonly minorDigits: number };

/** Sums a journal. Keeps only the sums, not the accounts. */
export type JournalTally = {
  /** Adds an account or a finding. Returns the account's currency if it is the first account with it. */
  readonly add: (account: AccountText | AccountFinding) => Currency | null;
  /** Returns the totals so far, and the days of the first and the last entry. */
  readonly result: () => JournalTotals & { readonly days: DaySpan | null };
};

/** Starts a tally. */
export function journalTally(): JournalTally {
  const ledgers = new Map<string, { readonly minorDigits: number; readonly ledger: Ledger<bigint> }>();
  const findings = findingTally<AccountFinding>();
  let [accounts, entries] = [0, 0];
  let days: DaySpan | null = null;
  const ledgerIn = (code: string, minorDigits: number) => {
    const known = ledgers.get(code);
    if (known !== undefined) return { ledger: known.ledger, isNew: false };
    const ledger: Ledger<bigint> = new Map();
    ledgers.set(code, { minorDigits, ledger });
    return { ledger, isNew: true };
  };
  return {
    add: (account) => {
      accounts += 1;
      if ('code' in account) {
        findings.add(account);
        return null;
      }
      const { currency: code, minorDigits } = account;
      if (code === null || account.days === null) return null;
      entries += account.entries;
      days = widened(days, account.days);
      const { ledger, isNew } = ledgerIn(code, minorDigits);
      addLedger(ledger, account.ledger);
      return isNew ? { code, minorDigits } : null;
    },
    result: () => {
      const balances = [...ledgers].flatMap(([currency, { ledger, minorDigits }]) =>
        [...ledger.values()].map(({ account, amount }) => ({
          account,
          name: ledgerAccountName(account),
          currency,
          amount: formatAmount(amount, minorDigits),
        })),
      );
      balances.sort((a, b) => order(a.currency, b.currency) || order(a.name, b.name));
      return { accounts, findings: findings.result(), entries, balances, days };
    },
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
