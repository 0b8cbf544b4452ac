import * as v from 'valibot';

/** Returns the schema of a whole number that is at least `from`. */
export function wholeNumber(from: 0 | 1) {
  const expected = `a whole number, ${from} or more`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(from, expected));
}
