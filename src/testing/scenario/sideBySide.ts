/** A row of a table: its label, one cell for each side, and whether the cells differ. */
export type Row = {
  readonly label: string;
  readonly cells: readonly string[];
  readonly differs: boolean;
};

/** Formats a table with one column for each side. The first row that differs is marked with `>`. */
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

/** The maximum length of a cell's text, so that a long comment does not push the other side off the screen. */
const CELL_LENGTH_MAX = 60;

/** The number of equal characters kept before the first difference if the beginning is cut. */
const COMMON_LENGTH = 20;

/** Shortens texts that are too long for a cell and keeps their first difference visible. */
export function clipped(cells: readonly string[]): readonly string[] {
  const common = commonLength(cells);
  const start = common < CELL_LENGTH_MAX - COMMON_LENGTH ? 0 : common - COMMON_LENGTH;
  return cells.map((text) => {
    const begun = start === 0 ? text : `…${text.slice(start)}`;
    return begun.length <= CELL_LENGTH_MAX ? begun : `${begun.slice(0, CELL_LENGTH_MAX - 1)}…`;
  });
}

/** Returns the number of leading characters that all texts share; 0 if the texts are equal. */
function commonLength([first = '', ...others]: readonly string[]): number {
  if (others.every((other) => other === first)) return 0;
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return length;
}
