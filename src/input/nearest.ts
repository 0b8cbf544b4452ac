/** The longest text that is compared. */
const LENGTH_MAX = 60;

/** A shorter beginning is that of too many names. */
const BEGINNING_MIN = 4;

/**
 * Returns the name that a text is probably a misspelling of: the first one with the fewest changes, at most one for
 * every three characters; or else the shortest that begins as the text does, of which all are there: OVERDUEFINE of OVERDUE.
 * Case, spaces and punctuation do not matter. Undefined if no name is near.
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const wanted = plain(text);
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of names) {
    if (name.length > LENGTH_MAX) continue;
    const known = plain(name);
    const most = Math.floor(Math.max(wanted.length, known.length) / 3);
    const changes = changesBetween(wanted, known);
    if (changes <= most && (best === undefined || changes < best.changes)) best = { name, changes };
  }
  return best?.name ?? beginningWith(wanted, names);
}

function beginningWith(wanted: string, names: readonly string[]): string | undefined {
  if (wanted.length < BEGINNING_MIN) return undefined;
  const longer = names.filter((name) => name.length <= LENGTH_MAX && plain(name).startsWith(wanted));
  return longer.sort((a, b) => a.length - b.length)[0];
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_.-]/g, '');
}

/** Returns the number of inserted, missing, replaced and swapped characters (optimal string alignment). */
function changesBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const replaced = (last[column - 1] as number) + (isSame ? 0 : 1);
      const changed = Math.min(replaced, (last[column] as number) + 1, (current[column - 1] as number) + 1);
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(isSwapped ? Math.min(changed, (before[column - 2] as number) + 1) : changed);
    }
    before = last;
    last = current;
  }
  return last[other.length] as number;
}
