import { type Fault, PatronFeesError } from '../../errors.js';
import { faultText } from '../../input/faults.js';
import { oneByOneField } from '../../input/iterable.js';
import { textHeader } from '../../job/rowLines.js';
import { isUnreadable } from '../../job/unreadableRow.js';

/** A row of the other system, for findings. */
export type ForeignRow = {
  /** The table or list that the row is from, e.g. `accountlines`. */
  readonly table: string;
  /** The row's id there, or null if it has no readable one. */
  readonly rowId: string | null;
  /** The line of its file where the row ends, counted from 1; missing unless `csvRows` or `jsonLines` read it. */
  readonly line?: number;
  /** The row as it was read. */
  readonly row: unknown;
};

/**
 * What is wrong with a row.
 *
 * The row is not imported:
 * - `UnreadableRow`: it is not an object with fields, or its line is neither CSV nor JSON.
 * - `MalformedField`: a field is missing or has an invalid value.
 * - `NoPatron`: it belongs to no patron (deleted since).
 * - `NotSorted`: the rows are not sorted by patron, or, of opening balances, other rows of the patron came earlier.
 * - `UnknownType`: a type that this import does not support.
 * - `UnknownRow`: it refers to a row that is not there.
 * - `AmountHasWrongSign`: a charge or a credit that is not above 0.
 * - `IdNotUsable`: an id made from it would be too long.
 * - `ROWS_MISSING`: an earlier import had rows of the account that this one lacks. Nothing of the account is imported
 *   (opening balances are), unless the form says `withdrawn`.
 * - `Refused`: the account does not take its events (the amounts are too large, or another writer changed the account).
 *
 * The row is imported, and a person should check it:
 * - `DuplicateRow`: another row has the same id. An equal one is ignored; another one gets an id of its own.
 * - `AmountRounded`: it has more decimals than the currency.
 * - `TextShortened`: a text is longer than a comment may be; its beginning is imported.
 * - `AmountDoesNotFit`: more than there was to pay, waive or undo; only what fits is imported.
 * - `UseNotExplained`: a part of a payment or credit is used, and no row says for what. That part is not imported.
 * - `BalanceDiffers`: the balance computed from the rows differs from the one that the system states. A line corrects
 *   it.
 */
export type ImportFindingCode =
  | 'UnreadableRow'
  | 'MalformedField'
  | 'NoPatron'
  | 'NotSorted'
  | 'UnknownType'
  | 'UnknownRow'
  | 'AmountHasWrongSign'
  | 'IdNotUsable'
  | 'ROWS_MISSING'
  | 'Refused'
  | 'DuplicateRow'
  | 'AmountRounded'
  | 'TextShortened'
  | 'AmountDoesNotFit'
  | 'UseNotExplained'
  | 'BalanceDiffers';

/** A row that was not imported, or that a person should check. Plain data. */
export type ImportFinding = ForeignRow & {
  /** The kind of finding. */
  readonly code: ImportFindingCode;
  /** The patron, or null if unknown. */
  readonly patronId: string | null;
  /** The field of the row; empty for the whole row. */
  readonly field: string;
  /** The expected value, in words or figures. */
  readonly expected: string;
  /** The value found. */
  readonly found: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** The content of a finding: its code, the field, the expected value and the value found. */
export type FindingParts = readonly [code: ImportFindingCode, field: string, expected: string, found: string];

/** Makes the finding of a row. */
export function findingOf(
  patronId: string | null,
  { table, rowId, line, row }: ForeignRow,
  [code, field, expected, found]: FindingParts,
): ImportFinding {
  const place = rowId === null ? table : `${table} ${rowId}`;
  const path = field === '' ? place : `${place}: ${field}`;
  return {
    code,
    patronId,
    table,
    rowId,
    ...(line === undefined ? {} : { line }),
    row,
    field,
    expected,
    found,
    message: faultText({ path, expected, found }),
  };
}

/** The amounts of a row that could not be imported, for the totals of a report. */
export type ForeignRefused = {
  /** What is owed according to the row, in minor units; below 0 for a payment. */
  readonly owed: number;
  /** The unused credit according to the row, in minor units. */
  readonly credit: number;
  /** The fee type, as named here; `-` if the row names none. */
  readonly feeType: string;
  /** The library that owns it; `-` if the row names none. */
  readonly owner: string;
};

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
