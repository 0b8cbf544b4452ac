import { formatAmount } from '../money/money.js';

/** The sum of the lines of a receipt with one tax rate. Amounts are decimal strings. */
export type ReceiptVat = {
  /** The rate, in percent. */
  readonly percent: number;
  /** The sum of the lines, which includes the tax. */
  readonly gross: string;
  /** The sum without tax. */
  readonly net: string;
  /** The tax: the sum of the tax of the lines. */
  readonly vat: string;
};

/** A line of a receipt, in minor units. */
type TaxedLine = {
  /** The tax rate; null without tax. */
  readonly vatPercent: number | null;
  /** The amount, which includes the tax. */
  readonly amount: number;
  /** The tax. */
  readonly tax: number;
};

/** Returns the sums of the lines with tax, by rate in ascending order. */
export function vatByRate(lines: readonly TaxedLine[], minorDigits: number): readonly ReceiptVat[] {
  const sums = new Map<number, { amount: bigint; tax: bigint }>();
  for (const { vatPercent, amount, tax } of lines) {
    if (vatPercent === null) continue;
    const sum = sums.get(vatPercent) ?? { amount: 0n, tax: 0n };
    sums.set(vatPercent, { amount: sum.amount + BigInt(amount), tax: sum.tax + BigInt(tax) });
  }
  const write = (minor: bigint) => formatAmount(minor, minorDigits);
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([percent, { amount, tax }]) => ({
      percent,
      gross: write(amount),
      net: write(amount - tax),
      vat: write(tax),
    }));
}
