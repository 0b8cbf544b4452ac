/**
 * The empty list, shared by all accounts and rows. Frozen, so that it stays empty; {@link extended} adds entries to
 * lists.
 */
export const NO_ENTRIES: never[] = /* @__PURE__ */ Object.freeze([]) as never as never[];

/**
 * Adds an entry to a list that only the caller uses. Returns the list, or a new one if the list was short: `push`
 * allocates memory for 16 more entries, and most lists of an account have one, two or three.
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
