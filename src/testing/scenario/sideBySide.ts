/** A line of a table: what it is about, one cell for each side, and whether these differ. */
export type Row = {
  readonly label: string;
  readonly cells: readonly string[];
  readonly differs: boolean;
};

/** A table for a person: one column for each side, the first row in which they differ marked with `>`. */
export function sideBySide(heading: string, sides: readonly string[], rows: readonly Row[]): string {
  const first = rows.findIndex(({ differs }) => differs);
  const lines = [
    [' ', heading, ...sides],
    ...rows.map(({ label, cells }, index) => [index === first ? '>' : ' ', label, ...cells]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd((widths?.[column] ?? 0) + (column === 0 ? 1 : 2)))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** The longest text of a cell, so that a long comment does not push the other side off the screen. */
const CELL_LENGTH_MAX = 60;

/** Cuts a text that is too long for a cell. */
export function clipped(text: string): string {
  return text.length <= CELL_LENGTH_MAX ? text : `${text.slice(0, CELL_LENGTH_MAX - 1)}…`;
}
