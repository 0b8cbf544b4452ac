import { withLine } from './rowLines.js';

/** A line that is not a row: an import or a reconciliation reports it as a finding. */
export type UnreadableRow = {
  /** What is wrong. */
  readonly unreadable: {
    /** The line, counted from 1. */
    readonly line: number;
    /** What was expected. */
    readonly expected: string;
    /** What was found. */
    readonly found: string;
    /** Present if nothing after this line was read, so that sums of the rows are too small. */
    readonly restNotRead?: true;
  };
};

/** Returns whether a row is a line that could not be read. */
export function isUnreadable(row: unknown): row is UnreadableRow {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, 'unreadable')) return false;
  const { unreadable } = row as { readonly unreadable: unknown };
  return typeof unreadable === 'object' && unreadable !== null && Object.hasOwn(unreadable, 'line');
}

/** Returns a row that reports a line. */
export function unreadableRow(line: number, expected: string, found: string): UnreadableRow {
  return withLine({ unreadable: { line, expected, found } }, line);
}
