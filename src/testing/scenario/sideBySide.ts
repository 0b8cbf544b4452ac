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

/** How much of what is the same is left before the first difference, where the beginning is cut. */
const COMMON_LENGTH = 20;

/** Cuts texts that are too long for a cell, so that where they first differ is still to be seen. */
export function clipped(cells: readonly string[]): readonly string[] {
  const common = commonLength(cells);
  const start = common < CELL_LENGTH_MAX - COMMON_LENGTH ? 0 : common - COMMON_LENGTH;
  return cells.map((text) => {
    const begun = start === 0 ? text : `…${text.slice(start)}`;
    return begun.length <= CELL_LENGTH_MAX ? begun : `${begun.slice(0, CELL_LENGTH_MAX - 1)}…`;
  });
}

/** How many characters all texts begin with; none where they do not differ. */
function commonLength([first = '', ...others]: readonly string[]): number {
  if (others.every((other) => other === first)) return 0;
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return length;
}
