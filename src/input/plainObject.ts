import * as v from 'valibot';

/** Returns whether a value is a plain object, of any realm. */
export function isPlainObject(input: unknown): input is Record<string, unknown> {
  return Object.prototype.toString.call(input) === '[object Object]';
}

/**
 * The schema of a plain object. Put it before an object schema whose fields are all optional: that one alone would also
 * accept a list, a date or a map.
 */
export const plainObject = v.custom<Record<string, unknown>>(isPlainObject, 'an object');
