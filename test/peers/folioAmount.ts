/** The numbers that FOLIO's `BigDecimal` accepts. */
const READABLE = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;

/** An amount as FOLIO reads it: its cents after rounding, and its sign before. */
export type FolioAmount = { readonly cents: number; readonly sign: -1 | 0 | 1 };

/**
 * Reads an amount as FOLIO does: any decimal number, rounded half even to cents (`MonetaryValue.java`).
 *
 * @returns `undefined` if FOLIO answers "Invalid amount entered"
 */
export function readFolioAmount(text: string): FolioAmount | undefined {
  const [, minus = '', whole = '', decimals = '', exponent = '0'] = READABLE.exec(text) ?? [];
  if (whole + decimals === '') return undefined;
  const digits = BigInt(whole + decimals);
  const shift = Number(exponent) - decimals.length + 2;
  const cents = shift >= 0 ? digits * 10n ** BigInt(shift) : halfEven(digits, 10n ** BigInt(-shift));
  const sign = digits === 0n ? 0 : minus === '-' ? -1 : 1;
  return { cents: Number(sign < 0 ? -cents : cents), sign };
}

function halfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** The cents of an amount in a scenario, which was checked when it was read. */
export function centsOf(text: string): number {
  const amount = readFolioAmount(text);
  if (amount === undefined) throw new Error(`${JSON.stringify(text)} is no amount`);
  return amount.cents;
}
