/**
 * The list of every account and row that has no entries, shared. Frozen, so that it stays empty; lists grow by
 * {@link extended}.
 */
export const NO_ENTRIES: never[] = /* @__PURE__ */ Object.freeze([]) as never as never[];

/**
 * Adds an entry to a list that belongs to the caller alone, and returns the list, which is another one if it was short:
 * `push` reserves room for 16 more entries, and most lists of an account have one, two or three.
 */
export function extended<Entry>(list: Entry[], entry: Entry): Entry[] {
  switch (list.length) {
    case 0:
      return [entry];
    case 1:
      return [list[0] as Entry, entry];
    case 2:
      return [list[0] as Entry, list[1] as Entry, entry];
    case 3:
      return [list[0] as Entry, list[1] as Entry, list[2] as Entry, entry];
    default:
      list.push(entry);
      return list;
  }
}
