import { formatAmount } from '../../money/money.js';
import type { AccountFinding } from '../accountFinding.js';
import type { AccountText } from './accountText.js';
import { type DaySpan, widened } from './daySpan.js';
import { addLedger, type Ledger } from './ledger.js';
import { type LedgerAccount, ledgerAccountName } from './ledgerAccount.js';

/** What stands on one ledger account, in one currency, over all patron accounts. */
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

/** What an exported journal comes to. */
export type JournalTotals = {
  /** How many patron accounts there were. */
  readonly accounts: number;
  /** How many of them could not be taken in: none of their entries are in the journal. */
  readonly unread: number;
  /** Which those are, and why: the first thousand. */
  readonly findings: readonly AccountFinding[];
  /** How many entries were written. */
  readonly entries: number;
  /** The balance of every ledger account, by currency and name. In each currency they sum to zero. */
  readonly balances: readonly LedgerBalance[];
};

/** How many findings are kept: after an accident every account may be one. */
const FINDINGS_MAX = 1_000;

/** A currency. */
type Currency = { readonly code: string; readonly minorDigits: number };

/** Totals that take in one account after the other, and keep nothing of them but sums. */
export type OpenTotals = {
  /** Takes in an account, or why there is none. Gives its currency if none before was in it. */
  readonly take: (account: AccountText | AccountFinding) => Currency | null;
  /** The totals so far, and from when until when there are entries. */
  readonly told: () => JournalTotals & { readonly days: DaySpan | null };
};

/** Opens totals. */
export function openTotals(): OpenTotals {
  const ledgers = new Map<string, { readonly minorDigits: number; readonly ledger: Ledger<bigint> }>();
  const findings: AccountFinding[] = [];
  let [accounts, unread, entries] = [0, 0, 0];
  let days: DaySpan | null = null;
  const ledgerIn = (code: string, minorDigits: number) => {
    const known = ledgers.get(code);
    if (known !== undefined) return { ledger: known.ledger, isNew: false };
    const ledger: Ledger<bigint> = new Map();
    ledgers.set(code, { minorDigits, ledger });
    return { ledger, isNew: true };
  };
  return {
    take: (account) => {
      accounts += 1;
      if ('code' in account) {
        unread += 1;
        if (findings.length < FINDINGS_MAX) findings.push(account);
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
    told: () => {
      const balances = [...ledgers].flatMap(([currency, { ledger, minorDigits }]) =>
        [...ledger.values()].map(({ account, amount }) => ({
          account,
          name: ledgerAccountName(account),
          currency,
          amount: formatAmount(amount, minorDigits),
        })),
      );
      balances.sort((a, b) => order(a.currency, b.currency) || order(a.name, b.name));
      return { accounts, unread, findings: findings.slice(), entries, balances, days };
    },
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
