import * as v from 'valibot';

/** Returns whether a value has entries that are read one by one. A text has none. */
export function isIterable(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && (Symbol.asyncIterator in input || Symbol.iterator in input)
  );
}

/** Returns the schema of anything iterable but a text, without its entries. */
export function oneByOneField<Iterated>(expected: string) {
  return v.custom<Iterated>(isIterable, expected);
}
