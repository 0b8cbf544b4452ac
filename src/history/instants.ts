/**
 * Compares two instants, to the nanosecond where they tell it: databases record finer than a `Date` can say.
 *
 * @param a - an instant, ISO 8601 with a zone
 * @param b - another one
 * @returns below 0 when the first is earlier, above 0 when it is later
 */
export function compareInstants(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || belowMilliseconds(a) - belowMilliseconds(b);
}

/** The nanoseconds above the whole millisecond, which `Date.parse` drops. */
function belowMilliseconds(instant: string): number {
  const [, digits = ''] = /\.\d{3}(\d+)/.exec(instant) ?? [];
  return Number(digits.padEnd(6, '0'));
}
