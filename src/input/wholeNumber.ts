import * as v from 'valibot';

/** Returns the schema of a whole number that is at least `from`; faults add `because`. */
export function wholeNumber(from: number, because = '') {
  const expected = `a whole number, ${from} or more${because}`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(from, expected));
}
