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
  const left = from.amount - amount;
  const included = Math.max(0, from.tax);
  const tax = left <= 0 ? included : (splitProportionally(included, [amount, left])[0] as number);
  subtract(from, amount, tax);
  for (const part of to) add(part, amount, tax);
  return tax;
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
