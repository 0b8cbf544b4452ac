import { splitProportionally } from '../money/split.js';

/** An amount and the tax that it includes. */
export type Taxed = { amount: number; tax: number };

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
