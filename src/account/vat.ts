import { taxIncluded } from '../money/rounding.js';
import type { CreditPurpose } from './circumstances.js';
import type { Credit } from './credit.js';
import { creditParts, transferIdOf } from './creditParts.js';
import type { Fee } from './fee.js';
import { findCredit, findFee, type PatronAccount } from './patronAccount.js';
import {
  add,
  type CreditUse,
  entry,
  lastUse,
  move,
  movePooled,
  moveWith,
  newUse,
  subtract,
  type Taxed,
} from './taxed.js';
import type { Transaction } from './transaction.js';

/** The value-added tax of a fee, all in integer minor units. */
export type FeeVat = {
  /** The rate, in percent. */
  readonly percent: number;
  /** The tax that the fee's original amount includes. */
  readonly original: number;
  /** The tax that the remaining amount includes. */
  readonly remaining: number;
  /**
   * The tax that the amount of each transaction of the fee includes, in the order of `transactions`. Undoing gives
   * back exactly the tax that was taken.
   */
  readonly parts: readonly number[];
};

/** The division of a fee's tax, as far as its transactions were read. */
type Division = {
  /** The tax of each transaction. */
  readonly parts: number[];
  /** All that was ever charged. */
  gross: number;
  /** The tax of that. */
  original: number;
  /** What was charged, less the decreases of a growing fine. */
  readonly charged: Taxed;
  remaining: number;
  /** What is owed. */
  readonly owed: Taxed;
  /** The money that came in, less what was given back. */
  readonly money: Taxed;
  /** What was transferred, less what external credits reversed. */
  readonly transferred: Taxed;
  /** Payments, waivers, transfers, settlements and credits of the fee, by id. */
  readonly taken: Map<string, Taxed>;
  /** The tax of the credits issued for the fee, by id. */
  readonly issued: Map<string, number>;
  /** The uses of credits on the fee that may be undone. */
  readonly uses: CreditUse[];
};

/** The divisions so far. Folding keeps the objects of fees, so a journal reads each transaction once. */
const divisions = /* @__PURE__ */ new WeakMap<Fee, Division>();

/**
 * Returns the tax of a fee and of each of its transactions, or null for a fee without tax.
 *
 * Amounts are gross: they include the tax. The tax of a payment, waiver, transfer or other use of what is owed is the
 * share of the tax that is left, in proportion to the amounts; the last one takes the rest. So the parts of a fee sum
 * to its tax to the minor unit, in any order, and undoing gives back exactly what was taken. The tax of a growing fine
 * that falls is that of its new total.
 *
 * @param account - a patron account
 * @param feeId - a fee of the account
 * @returns the tax; null if the fee is unknown or has no tax
 *
 * @example
 * ```ts
 * import { feeVat, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'COPIES', amount: '11.90', currency: 'EUR', owner: 'MAIN', vatPercent: 19, at };
 * const account = fold([
 *   { type: 'FeeAssessed', data: fee },
 *   { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '10.00', currency: 'EUR', at } },
 * ]);
 * feeVat(account, 'f1'); //=> { percent: 19, original: 190, remaining: 30, parts: [190, 160] }
 * ```
 */
export function feeVat(account: PatronAccount, feeId: string): FeeVat | null {
  const fee = findFee(account, feeId);
  if (fee === undefined || fee.vatPercent === null) return null;
  const { parts, original, remaining } = divisionOf(account, fee, fee.vatPercent);
  return { percent: fee.vatPercent, original, remaining, parts };
}

/**
 * Returns the tax that the amount of a transaction includes, in minor units.
 *
 * @param id - the id of a transaction of the fee
 * @returns 0 for a fee without tax, and if the fee has no such transaction
 */
export function vatOfTransaction(account: PatronAccount, feeId: string, id: string): number {
  const fee = findFee(account, feeId);
  if (fee === undefined || fee.vatPercent === null) return 0;
  const { parts } = divisionOf(account, fee, fee.vatPercent);
  const hasId = (at: number) => fee.transactions[at]?.id === id;
  // Most callers ask for one of the last transactions.
  let index = parts.length - 1;
  while (index >= 0 && !hasId(index)) index--;
  // A recall and the credits that it uses up have the same id; the recall comes first.
  while (hasId(index - 1)) index--;
  return parts[index] ?? 0;
}

/**
 * Returns the tax that the amount of each transaction of a credit includes, in minor units and in their order. The
 * credits of a fee with tax have tax; others, such as overpayments, have none.
 */
export function creditVat(account: PatronAccount, credit: Credit): readonly number[] {
  const { feeId, creditId, transactions } = credit;
  const issued = feeId === null ? 0 : vatOfTransaction(account, feeId, creditId);
  return issued === 0 ? transactions.map(() => 0) : creditParts(account, credit, issued);
}

function divisionOf(account: PatronAccount, fee: Fee, percent: number): Division {
  let division = divisions.get(fee);
  if (division === undefined) {
    division = newDivision();
    divisions.set(fee, division);
  }
  while (division.parts.length < fee.transactions.length) {
    const transaction = fee.transactions[division.parts.length] as Transaction;
    division.parts.push(transaction.amount === 0 ? 0 : divide(division, transaction, account, percent));
  }
  return division;
}

function newDivision(): Division {
  const part = () => ({ amount: 0, tax: 0 });
  return {
    parts: [],
    gross: 0,
    original: 0,
    charged: part(),
    remaining: 0,
    owed: part(),
    money: part(),
    transferred: part(),
    taken: new Map(),
    issued: new Map(),
    uses: [],
  };
}

/** Adds one transaction to a division. Returns its tax. */
function divide(
  division: Division,
  transaction: Transaction,
  account: PatronAccount,
  percent: number,
): number {
  const { owed, charged, money, transferred, taken } = division;
  const { kind, id, amount, references } = transaction;
  const { settlementId } = references;
  const part = (key: string | undefined) => entry(taken, key);
  /** What remains of the fee changes too. */
  const reduce = (tax: number) => {
    division.remaining -= tax;
    return tax;
  };
  const restore = (tax: number) => -reduce(-tax);
  switch (kind) {
    case 'assessed':
    case 'increased': {
      division.gross += amount;
      division.original = taxIncluded(division.gross, percent);
      const tax = taxIncluded(charged.amount + amount, percent) - charged.tax;
      return restore(add(owed, amount, add(charged, amount, Math.min(amount, Math.max(0, tax)))));
    }
    case 'payment':
      return reduce(movePooled(owed, amount, money, 1, part(id)));
    case 'paymentReversed':
      return restore(movePooled(part(references.paymentId), amount, money, -1, owed));
    case 'waiver':
      return reduce(move(owed, amount, part(id)));
    case 'waiverReversed':
      return restore(move(part(references.waiverId), amount, owed));
    case 'cancellation':
      return reduce(move(owed, amount));
    case 'decreased': {
      const tax = charged.tax - taxIncluded(charged.amount - amount, percent);
      return reduce(subtract(charged, amount, moveWith(owed, amount, tax)));
    }
    case 'transfer':
      return reduce(move(owed, amount, part(id), transferred));
    case 'recall':
      return restore(movePooled(part(references.transferId), amount, transferred, -1, owed));
    case 'settlement':
      return move(part(transferIdOf(account, id)), amount, part(id));
    case 'settlementReversed':
      return move(part(settlementId), amount, part(transferIdOf(account, settlementId)));
    case 'creditIssued': {
      const tax = move(sourceOf(purposeOf(account, id), division), amount, part(id));
      division.issued.set(id, tax);
      return tax;
    }
    case 'creditCancelled':
    case 'creditForfeited':
      return cancelCredit(division, transaction, account);
    case 'creditApplied':
      return reduce(useCredit(division, transaction, account));
    case 'creditApplicationReversed':
      return restore(undoUse(division, transaction, account));
    default:
      return 0;
  }
}

/** Returns where the tax of a fee's own credit comes from. */
function sourceOf(purpose: CreditPurpose, { owed, money, transferred }: Division): Taxed {
  if (purpose === 'setOff') return owed;
  return purpose === 'external' ? transferred : money;
}

/** The cancelled amount has the tax that refunds and uses of the credit have left. */
function cancelCredit(
  division: Division,
  { id, amount, references }: Transaction,
  account: PatronAccount,
): number {
  const credit = findCredit(account, references.creditId as string) as Credit;
  const { creditId, purpose, transactions } = credit;
  const parts = creditParts(account, credit, division.issued.get(creditId) as number);
  const tax = parts[transactions.findIndex((transaction) => transaction.id === id)] as number;
  add(sourceOf(purpose, division), amount, tax);
  return subtract(entry(division.taken, creditId), amount, tax);
}

function useCredit(division: Division, { amount, references }: Transaction, account: PatronAccount): number {
  const { owed, money, transferred, taken, uses } = division;
  const creditId = references.creditId as string;
  const purpose = purposeOf(account, creditId);
  if (purpose === 'external') {
    // Used up by a recall, which has put its amount back to what is owed.
    const tax = movePooled(owed, amount, transferred, 1);
    return subtract(entry(taken, creditId), amount, tax);
  }
  const part = newUse(uses, creditId, amount);
  if (purpose === 'setOff') return move(entry(taken, creditId), amount, part);
  if (purpose === 'goodwill') return move(owed, amount, part);
  return movePooled(owed, amount, money, 1, part);
}

function undoUse(
  { owed, money, taken, uses }: Division,
  { amount, references }: Transaction,
  account: PatronAccount,
): number {
  const creditId = references.creditId as string;
  const purpose = purposeOf(account, creditId);
  const source = purpose === 'setOff' ? entry(taken, creditId) : owed;
  const tax = move(lastUse(uses, creditId, amount), amount, source);
  return purpose === 'refundable' ? subtract(money, amount, tax) : tax;
}

function purposeOf(account: PatronAccount, creditId: string | undefined): CreditPurpose {
  return (findCredit(account, creditId as string) as Credit).purpose;
}
