const SHOWN_LENGTH_MAX = 100;

/** Formats any value for a message, in at most 100 characters and without running its code. */
export function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value).slice(0, SHOWN_LENGTH_MAX);
  }
  return value === null ? 'null' : typeof value;
}
