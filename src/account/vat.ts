import { taxIncluded } from '../money/rounding.js';
import { splitProportionally } from '../money/split.js';
import type { CreditPurpose } from './circumstances.js';
import type { Credit } from './credit.js';
import type { Fee } from './fee.js';
import { findCredit, findFee, type PatronAccount, positionOf } from './patronAccount.js';
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

/** An amount and the tax that it includes. */
type Taxed = { amount: number; tax: number };

/** The use of a credit on a fee: the id of the credit in a division of a fee, that of the fee in one of a credit. */
export type CreditUse = { readonly id: string | undefined; readonly amount: number; readonly part: Taxed };

/** Returns the part with an id, which is zero at first. */
export function entry(taken: Map<string, Taxed>, id: string | undefined): Taxed {
  const known = taken.get(id as string);
  if (known !== undefined) return known;
  const part = { amount: 0, tax: 0 };
  taken.set(id as string, part);
  return part;
}

/** Adds an amount and its tax. Returns the tax. */
export function add(part: Taxed, amount: number, tax: number): number {
  part.amount += amount;
  part.tax += tax;
  return tax;
}

/** Subtracts an amount and its tax. Returns the tax. */
export function subtract(part: Taxed, amount: number, tax: number): number {
  add(part, -amount, -tax);
  return tax;
}

/** Moves an amount, with its share of the tax, to others. Returns that tax. */
export function move(from: Taxed, amount: number, ...to: readonly Taxed[]): number {
  return moveWith(from, amount, shareOf(from, amount), ...to);
}

/** Moves an amount to others, with as much of the wanted tax as it and what is left can include. */
export function moveWith(from: Taxed, amount: number, wanted: number, ...to: readonly Taxed[]): number {
  const left = Math.max(0, from.amount - amount);
  const tax = Math.max(0, from.tax - left, Math.min(wanted, amount, from.tax));
  subtract(from, amount, tax);
  for (const part of to) add(part, amount, tax);
  return tax;
}

/**
 * Moves an amount to others and into a pool (sign 1) or out of it (sign -1). The tax is its share, or as near to it as
 * leaves the pool with a tax that its amount can include: none if nothing is left.
 */
export function movePooled(
  from: Taxed,
  amount: number,
  pool: Taxed,
  sign: 1 | -1,
  ...to: readonly Taxed[]
): number {
  const left = pool.amount + sign * amount;
  const shared = pool.tax + sign * shareOf(from, amount);
  const possible = Math.max(Math.min(0, left), Math.min(Math.max(0, left), shared));
  const tax = moveWith(from, amount, sign * (possible - pool.tax), ...to);
  add(pool, sign * amount, sign * tax);
  return tax;
}

function shareOf(from: Taxed, amount: number): number {
  const left = Math.max(0, from.amount - amount);
  return splitProportionally(Math.max(0, from.tax), [amount, left])[0] as number;
}

/** Adds a use of a credit. Returns its part, which is zero until something is moved to it. */
export function newUse(uses: CreditUse[], id: string | undefined, amount: number): Taxed {
  const part = { amount: 0, tax: 0 };
  uses.push({ id, amount, part });
  return part;
}

/** Removes a use that is undone. The transaction does not name it; of uses with the same amount it is the last one. */
export function lastUse(uses: CreditUse[], id: string | undefined, amount: number): Taxed {
  let index = uses.length - 1;
  while (index > 0 && !(uses[index]?.id === id && uses[index]?.amount === amount)) index--;
  const [use] = uses.splice(index, 1);
  return use?.part ?? { amount, tax: 0 };
}

/** Divides the tax that was issued with a credit over its transactions. */
export function creditParts(account: PatronAccount, credit: Credit, issued: number): readonly number[] {
  const left: Taxed = { amount: credit.amount, tax: issued };
  const taken = new Map<string, Taxed>();
  const uses: CreditUse[] = [];
  return credit.transactions.map(({ kind, id, amount, references }) => {
    switch (kind) {
      case 'creditIssued':
        return issued;
      case 'creditCancelled':
      case 'creditForfeited':
        return move(left, amount);
      case 'refundReversed':
        return move(entry(taken, references.refundId), amount, left);
      case 'recall':
        return move(entry(taken, references.transferId), amount, left);
      case 'settlement':
        return move(entry(taken, transferIdOf(account, id)), amount, entry(taken, id));
      case 'settlementReversed': {
        const { settlementId } = references;
        return move(entry(taken, settlementId), amount, entry(taken, transferIdOf(account, settlementId)));
      }
      case 'refund':
      case 'transfer':
        return move(left, amount, entry(taken, id));
      case 'creditApplied':
        return move(left, amount, newUse(uses, references.feeId, amount));
      case 'creditApplicationReversed':
        return move(lastUse(uses, references.feeId, amount), amount, left);
      default:
        return 0;
    }
  });
}

/** Returns the id of the transfer that a settlement belongs to. */
function transferIdOf(account: PatronAccount, settlementId: string | undefined): string | undefined {
  return account.settlements[positionOf(account, 'settlement', settlementId as string)]?.transferId;
}
