import { type Fault, PatronFeesError } from '../../errors.js';
import { faultText } from '../../input/faults.js';
import { oneByOneField } from '../../input/iterable.js';
import { textHeader } from '../../job/rowLines.js';
import { isUnreadable } from '../../job/unreadableRow.js';

/** Rows one after the other: a list, or a stream. */
export type Rows = Iterable<unknown> | AsyncIterable<unknown>;

/** Rows as an argument. */
export const rowsField = oneByOneField<Rows>('rows one after the other');

/** A table of rows. */
export type Table = {
  /** The name. */
  readonly name: string;
  /** The rows. */
  readonly rows: Rows;
  /** The column with the patron. */
  readonly patron: string;
  /** The columns without which its rows would have other amounts, or belong to nothing. */
  readonly columns: readonly string[];
};

/** Of objects, the columns are the fields of the first rows: databases and systems leave out empty fields. */
const HEADER_ROWS = 100;

/** The length of the list of columns in a message. */
const COLUMNS_SHOWN_MAX = 80;

/** A table whose first rows are known. */
type BegunTable = {
  readonly table: Table;
  readonly fault: Fault | undefined;
  readonly close: () => Promise<void>;
};

/**
 * Checks that each table has all columns that decide amounts, and returns the tables. Without this check, a wrong file
 * would be read as a table without rows. A list without rows is a table without rows; a text needs at least its
 * header.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with the columns of every table in
 * `details.faults`, by the name of the table; any error of a stream
 */
export async function withNeededColumns(tables: readonly Table[]): Promise<readonly Table[]> {
  const begun = await Promise.all(tables.map(begin));
  const faults = begun.flatMap(({ fault }) => fault ?? []);
  if (faults.length === 0) return begun.map(({ table }) => table);
  await Promise.all(begun.map(({ close }) => close()));
  throw new PatronFeesError('INVALID_ARGUMENT', faults.map((fault) => faultText(fault)).join('; '), {
    faults,
  });
}

async function begin(table: Table): Promise<BegunTable> {
  const { rows } = table;
  if (Array.isArray(rows)) {
    return { table, fault: columnFault(table, rows.slice(0, HEADER_ROWS)), close: async () => {} };
  }
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  const first: unknown[] = [];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    first.push(next.value);
    if (first.length === HEADER_ROWS) break;
  }
  const close = async () => {
    await iterator.return?.();
  };
  return {
    table: { ...table, rows: continued(first, iterator, close) },
    fault: columnFault(table, first),
    close,
  };
}

async function* continued(
  first: readonly unknown[],
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
  close: () => Promise<void>,
): AsyncGenerator<unknown> {
  try {
    yield* first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await close();
  }
}

/** Says which columns are missing. */
function columnFault({ name, rows, columns }: Table, first: readonly unknown[]): Fault | undefined {
  const header = textHeader(rows);
  const found = new Set([...(header?.names ?? []), ...first.flatMap(fieldsOf)]);
  // Rows without any field are findings, each; of the fields of a column `jsonb`, only a row tells.
  if (found.size === 0 && header === undefined) return undefined;
  if (found.has('jsonb') && first.length === 0) return undefined;
  const missing = columns.filter((column) => !found.has(column));
  if (missing.length === 0) return undefined;
  const expected = `the column${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`;
  const [broken] = first.filter(isUnreadable);
  const shown = [...found].join(', ').slice(0, COLUMNS_SHOWN_MAX);
  return { path: name, expected, found: shown || (broken?.unreadable.found ?? 'no line') };
}

function fieldsOf(row: unknown): readonly string[] {
  if (typeof row !== 'object' || row === null || isUnreadable(row)) return [];
  try {
    const inner = Object.hasOwn(row, 'jsonb') ? (row as { readonly jsonb: unknown }).jsonb : undefined;
    return [...Object.keys(row), ...(typeof inner === 'object' && inner !== null ? Object.keys(inner) : [])];
  } catch {
    // A row that throws when it is read is a finding.
    return [];
  }
}
