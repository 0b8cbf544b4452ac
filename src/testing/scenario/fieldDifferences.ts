import { isDeepStrictEqual } from 'node:util';
import { clipped, sideBySide } from './sideBySide.js';

/** A field that is not as expected; `undefined` if absent. */
export type FieldDifference = {
  /** The path of the field, e.g. `allocations[0].amount`; empty for the whole value. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
};

/** Returns every field that differs, in the order in which they are expected. Undefined equals absent. */
export function allDifferences(expected: unknown, actual: unknown): readonly FieldDifference[] {
  return differences(expected, actual, '', (mine, theirs) => [
    ...new Set([...Object.keys(mine), ...Object.keys(theirs)]),
  ]);
}

/** Returns the expected fields that differ. A list must match in every entry. */
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

/** Returns the own property of a key, so that a name such as `constructor` finds nothing inherited. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** Formats the fields that differ, expected beside actual. */
export function fieldTable(differing: readonly FieldDifference[], heading = ''): string {
  const rows = differing.map(({ path, expected, actual }) => ({
    label: path === '' ? 'all of it' : path,
    cells: clipped([jsonOf(expected), jsonOf(actual)]),
    differs: true,
  }));
  return sideBySide(heading, ['expected', 'actual'], rows);
}

/** Formats a value as JSON, shortened if it is long. */
export function shownValue(value: unknown): string {
  return clipped([jsonOf(value)])[0] as string;
}

function jsonOf(value: unknown): string {
  if (value === undefined) return '(nothing)';
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A bigint or a circular structure.
    return String(value);
  }
}
