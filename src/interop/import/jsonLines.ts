import { LINE_LENGTH_MAX, NotUtf8, type TextSource, textPieces, unreadableRest } from '../../job/csvRows.js';
import { withLine, withTextHeader } from '../../job/rowLines.js';
import { unreadableRow } from '../../job/unreadableRow.js';

/**
 * Reads JSON lines: one JSON object a line. A line that is not JSON becomes a row that an import reports as a finding.
 *
 * @param source - the file's path, or its text
 * @returns the rows; memory does not grow with their number
 * @throws any error of the file system
 *
 * @example
 * ```ts
 * import { jsonLines } from 'patron-fees/import';
 *
 * const rows = [];
 * for await (const row of jsonLines(['{"id":1}\n{"id"', ':2}\n'])) rows.push(row);
 * rows; //=> [{ id: 1 }, { id: 2 }]
 * ```
 */
export function jsonLines(source: TextSource): AsyncGenerator<unknown> {
  return withTextHeader(jsonObjects(source), { names: null });
}

async function* jsonObjects(source: TextSource): AsyncGenerator<unknown> {
  let line = 0;
  // The pieces of a line that goes on. Joined once: a line of many pieces would be copied for each.
  let begun: string[] = [];
  let length = 0;
  const parsed = (end: string) => {
    const text = begun.length === 0 ? end : [...begun, end].join('');
    [begun, length, line] = [[], 0, line + 1];
    return text.trim() === '' ? [] : [jsonOf(text, line)];
  };
  try {
    for await (const piece of textPieces(source)) {
      let start = 0;
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
        yield* parsed(piece.slice(start, end));
        start = end + 1;
      }
      begun.push(piece.slice(start));
      length += piece.length - start;
      if (length > LINE_LENGTH_MAX) {
        yield unreadableRest(line + 1, `a line of at most ${LINE_LENGTH_MAX} characters`, 'a longer one');
        return;
      }
    }
    yield* parsed('');
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    yield unreadableRest(error.line, 'text in UTF-8', error.message);
  }
}

function jsonOf(text: string, line: number): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? withLine(value, line) : value;
  } catch (error) {
    // Without a piece of the text, which may be about a person.
    const found = (error as Error).message.replace(/, .* is not valid JSON$/s, '');
    return unreadableRow(line, 'a JSON object', found);
  }
}
