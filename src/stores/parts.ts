// What belongs to a database of events: the names of its inline projections, and whether its texts are under keys. The
// database has them as one text, in order and separated by commas, so that an append compares it at little cost.
import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';

/** The part of a database whose texts are encrypted under the keys of accounts. */
const KEYS = 'keys';

/** Returns the text of the parts that a store has in an append. */
export type PartNames = (how: { readonly underKeys?: boolean | undefined }) => string;

/** Returns the parts of a store, by its inline projections; those without a name are not noted. */
export function partNames(inline: readonly { readonly name?: string | undefined }[]): PartNames {
  const names = inline.flatMap(({ name }) => name ?? []);
  const [inClear, underKeys] = [textOf(names), textOf([...names, KEYS])];
  return (how) => (how.underKeys === true ? underKeys : inClear);
}

function textOf(names: readonly string[]): string {
  return [...new Set(names)].sort().join(',');
}

/** Returns the names of a text. */
export function namesIn(text: unknown): readonly string[] {
  return String(text).split(',').filter(Boolean);
}

/**
 * Returns what a database notes after an append of a store with its own parts; undefined if it has noted them.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `STORE_INCOMPLETE` if the store lacks a part
 */
export function partsToNote(noted: unknown, own: string): string | undefined {
  if (noted === own) return undefined;
  const has = new Set(namesIn(own));
  const missing = namesIn(noted).filter((name) => !has.has(name));
  if (missing.length === 0) return own;
  throw new PatronFeesError(
    'STORE_INCOMPLETE',
    `this database has ${missing.map(sentencePart).join(' and ')}: open the store with it, or call forgetPart once no program has it any more`,
    { missing },
  );
}

function sentencePart(name: string): string {
  return name === KEYS
    ? 'texts under keys (keyedEventStore), which this store would append in clear'
    : `the inline projection ${name}, which this store does not apply`;
}

/** Returns the text of the parts without one; undefined if it does not have it. */
export function withoutPart(noted: unknown, name: string): string | undefined {
  if (typeof name !== 'string' || name === '')
    throw new PatronFeesError('INVALID_ARGUMENT', 'name: expected the name of a part');
  const names = namesIn(noted);
  return names.includes(name) ? textOf(names.filter((each) => each !== name)) : undefined;
}

/** The projections of a store: each has `apply`, and a name that can be noted, or none. */
export function inlineField<Projection extends { readonly name?: string; readonly apply: unknown }>() {
  return v.optional(
    v.array(
      v.pipe(
        v.custom<Projection>(
          (input) => typeof (input as Projection | null)?.apply === 'function',
          'a projection',
        ),
        v.check(
          ({ name }) => name === undefined || (/^[\w.-]{1,60}$/.test(name) && name !== KEYS),
          "a name of 1 to 60 letters, digits, '_', '-' and '.', other than 'keys'",
        ),
      ),
    ),
    [],
  );
}
