import { faultText } from '../../input/faults.js';

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
