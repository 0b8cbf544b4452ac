import type { CreditPurpose } from '../../account/circumstances.js';

/**
 * An account of the institution's general ledger: its kind, then the codes that divide it. Not a patron account.
 *
 * - `receivable`: remaining amounts of the fees that a library owns, disputed ones included.
 * - `cash`: money received less money paid out, by payment method.
 * - `transferred`: amounts pending at an external system, by its code if known.
 * - `settled`: amounts transferred to an external system for good: it reported payment, or no report is expected; less
 *   what it handed over, if the journal includes remittances.
 * - `settlementSurplus`: payments to an external system above the pending amount.
 * - `credits`: unused credits that the institution owes patrons, by purpose. A negative balance.
 * - `revenue`: charges, less charges made in error; by library and fee type. A negative balance.
 * - `waivers`: waived amounts, by library and fee type.
 * - `writeOffs`: waived amounts whose reason is a write-off, by library and fee type.
 * - `returns`: credits given for returned lost items, by library and fee type.
 * - `vat`: value-added tax payable, by rate in percent. A negative balance.
 * - `goodwill`: credits issued by staff.
 * - `imported`: credits imported from another system.
 * - `forfeited`: refundable credits that were forfeited, and overpayments that were withdrawn unused. A negative
 *   balance.
 *
 * Of tills, remittances and bank accounts, if the journal includes them:
 *
 * - `safe`: the institution's own money outside the drawers: floats come from it; drops, and what stays in a drawer
 *   after a count, go to it.
 * - `deposited`: money that left a till or the safe as a deposit, by payment method; less what the bank confirmed.
 * - `overShort`: money that was missing when a till or the bank counted, less what was too much, by payment method.
 * - `remitted`: money that an external system handed over, less what it was paid, by its code if known; less what the
 *   bank confirmed.
 * - `commission`: what an external system kept as its fee, by its code if known.
 * - `bank`: money that the statement of a bank confirms, by account.
 * - `bankCharges`: what the bank kept of it, by account.
 * - `bankOther`: the bank's own debits less its own credits, and money that the bank will never have (ended by a
 *   person); by reason.
 *
 * Of online payments, if the journal includes them; `cash` of their method is what the payment provider owes:
 *
 * - `serviceFees`: service fees that patrons paid with their fees, by payment method. A negative balance.
 * - `paidOut`: what the provider paid out, by payment method; less what the bank confirmed.
 * - `providerFees`: what the provider kept as its fee, by payment method.
 * - `onlineApart`: parts of online payments that persons settled and no account records, by payment method: a gain or a
 *   loss to explain.
 *
 * Of a journal that begins with opening balances:
 *
 * - `retainedEarnings`: the balances that income and expense had before the period.
 */
export type LedgerAccount =
  | readonly [kind: 'receivable', owner: string]
  | readonly [kind: 'cash', method: string]
  | readonly [kind: 'transferred', destination?: string]
  | readonly [kind: 'settled', destination?: string]
  | readonly [kind: 'settlementSurplus']
  | readonly [kind: 'credits', purpose: CreditPurpose]
  | readonly [kind: 'revenue', owner: string, feeType: string]
  | readonly [kind: 'waivers', owner: string, feeType: string]
  | readonly [kind: 'writeOffs', owner: string, feeType: string]
  | readonly [kind: 'returns', owner: string, feeType: string]
  | readonly [kind: 'vat', percent: string]
  | readonly [kind: 'goodwill']
  | readonly [kind: 'imported']
  | readonly [kind: 'forfeited']
  | readonly [kind: 'safe']
  | readonly [kind: 'deposited', method: string]
  | readonly [kind: 'overShort', method: string]
  | readonly [kind: 'remitted', destination?: string]
  | readonly [kind: 'commission', destination?: string]
  | readonly [kind: 'bank', bank: string]
  | readonly [kind: 'bankCharges', bank: string]
  | readonly [kind: 'bankOther', reason: string]
  | readonly [kind: 'serviceFees', method: string]
  | readonly [kind: 'paidOut', method: string]
  | readonly [kind: 'providerFees', method: string]
  | readonly [kind: 'onlineApart', method: string]
  | readonly [kind: 'retainedEarnings'];

/** The kinds of accounts, each under one of the five headings of ledger programs. */
const headings: Readonly<Record<LedgerAccount[0], string>> = {
  receivable: 'Assets:Receivable',
  cash: 'Assets:Cash',
  transferred: 'Assets:Transferred',
  settled: 'Assets:Settled',
  settlementSurplus: 'Assets:SettlementSurplus',
  credits: 'Liabilities:Credits',
  revenue: 'Income:Revenue',
  waivers: 'Expenses:Waivers',
  writeOffs: 'Expenses:WriteOffs',
  returns: 'Expenses:Returns',
  vat: 'Liabilities:Vat',
  goodwill: 'Expenses:Goodwill',
  imported: 'Equity:Imported',
  forfeited: 'Income:Forfeited',
  safe: 'Assets:Safe',
  deposited: 'Assets:Deposited',
  overShort: 'Expenses:OverShort',
  remitted: 'Assets:Remitted',
  commission: 'Expenses:Commission',
  bank: 'Assets:Bank',
  bankCharges: 'Expenses:BankCharges',
  bankOther: 'Expenses:BankOther',
  serviceFees: 'Income:ServiceFees',
  paidOut: 'Assets:PaidOut',
  providerFees: 'Expenses:ProviderFees',
  onlineApart: 'Liabilities:OnlineApart',
  retainedEarnings: 'Equity:RetainedEarnings',
};

/**
 * Returns the name of a ledger account for text formats: valid in hledger and in beancount for any codes, and unique
 * for each account.
 *
 * Letters and digits of a code are kept, and `_` becomes `-`; every other byte becomes `-x` and two hexadecimal digits,
 * and so does a `_` before an `x`. A code that does not begin with a capital or a digit gets `X-x` in front.
 *
 * @param account - a ledger account
 * @returns the name, in ASCII
 *
 * @example
 * ```ts
 * import { ledgerAccountName } from 'patron-fees/reports';
 *
 * ledgerAccountName(['revenue', 'MAIN', 'OVERDUEFINE']); //=> 'Income:Revenue:MAIN:OVERDUEFINE'
 * ledgerAccountName(['cash', 'CREDIT_CARD']); //=> 'Assets:Cash:CREDIT-CARD'
 * ledgerAccountName(['receivable', 'Law & Art']); //=> 'Assets:Receivable:Law-x20-x26-x20Art'
 * ledgerAccountName(['receivable', 'law']); //=> 'Assets:Receivable:X-xlaw'
 * ledgerAccountName(['credits', 'setOff']); //=> 'Liabilities:Credits:SetOff'
 * ledgerAccountName(['vat', '8.1']); //=> 'Liabilities:Vat:8-1'
 * ```
 */
export function ledgerAccountName(account: LedgerAccount): string {
  const [kind, ...codes] = account;
  const heading = headings[kind];
  if (kind === 'credits') return `${heading}:${account[1].charAt(0).toUpperCase()}${account[1].slice(1)}`;
  if (kind === 'vat') return `${heading}:${account[1].replace('.', '-')}`;
  // Not only the heading, whose balance a program shows as the sum of the accounts under it.
  if (isOutside(kind) && codes.length === 0) return `${heading}Unnamed`;
  return [heading, ...codes.map((code) => segment(code as string))].join(':');
}

const outsideKinds: readonly LedgerAccount[0][] = ['transferred', 'settled', 'remitted', 'commission'];

function isOutside(kind: LedgerAccount[0]): boolean {
  return outsideKinds.includes(kind);
}

function segment(code: string): string {
  const legal = code.replaceAll(/[^A-Za-z0-9]/gu, (sign, at: number) =>
    sign === '_' && code[at + 1] !== 'x' ? '-' : escaped(sign),
  );
  return /^[A-Z0-9]/.test(legal) ? legal : `X-x${legal}`;
}

function escaped(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `-x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

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
  /** The tax rate of the fee, in percent; absent without a fee, or if the fee has no tax. */
  readonly vatPercent?: number;
  /**
   * The tax that the amount includes, in minor units and with the amount's sign; only on gross amounts of a fee with
   * tax. Revenue, waivers, write-offs and returns are net: their tax is on the account `vat`.
   */
  readonly vatMinor?: number;
  /**
   * The desk of removed events, see {@link JournalEntry}; absent for every other posting, which has that of its event.
   */
  readonly desk?: string;
};

/** Returns a posting that debits an account. */
export function debit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor, rowId };
}

/** Returns a posting that credits an account. */
export function credit(account: LedgerAccount, amountMinor: number, rowId: string | null): Posting {
  return { account, amountMinor: -amountMinor, rowId };
}

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

/**
 * Adds an amount to an account of a ledger of one patron account, whose sums are safe integers.
 *
 * @param key - the key of the account, e.g. its name in a chart that joins several accounts
 */
export function addTo(
  ledger: Ledger<number>,
  account: LedgerAccount,
  amount: number,
  key = ledgerKey(account),
): void {
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
