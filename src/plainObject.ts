import * as v from 'valibot';

/**
 * Refuses what is no plain object, of whatever realm: a schema whose every field may be left out would take a list, a
 * date or a map for an object without fields.
 */
export const plainObject = v.custom<Record<string, unknown>>(
  (input) => Object.prototype.toString.call(input) === '[object Object]',
  'an object',
);
