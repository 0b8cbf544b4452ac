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
   * The tax that the amount of each transaction of the fee includes, in the order of `transactions`. What is undone
   * gives back exactly the tax that it had taken.
   */
  readonly parts: readonly number[];
};

/** An amount and the tax that it includes. */
type Pot = { amount: number; tax: number };

/** The division of a fee's tax, as far as its transactions were read. */
type Division = {
  /** The tax of each transaction. */
  readonly parts: number[];
  charged: number;
  original: number;
  remaining: number;
  /** What is owed. */
  readonly owed: Pot;
  /** The money that came in, less what was given back. */
  readonly money: Pot;
  /** What was transferred, less what external credits reversed. */
  readonly transferred: Pot;
  /** Payments, waivers, transfers, settlements and credits of the fee, by id. */
  readonly taken: Map<string, Pot>;
  /** The uses of credits on the fee that may be undone. */
  readonly uses: { readonly creditId: string; readonly amount: number; readonly pot: Pot }[];
};

/** An account being folded keeps its fees, so a journal reads each transaction once. */
const divisions = /* @__PURE__ */ new WeakMap<Fee, Division>();

/**
 * Returns the tax of a fee and of each of its transactions, or null for a fee without tax.
 *
 * Amounts are gross: they include the tax. The tax of a payment, waiver, transfer or other use of what is owed is the
 * share of the tax that is left, in proportion to the amounts; the last one takes the rest. So the parts of a fee sum
 * to its tax to the minor unit, in whatever order they come, and undoing gives back exactly what was taken.
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
  if (feeId === null || issued === 0) return transactions.map(() => 0);
  const left: Pot = { amount: credit.amount, tax: issued };
  const taken = new Map<string, Pot>();
  return transactions.map(({ kind, id, amount, references }) => {
    switch (kind) {
      case 'creditIssued':
        return issued;
      case 'creditCancelled':
        return takeOut(left, amount, vatOfTransaction(account, feeId, id));
      case 'refundReversed':
        return flow(potIn(taken, references.refundId), amount, left);
      case 'recall':
        return flow(potIn(taken, references.transferId), amount, left);
      case 'settlement':
        return flow(potIn(taken, transferIdOf(account, id)), amount, potIn(taken, id));
      case 'settlementReversed': {
        const { settlementId } = references;
        return flow(potIn(taken, settlementId), amount, potIn(taken, transferIdOf(account, settlementId)));
      }
      case 'creditApplied':
      case 'refund':
      case 'transfer':
        return flow(left, amount, potIn(taken, id));
      default:
        return 0;
    }
  });
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
  const pot = () => ({ amount: 0, tax: 0 });
  return {
    parts: [],
    charged: 0,
    original: 0,
    remaining: 0,
    owed: pot(),
    money: pot(),
    transferred: pot(),
    taken: new Map(),
    uses: [],
  };
}

/** Takes one transaction into a division. Returns its tax. */
function divide(
  division: Division,
  transaction: Transaction,
  account: PatronAccount,
  percent: number,
): number {
  const { owed, money, transferred, taken } = division;
  const { kind, id, amount, references } = transaction;
  const pot = (key: string | undefined) => potIn(taken, key);
  /** What remains of the fee changes too. */
  const leaves = (tax: number) => {
    division.remaining -= tax;
    return tax;
  };
  const returns = (tax: number) => -leaves(-tax);
  switch (kind) {
    case 'assessed':
    case 'increased': {
      const before = division.original;
      division.charged += amount;
      division.original = taxIncluded(division.charged, percent);
      return returns(put(owed, amount, division.original - before));
    }
    case 'payment':
      return leaves(flow(owed, amount, pot(id), money));
    case 'paymentReversed':
      return returns(takeOut(money, amount, flow(pot(references.paymentId), amount, owed)));
    case 'waiver':
      return leaves(flow(owed, amount, pot(id)));
    case 'waiverReversed':
      return returns(flow(pot(references.waiverId), amount, owed));
    case 'cancellation':
    case 'decreased':
      return leaves(flow(owed, amount));
    case 'transfer':
      return leaves(flow(owed, amount, pot(id), transferred));
    case 'recall':
      return returns(takeOut(transferred, amount, flow(pot(references.transferId), amount, owed)));
    case 'settlement':
      return flow(pot(transferIdOf(account, id)), amount, pot(id));
    case 'settlementReversed':
      return flow(pot(references.settlementId), amount, pot(transferIdOf(account, references.settlementId)));
    case 'creditIssued':
      return flow(sourceOf(purposeOf(account, id), division), amount, pot(id));
    case 'creditCancelled':
      return flow(
        pot(references.creditId),
        amount,
        sourceOf(purposeOf(account, references.creditId), division),
      );
    case 'creditApplied':
      return leaves(useCredit(division, transaction, account));
    case 'creditApplicationReversed':
      return returns(undoUse(division, transaction, account));
    default:
      return 0;
  }
}

/** Returns where the tax of a fee's own credit comes from. */
function sourceOf(purpose: CreditPurpose, { owed, money, transferred }: Division): Pot {
  if (purpose === 'setOff') return owed;
  return purpose === 'external' ? transferred : money;
}

function useCredit(division: Division, { amount, references }: Transaction, account: PatronAccount): number {
  const { owed, money, transferred, taken, uses } = division;
  const creditId = references.creditId as string;
  const purpose = purposeOf(account, creditId);
  if (purpose === 'external') {
    // Used up by a recall, which has put its amount back to what is owed.
    const tax = flow(owed, amount, transferred);
    return takeOut(potIn(taken, creditId), amount, tax);
  }
  const pot = { amount: 0, tax: 0 };
  uses.push({ creditId, amount, pot });
  if (purpose === 'setOff') return flow(potIn(taken, creditId), amount, pot);
  return purpose === 'refundable' ? flow(owed, amount, pot, money) : flow(owed, amount, pot);
}

function undoUse(
  { owed, money, taken, uses }: Division,
  { amount, references }: Transaction,
  account: PatronAccount,
): number {
  const creditId = references.creditId as string;
  const purpose = purposeOf(account, creditId);
  // The transaction does not name the use; of uses with the same amount the last one is taken.
  let index = uses.length - 1;
  while (index > 0 && !(uses[index]?.creditId === creditId && uses[index]?.amount === amount)) index--;
  const [use] = uses.splice(index, 1);
  const tax = flow(
    use?.pot ?? { amount, tax: 0 },
    amount,
    purpose === 'setOff' ? potIn(taken, creditId) : owed,
  );
  return purpose === 'refundable' ? takeOut(money, amount, tax) : tax;
}

function purposeOf(account: PatronAccount, creditId: string | undefined): CreditPurpose {
  return (findCredit(account, creditId as string) as Credit).purpose;
}

function transferIdOf(account: PatronAccount, settlementId: string | undefined): string | undefined {
  return account.settlements[positionOf(account, 'settlement', settlementId as string)]?.transferId;
}

function potIn(pots: Map<string, Pot>, id: string | undefined): Pot {
  const known = pots.get(id as string);
  if (known !== undefined) return known;
  const pot = { amount: 0, tax: 0 };
  pots.set(id as string, pot);
  return pot;
}

/** Adds an amount and its tax to a pot. Returns the tax. */
function put(pot: Pot, amount: number, tax: number): number {
  pot.amount += amount;
  pot.tax += tax;
  return tax;
}

/** Takes an amount with a known tax out of a pot. Returns the tax. */
function takeOut(pot: Pot, amount: number, tax: number): number {
  put(pot, -amount, -tax);
  return tax;
}

/** Moves an amount from a pot to others, with its share of the pot's tax. Returns the tax. */
function flow(from: Pot, amount: number, ...to: readonly Pot[]): number {
  const left = from.amount - amount;
  const included = Math.max(0, from.tax);
  const tax = left <= 0 ? included : (splitProportionally(included, [amount, left])[0] as number);
  takeOut(from, amount, tax);
  for (const pot of to) put(pot, amount, tax);
  return tax;
}
