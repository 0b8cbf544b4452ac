import * as v from 'valibot';

/** Tells whether something is a plain object, of whatever realm. */
export function isPlainObject(input: unknown): input is Record<string, unknown> {
  return Object.prototype.toString.call(input) === '[object Object]';
}

/**
 * Refuses what is no plain object: a schema whose every field may be left out would take a list, a date or a map for an
 * object without fields.
 */
export const plainObject = v.custom<Record<string, unknown>>(isPlainObject, 'an object');
