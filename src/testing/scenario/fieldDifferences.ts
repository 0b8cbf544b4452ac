import { isDeepStrictEqual } from 'node:util';

/** A field that is not as expected; `undefined` where it is not there at all. */
export type FieldDifference = {
  /** Where it is, e.g. `allocations[0].amount`; empty for the whole. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
};

/** Every field that differs, in the order in which they are expected. Undefined is the same as absent. */
export function allDifferences(expected: unknown, actual: unknown): readonly FieldDifference[] {
  return differences(expected, actual, '', (mine, theirs) => [
    ...new Set([...Object.keys(mine), ...Object.keys(theirs)]),
  ]);
}

/** The fields that differ among those that are named; of a list, every entry is named. */
export function namedDifferences(expected: unknown, actual: unknown): readonly FieldDifference[] {
  return differences(expected, actual, '', Object.keys);
}

type Keys = (expected: object, actual: object) => readonly string[];

function differences(expected: unknown, actual: unknown, path: string, keysOf: Keys): FieldDifference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differences(expected[index], actual[index], `${path}[${index}]`, keysOf),
    );
  }
  if (isPlain(expected) && isPlain(actual)) {
    return keysOf(expected, actual).flatMap((key) =>
      differences(own(expected, key), own(actual, key), path === '' ? key : `${path}.${key}`, keysOf),
    );
  }
  return isDeepStrictEqual(expected, actual) ? [] : [{ path, expected, actual }];
}

function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** What stands under a key; a name such as `constructor` finds nothing that is not there. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
