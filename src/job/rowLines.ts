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
