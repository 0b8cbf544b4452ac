import { ID_LENGTH_MAX, isName } from '../account/fieldSchemas.js';
import { isDate } from '../input/instant.js';
import { minorDigits } from '../money/currency.js';
import { type DecimalMark, parseReportedAmount } from '../money/reportedAmount.js';
import { csvLinesIn, type TextSource } from './csvRows.js';
import type { DayOrder } from './dayOrder.js';
import { type UnreadableRow, unreadableRow } from './unreadableRow.js';

/** How a CSV file is written. */
export type CsvForm = {
  readonly delimiter?: string | undefined;
  readonly decimalMark?: DecimalMark | undefined;
  readonly dayOrder?: DayOrder | undefined;
};

/** The cells of a line by the names of their columns. A cell that cannot be read makes the line an unreadable row. */
export type CsvCells = {
  /** Returns a text without spaces around it; empty if the file does not have the column. */
  readonly text: (column: string) => string;
  /** Returns a text of 1 to 200 characters. */
  readonly name: (column: string) => string;
  /** Returns an ISO 4217 code. */
  readonly currency: (column: string) => string;
  /** Returns minor units; 0 for an empty cell. */
  readonly amount: (column: string, digits: number) => number;
  /** Returns a day, `YYYY-MM-DD`; a time after it is ignored. */
  readonly day: (column: string) => string;
  /** Makes the line an unreadable row. */
  readonly refuse: (expected: string, found: string) => never;
};

class Refused extends Error {
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(expected);
  }
}

/**
 * Reads a CSV file with named columns line by line.
 *
 * @param needed - columns that the file must have; others are read as empty if it does not have them
 * @param read - returns the row of a line, or null for a line to ignore
 */
export async function* readCsv<Row>(
  source: TextSource,
  form: CsvForm,
  needed: readonly string[],
  read: (cells: CsvCells, line: number) => Row | null,
): AsyncGenerator<Row | UnreadableRow> {
  let positions: ReadonlyMap<string, number> = new Map();
  let cells: readonly string[] = [];
  let isBegun = false;
  const reader = cellsOf((column) => cells[positions.get(column) ?? -1]?.trim() ?? '', form);
  for await (const each of csvLinesIn(source, { delimiter: form.delimiter ?? ',' })) {
    if ('unreadable' in each) {
      yield each;
      continue;
    }
    const { line, header } = each;
    if (each.isHeader) {
      isBegun = true;
      const wanted = needed.find((name) => header.filter((found) => found === name).length !== 1);
      if (wanted !== undefined) {
        const found = header.map((name) => JSON.stringify(name)).join(', ');
        yield unreadableRow(line, `one column named ${JSON.stringify(wanted)}`, found.slice(0, 200));
        return;
      }
      positions = new Map(header.map((name, at) => [name, at]));
      continue;
    }
    cells = each.cells;
    try {
      const row = read(reader, line);
      if (row !== null) yield row;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      yield unreadableRow(line, error.expected, error.found.slice(0, 80));
    }
  }
  if (!isBegun) yield unreadableRow(1, 'a header line', 'an empty file');
}

const DAY = /^(\d+)[-./](\d+)[-./](\d+)(?:[T ].*)?$/;

function cellsOf(
  text: (column: string) => string,
  { decimalMark, dayOrder = 'YYYY-MM-DD' }: CsvForm,
): CsvCells {
  const refuse = (expected: string, found: string): never => {
    throw new Refused(expected, found);
  };
  const [first = '', second = ''] = dayOrder.split(/[-./]/);
  return {
    text,
    refuse,
    name: (column) => {
      const found = text(column);
      return isName(found, ID_LENGTH_MAX) ? found : refuse(`${column}: a text of 1 to 200 characters`, found);
    },
    currency: (column) => {
      const found = text(column).toUpperCase();
      return minorDigits(found) === undefined ? refuse(`${column}: an ISO 4217 code`, text(column)) : found;
    },
    amount: (column, digits) => {
      const found = text(column);
      const minor = found === '' ? 0 : parseReportedAmount(found, digits, decimalMark);
      return minor ?? refuse(`${column}: an amount with at most ${digits} decimals`, found);
    },
    day: (column) => {
      const found = text(column);
      const [, a = '', b = '', c = ''] = (DAY.exec(found) ?? []).map((part) => part.padStart(2, '0'));
      const parts: Readonly<Record<string, string>> = { [first]: a, [second]: b };
      const year = parts.YYYY ?? c;
      const day = `${year}-${parts.MM ?? b}-${parts.DD ?? c}`;
      return isDate(day) ? day : refuse(`${column}: a day ${dayOrder}`, found);
    },
  };
}
