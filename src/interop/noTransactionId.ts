/** What programs write for a missing value, in lower case. */
const words: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'undefined',
  'null',
  '(null)',
  'nil',
  'none',
  'nan',
  'false',
  'n/a',
  '{}',
  '[]',
  '""',
  "''",
]);

/**
 * Returns whether a transaction id is one that a program writes if it has none, such as `undefined`, `None`, `0` or
 * `[object Object]`. Two different payments with such an id would count as one.
 */
export function isNoTransactionId(text: string): boolean {
  const trimmed = text.trim();
  return words.has(trimmed.toLowerCase()) || /^(0*|\[object \w+\])$/.test(trimmed);
}
