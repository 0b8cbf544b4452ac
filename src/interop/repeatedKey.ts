/** The tokens of valid JSON: a string, a sign, or anything else. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * Returns the first key that an object has twice, at any depth: `JSON.parse` would take the last one.
 *
 * @param json - valid JSON
 */
export function repeatedKey(json: string): string | undefined {
  // The keys of the open objects; undefined for lists.
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [text] of json.matchAll(token)) {
    if (text === '{' || text === '[') open.push(text === '{' ? new Set() : undefined);
    else if (text === '}' || text === ']') open.pop();
    else if (text === ':') {
      const keys = open.at(-1) as Set<string>;
      const key = JSON.parse(last) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    last = text;
  }
  return undefined;
}
