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

/** Returns the schema of a plain object with these fields and no others. */
export function onlyFields<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(plainObject, v.strictObject(entries));
}

/** Returns an object without its undefined fields, because events and Alma's rows are plain JSON. */
export function omitUndefined<Fields extends object>(fields: Fields) {
  type Present = {
    [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
  } & {
    [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present;
}
