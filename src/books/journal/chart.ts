import * as v from 'valibot';
import type { JournalEntry } from './journal.js';
import { type LedgerAccount, ledgerAccountName, ledgerKey, type Posting } from './ledgerAccount.js';

/** The kinds of ledger accounts. */
const kinds = [
  'receivable',
  'cash',
  'transferred',
  'settled',
  'settlementSurplus',
  'credits',
  'revenue',
  'waivers',
  'writeOffs',
  'returns',
  'vat',
  'goodwill',
  'imported',
  'forfeited',
  'safe',
  'deposited',
  'overShort',
  'remitted',
  'commission',
  'bank',
  'bankCharges',
  'bankOther',
  'serviceFees',
  'paidOut',
  'providerFees',
  'onlineApart',
  'retainedEarnings',
] as const satisfies readonly LedgerAccount[0][];

/**
 * One line of a chart of accounts: the account of the institution's books for a kind of ledger account, or for some of
 * its codes. Every condition that is given must hold. A condition that the kind does not have, such as a desk of
 * revenue, is a fault.
 */
export type ChartRule = {
  /** The kind of ledger account. */
  readonly kind: LedgerAccount[0];
  /** Only fees of this library. */
  readonly owner?: string;
  /** Only fees of this type. */
  readonly feeType?: string;
  /** Only money of this payment method. */
  readonly method?: string;
  /** Only money that passed this desk: payments taken, counts and deposits made there. */
  readonly desk?: string;
  /** Only what went to this external system. */
  readonly destination?: string;
  /** Only this account at a bank. */
  readonly bank?: string;
  /** Only what was booked or ended for this reason: of `bankOther`. */
  readonly reason?: string;
  /**
   * Only fees with this tax rate, in percent: of `vat`, `revenue`, `waivers`, `writeOffs`, `returns`. What a purge
   * removed has a rate only in `vat`.
   */
  readonly vatPercent?: number;
  /** Only credits of this purpose. */
  readonly purpose?: string;
  /**
   * The account in the books. For hledger and beancount a name such as `Income:4310-Fines`, which begins with
   * `Assets`, `Liabilities`, `Equity`, `Income` or `Expenses`; for CSV any code, e.g. `4310`.
   */
  readonly account: string;
};

const ledgerName = /^(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+$/;

/** Returns the schema of a chart of accounts. */
export function chartField(format: unknown) {
  const expected =
    format === 'csv' ? 'a code' : 'a name such as Income:4310-Fines, of ASCII letters, digits and hyphens';
  const isName = (name: string) => (format === 'csv' ? /^[^\p{Cc}]{1,200}$/u : ledgerName).test(name);
  const code = v.exactOptional(v.string());
  const rule = v.strictObject({
    kind: v.picklist(kinds),
    owner: code,
    feeType: code,
    method: code,
    desk: code,
    destination: code,
    bank: code,
    reason: code,
    purpose: code,
    vatPercent: v.exactOptional(v.number()),
    account: v.pipe(v.string(expected), v.check(isName, expected)),
  });
  return v.array(
    v.pipe(
      rule,
      v.check(
        ({ kind, account: _account, vatPercent: _vat, ...given }) =>
          Object.keys(given).every((name) => conditionsOf(kind).includes(name)),
        ({ input: { kind } }) =>
          `only conditions that ${kind} has: ${conditionsOf(kind).join(', ') || 'none'}`,
      ),
    ),
  );
}

/** Returns the conditions that can hold for a kind of account, besides the tax rate. */
function conditionsOf(kind: LedgerAccount[0]): readonly string[] {
  return Object.keys(codesOf([kind, '', ''] as unknown as LedgerAccount, ''));
}

/** A posting with the name of its account in the books. */
export type NamedPosting = Posting & {
  /** The name. */
  readonly name: string;
};

/** Names the postings of an entry. */
export type LedgerNames = (entry: JournalEntry) => readonly NamedPosting[];

/** Returns the name of a ledger account in the books, for money that passed a desk. */
export type AccountNames = (account: LedgerAccount, desk: string | undefined, vatPercent?: number) => string;

/** Creates the names of a chart of accounts. The first rule that fits is used; without one, `ledgerAccountName`. */
export function accountNames(chart: readonly ChartRule[]): AccountNames {
  /** Names are cached: they are few, and there may be millions of postings. */
  const known = new Map<string, string>();
  const usesDesks = chart.some(({ desk }) => desk !== undefined);
  const usesRates = chart.some(({ vatPercent }) => vatPercent !== undefined);
  return (account, desk, vatPercent) => {
    const key = usesDesks || usesRates ? JSON.stringify([account, desk, vatPercent]) : ledgerKey(account);
    let name = known.get(key);
    if (name === undefined) {
      name =
        chart.find((rule) => fits(rule, account, desk, vatPercent))?.account ?? ledgerAccountName(account);
      known.set(key, name);
    }
    return name;
  };
}

/** Creates the names of the postings of patron accounts. */
export function ledgerNames(chart: readonly ChartRule[]): LedgerNames {
  const nameOf = accountNames(chart);
  return (entry) =>
    entry.postings.map((posting) => ({
      ...posting,
      name: nameOf(posting.account, deskOf(entry, posting), posting.vatPercent),
    }));
}

/** Returns the desk of a posting: of its event, or of the events that a purge has removed. */
export function deskOf(
  { event, month }: Pick<JournalEntry, 'event' | 'month'>,
  posting: Posting,
): string | undefined {
  return month === undefined ? event.data.by?.desk : posting.desk;
}

const conditions = [
  'owner',
  'feeType',
  'method',
  'desk',
  'destination',
  'bank',
  'reason',
  'purpose',
  'vatPercent',
] as const;

function fits(
  rule: ChartRule,
  account: LedgerAccount,
  desk: string | undefined,
  vatPercent: number | undefined,
): boolean {
  const found: Partial<Record<(typeof conditions)[number], string | number | undefined>> = {
    vatPercent,
    ...codesOf(account, desk),
  };
  return (
    rule.kind === account[0] &&
    conditions.every((name) => rule[name] === undefined || rule[name] === found[name])
  );
}

/** Returns the codes of a ledger account that rules can ask for. */
function codesOf([kind, first, second]: LedgerAccount, desk: string | undefined) {
  switch (kind) {
    case 'receivable':
      return { owner: first };
    case 'revenue':
    case 'waivers':
    case 'writeOffs':
    case 'returns':
      return { owner: first, feeType: second };
    case 'cash':
    case 'deposited':
    case 'overShort':
      return { method: first, desk };
    case 'serviceFees':
    case 'paidOut':
    case 'providerFees':
    case 'onlineApart':
      return { method: first };
    case 'transferred':
    case 'settled':
    case 'remitted':
    case 'commission':
      return { destination: first };
    case 'bank':
    case 'bankCharges':
      return { bank: first };
    case 'bankOther':
      return { reason: first };
    case 'credits':
      return { purpose: first };
    case 'vat':
      // Totals of removed events have no other rate.
      return { vatPercent: Number(first) };
    default:
      return {};
  }
}
