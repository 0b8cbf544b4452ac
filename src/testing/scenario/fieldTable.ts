import type { FieldDifference } from './fieldDifferences.js';
import { clipped, sideBySide } from './sideBySide.js';

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
