const SHOWN_LENGTH_MAX = 100;

/** Formats any value for a message, in at most 100 characters and without running its code. */
export function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value).slice(0, SHOWN_LENGTH_MAX);
  }
  if (value === null) return 'null';
  return isPromise(value) ? PROMISE : typeof value;
}

/** The description of a promise: the call before was not awaited. */
export const PROMISE = 'a Promise: await it';

function isPromise(value: unknown): boolean {
  try {
    return value instanceof Promise;
  } catch {
    // A proxy may throw.
    return false;
  }
}

/** Amounts, dates and times as any country writes them, with at most 40 characters. */
const figures = /^[\d.,:+\-/'’TZ \u00a0\u202f]{0,40}$/;

/** Returns whether a text has only figures and their signs, so that it says nothing about anybody. */
export function hasOnlyFigures(text: string): boolean {
  return figures.test(text);
}

/** Formats a value as {@link shown} does, but describes a text other than figures, which may be personal data. */
export function shownFigures(value: unknown): string {
  return typeof value !== 'string' || hasOnlyFigures(value)
    ? shown(value)
    : `a text of ${value.length} characters`;
}
