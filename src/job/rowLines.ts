const lines = /* @__PURE__ */ new WeakMap<object, number>();

/** Keeps the line from which a row was read, for findings. */
export function withLine<Row extends object>(row: Row, line: number): Row {
  lines.set(row, line);
  return row;
}

/** Returns the line where a row ends, counted from 1; undefined if it was not read from a text. */
export function lineOf(row: object): number | undefined {
  return lines.get(row);
}

/** The columns of a text of rows: those of its header once it is read; null before, and if it has none. */
export type TextHeader = { names: readonly string[] | null };

const headers = /* @__PURE__ */ new WeakMap<object, TextHeader>();

/** Keeps the columns of a text, which rows do not tell if there are none. */
export function withTextHeader<Rows extends object>(rows: Rows, header: TextHeader | undefined): Rows {
  if (header !== undefined) headers.set(rows, header);
  return rows;
}

/** Returns the columns of the text from which rows are read; undefined if they are from elsewhere. */
export function textHeader(rows: object): TextHeader | undefined {
  return headers.get(rows);
}
