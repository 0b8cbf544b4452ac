import type { StreamFinding } from '../../job/accountFinding.js';
import type { JobReport } from '../../job/jobHead.js';
import { formatAmount } from '../../money/money.js';
import type { AccountNames } from './chart.js';
import { addLedger, type Ledger, type LedgerAccount, ledgerAccountName } from './ledgerAccount.js';
import { type AccountText, type DaySpan, widened } from './ledgerText.js';

/** The balance of one ledger account in one currency, over all patron accounts. */
export type LedgerBalance = {
  /** The ledger account; the first one of those that a chart of accounts joins under the name. */
  readonly account: LedgerAccount;
  /** Its name in the text. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string: a debit is positive, a credit negative. */
  readonly amount: string;
};

/** The totals of an exported journal. An account with a finding has no entries in it. */
export type JournalTotals = JobReport<StreamFinding> & {
  /** The number of patron accounts that had events by the end of the period, the unreadable ones included. */
  readonly accounts: number;
  /** The number of entries of the period. */
  readonly entries: number;
  /**
   * The balances at the beginning of the period; none without `from`. Income and expense begin at 0.00: what they were
   * before is the balance of `retainedEarnings`. The balances of each currency sum to zero.
   */
  readonly opening: readonly LedgerBalance[];
  /**
   * The balance of every ledger account at the end of the period, by currency and name; of income and expense, the sum
   * of the period. The balances of each currency sum to zero.
   */
  readonly balances: readonly LedgerBalance[];
};

/** The sums of a month, by currency and name. */
export type MonthSums = {
  /** The month, `YYYY-MM`. */
  readonly month: string;
  /** The sums. */
  readonly sums: readonly LedgerBalance[];
};

/** A currency. */
type Currency = { readonly code: string; readonly minorDigits: number };

/** Sums a journal. Keeps only the sums, not the accounts. */
export type JournalTally = {
  /** Adds a stream. Returns the stream's currency if it is the first one with it. */
  readonly add: (account: AccountText) => Currency | null;
  /** Returns the totals so far, the sums of each month, and the days of the first and the last entry. */
  readonly result: () => Omit<JournalTotals, 'accounts' | keyof JobReport> & {
    readonly months: readonly MonthSums[];
    readonly days: DaySpan | null;
  };
};

/** The sums of one currency. */
type CurrencySums = {
  readonly minorDigits: number;
  readonly opening: Ledger<bigint>;
  readonly ledger: Ledger<bigint>;
  readonly months: Map<string, Ledger<bigint>>;
};

/**
 * Starts a tally.
 *
 * @param nameOf - the names of the accounts, for the one that income and expense of earlier periods are moved to
 */
export function journalTally(nameOf: AccountNames): JournalTally {
  const currencies = new Map<string, CurrencySums>();
  let entries = 0;
  let days: DaySpan | null = null;
  const listed = (
    of: ReadonlyMap<string, CurrencySums>,
    which: (sums: CurrencySums) => Ledger<bigint> | undefined,
  ): LedgerBalance[] =>
    [...of]
      .flatMap(([currency, sums]) =>
        [...(which(sums) ?? [])].map(([name, { account, amount }]) => ({
          account,
          name,
          currency,
          amount: formatAmount(amount, sums.minorDigits),
        })),
      )
      .sort((a, b) => order(a.currency, b.currency) || order(a.name, b.name));
  return {
    add: (account) => {
      const { currency: code, minorDigits } = account;
      if (code === null) return null;
      entries += account.entries;
      if (account.days !== null) days = widened(days, account.days);
      let sums = currencies.get(code);
      const isNew = sums === undefined;
      sums ??= { minorDigits, opening: new Map(), ledger: new Map(), months: new Map() };
      currencies.set(code, sums);
      addLedger(sums.opening, account.opening);
      addLedger(sums.ledger, account.ledger);
      for (const [month, ledger] of account.months) {
        const total = sums.months.get(month) ?? new Map();
        sums.months.set(month, total);
        addLedger(total, ledger);
      }
      return isNew ? { code, minorDigits } : null;
    },
    result: () => {
      const retained = nameOf(retainedEarnings, undefined);
      const closed = new Map([...currencies].map(([code, sums]) => [code, closedResult(sums, retained)]));
      const months = new Set([...currencies.values()].flatMap((sums) => [...sums.months.keys()]));
      return {
        entries,
        opening: listed(closed, ({ opening }) => opening),
        balances: listed(closed, ({ ledger }) => ledger),
        months: [...months].sort(order).map((month) => ({
          month,
          sums: listed(currencies, (sums) => sums.months.get(month)),
        })),
        days,
      };
    },
  };
}

const retainedEarnings: LedgerAccount = ['retainedEarnings'];

/** Returns the sums with the income and expense before the period moved to an account of equity. */
function closedResult({ opening, ledger, ...sums }: CurrencySums, retained: string): CurrencySums {
  const closed = { ...sums, opening: copyOf(opening), ledger: copyOf(ledger) };
  for (const [name, { account, amount }] of opening) {
    if (!isIncomeOrExpense(name, account) || amount === 0n) continue;
    for (const lines of [closed.opening, closed.ledger]) {
      addLine(lines, name, account, -amount);
      addLine(lines, retained, retainedEarnings, amount);
    }
  }
  return closed;
}

function copyOf(ledger: Ledger<bigint>): Ledger<bigint> {
  return new Map([...ledger].map(([name, line]) => [name, { ...line }]));
}

function addLine(ledger: Ledger<bigint>, name: string, account: LedgerAccount, amount: bigint): void {
  const line = ledger.get(name);
  if (line === undefined) ledger.set(name, { account, amount });
  else line.amount += amount;
}

/**
 * Returns whether an account is closed at the end of a period. Names of hledger and beancount begin with a heading;
 * a code for another program counts as the account that it stands for.
 */
export function isIncomeOrExpense(name: string, account: LedgerAccount): boolean {
  const heading =
    /^(Assets|Liabilities|Equity|Income|Expenses):/.exec(name) ?? /^(.*?):/.exec(ledgerAccountName(account));
  return heading?.[1] === 'Income' || heading?.[1] === 'Expenses';
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
