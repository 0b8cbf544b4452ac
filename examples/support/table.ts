/** Formats rows as columns with the names of their fields; amounts are right-aligned. */
export function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => {
    const cells = rows.map((row) => row[name] ?? '');
    const width = Math.max(...[name, ...cells].map((text) => text.length));
    const isAmount = cells.every((text) => /^-?\d+\.\d+$/.test(text));
    return [name, ...cells].map((text) => (isAmount ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = ['', ...rows].map((_, line) => columns.map((cells) => cells[line]).join('  '));
  return lines.map((line) => `  ${line.trimEnd()}`).join('\n');
}

/** Cuts a text to a width. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
