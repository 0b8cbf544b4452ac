import type { CreditPurpose } from '../../account/circumstances.js';

/**
 * An account of the institution's general ledger: its kind, then what divides it. Not a patron account.
 *
 * - `receivable`: what remains of the fees that a library owns, disputed ones included.
 * - `cash`: what was taken less what was paid out, by method of payment.
 * - `transferred`: what an external system has taken over and not settled yet, by its code where one was told.
 * - `settled`: what an external system has taken over for good: it reported payment, or none is expected of it.
 * - `settlementSurplus`: what an external system was paid above what was pending.
 * - `credits`: what the institution owes patrons, by what they may use it for. Unused credits, as a negative balance.
 * - `revenue`: what was charged, less what was charged in error; by library and type of fee. A negative balance.
 * - `waivers`: what was forgiven, by library and type of fee.
 * - `returns`: what was given for lost items that came back, by library and type of fee.
 * - `goodwill`: what was given by hand.
 * - `imported`: credits taken over from another system.
 * - `forfeited`: credits that money had come in for and that were withdrawn unused. A negative balance.
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
  | readonly [kind: 'returns', owner: string, feeType: string]
  | readonly [kind: 'goodwill']
  | readonly [kind: 'imported']
  | readonly [kind: 'forfeited'];

/** The kinds of accounts, each under one of the five headings that ledger programs know. */
const headings: Readonly<Record<LedgerAccount[0], string>> = {
  receivable: 'Assets:Receivable',
  cash: 'Assets:Cash',
  transferred: 'Assets:Transferred',
  settled: 'Assets:Settled',
  settlementSurplus: 'Assets:SettlementSurplus',
  credits: 'Liabilities:Credits',
  revenue: 'Income:Revenue',
  waivers: 'Expenses:Waivers',
  returns: 'Expenses:Returns',
  goodwill: 'Expenses:Goodwill',
  imported: 'Equity:Imported',
  forfeited: 'Income:Forfeited',
};

/**
 * The name of a ledger account in text formats: legal in hledger and in beancount whatever the codes look like, and no
 * two accounts have the same one.
 *
 * Letters and digits of a code stay, and `_` becomes `-`; every other byte is written as `-x` and two hexadecimal
 * digits, and so is a `_` before an `x`. A code that begins with neither a capital nor a digit gets `X-x` in front.
 *
 * @param account - a ledger account
 * @returns its name, in ASCII
 *
 * @example
 * ```ts
 * import { ledgerAccountName } from 'patron-fees/institution';
 *
 * ledgerAccountName(['revenue', 'MAIN', 'OVERDUEFINE']); //=> 'Income:Revenue:MAIN:OVERDUEFINE'
 * ledgerAccountName(['cash', 'CREDIT_CARD']); //=> 'Assets:Cash:CREDIT-CARD'
 * ledgerAccountName(['receivable', 'Law & Art']); //=> 'Assets:Receivable:Law-x20-x26-x20Art'
 * ledgerAccountName(['receivable', 'law']); //=> 'Assets:Receivable:X-xlaw'
 * ledgerAccountName(['credits', 'setOff']); //=> 'Liabilities:Credits:SetOff'
 * ```
 */
export function ledgerAccountName(account: LedgerAccount): string {
  const [kind, ...codes] = account;
  const heading = headings[kind];
  if (kind === 'credits') return `${heading}:${account[1].charAt(0).toUpperCase()}${account[1].slice(1)}`;
  // Not the heading alone: what stands there would be taken for the sum of what stands below it.
  if (isOutside(kind) && codes.length === 0) return `${heading}Unnamed`;
  return [heading, ...codes.map((code) => segment(code as string))].join(':');
}

function isOutside(kind: LedgerAccount[0]): boolean {
  return kind === 'transferred' || kind === 'settled';
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
