/** A number exactly: `units / scale`, where the scale is a power of ten. */
export type Decimal = { readonly units: bigint; readonly scale: bigint };

/** Returns a finite number as the shortest decimal that represents it. Throws for NaN and infinite numbers. */
export function decimalOf(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole, decimals = ''] = mantissa.split('.');
  const units = BigInt(whole + decimals);
  const places = decimals.length - Number(exponent);
  return places < 0
    ? { units: units * 10n ** BigInt(-places), scale: 1n }
    : { units, scale: 10n ** BigInt(places) };
}

/** Returns a quotient rounded to a whole number, half up. Both numbers are 0 or more, the divisor above 0. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
