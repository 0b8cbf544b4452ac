/** Iterates over a list to its end: its lines, and the report that it returns. */
export async function madeOf<Line, Report>(list: AsyncGenerator<Line, Report, undefined>) {
  const lines: Line[] = [];
  for (;;) {
    const next = await list.next();
    if (next.done) return { lines, report: next.value };
    lines.push(next.value);
  }
}
