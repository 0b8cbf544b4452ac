/** Returns an object without its undefined fields, because events and Alma's rows are plain JSON. */
export function omitUndefined<Fields extends object>(fields: Fields) {
  type Present = {
    [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
  } & {
    [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present;
}
