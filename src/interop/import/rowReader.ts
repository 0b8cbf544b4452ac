import * as v from 'valibot';
import type { Item } from '../../account/circumstances.js';
import { ID_LENGTH_MAX, nameField, TEXT_LENGTH_MAX } from '../../account/fieldSchemas.js';
import { shownFigures } from '../../input/shown.js';
import { lineOf } from '../../job/rowLines.js';
import { isUnreadable } from '../../job/unreadableRow.js';
import { byPatron, type PatronRows, valueIn } from './byPatron.js';
import type { ForeignAccount } from './foreignAccount.js';
import type { CheckedReadOptions } from './importEvents.js';
import { type FindingParts, type ForeignRow, findingOf, type Table } from './importFinding.js';
import { type Intake, newIntake, readRows, type StatedFigures } from './importReport.js';
import type { Rounding } from './rowAmount.js';
import type { ForeignTime } from './rowTime.js';

/** The longest id of a row: the events that are made of it have longer ids. */
const ROW_ID_LENGTH_MAX = 120;

/**
 * Reads the fields of one row; `a.b` is the field b of an object a. Each fault is a finding; a row with a fault must
 * not be used.
 */
export type RowReader = {
  /** The row, for findings. */
  readonly origin: ForeignRow;
  /** Whether every field that was read could be read. */
  readonly isSound: () => boolean;
  /** Adds a finding, and makes the row unusable. */
  readonly refuse: (...finding: FindingParts) => void;
  /** Adds a finding of a row that is used. */
  readonly report: (...finding: FindingParts) => void;
  /** A name or code of 1 to 200 characters, or undefined if the field is empty. */
  readonly name: (field: string) => string | undefined;
  /** A required name; a placeholder if it is missing. */
  readonly requiredName: (field: string) => string;
  /** Any text, or undefined if the field is empty. What cannot be stored is replaced, and a long text is cut. */
  readonly text: (field: string) => string | undefined;
  /** What the columns, named by the item's fields, say of an item; undefined if they are empty. */
  readonly item: (columns: Partial<Record<keyof Item, string>>) => Item | undefined;
  /** An amount in minor units, or undefined if the field is empty. */
  readonly amount: (field: string, rounding?: Rounding) => number | undefined;
  /** A required amount. */
  readonly requiredAmount: (field: string, rounding?: Rounding) => number;
  /** A time, or undefined if the field is empty. */
  readonly time: (field: string) => ForeignTime | undefined;
  /** The time of the first field that is not empty; one of them is required. */
  readonly requiredTime: (...fields: readonly string[]) => ForeignTime;
  /** A yes or no; no if the field is empty. */
  readonly flag: (field: string) => boolean;
  /** The value of a field, not parsed. */
  readonly value: (field: string) => unknown;
};

const NO_TIME: ForeignTime = { at: '1970-01-01T00:00:00.000Z', ms: 0 };

/**
 * Begins to read a row.
 *
 * @param idField - the field with the row's id; without one, ids are made of other fields
 */
export function rowReader(
  table: string,
  row: unknown,
  idField: string | null,
  patronId: string | null,
  options: CheckedReadOptions,
  intake: Intake,
): RowReader {
  let isSound = true;
  const value = (path: string) => valueIn(row, path);
  const id = idField === null ? null : value(idField);
  const rowId =
    typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint' ? String(id) : null;
  const line = typeof row === 'object' && row !== null ? lineOf(row) : undefined;
  const origin: ForeignRow = { table, rowId, row, ...(line === undefined ? {} : { line }) };
  const report = (...finding: FindingParts) => {
    intake.findings.push(findingOf(patronId, origin, finding));
  };
  const refuse = (...finding: FindingParts) => {
    isSound = false;
    intake.refused.add(origin);
    report(...finding);
  };
  const name = (field: string): string | undefined => {
    const found = value(field);
    if (found === null) return undefined;
    const text = typeof found === 'number' || typeof found === 'bigint' ? String(found) : found;
    if (v.is(nameField, text)) return text;
    refuse('MalformedField', field, `a text of 1 to ${ID_LENGTH_MAX} characters`, shownFigures(found));
    return undefined;
  };
  const amount = (field: string, rounding: Rounding = 'halfUp'): number | undefined => {
    const found = value(field);
    if (found === null) return undefined;
    const read = options.amount(found, rounding);
    if (read === undefined) {
      refuse('MalformedField', field, options.amountExpected, shownFigures(found));
      return undefined;
    }
    if (read.isRounded) {
      const expected = `an amount with ${options.digits} decimals`;
      report('AmountRounded', field, expected, shownFigures(found));
    }
    return read.minor;
  };
  const time = (field: string): ForeignTime | undefined => {
    const found = value(field);
    if (found === null) return undefined;
    const read = options.time(found);
    if (read === undefined) refuse('MalformedField', field, options.timeExpected, shownFigures(found));
    return read;
  };
  const text = (field: string): string | undefined => {
    const found = value(field);
    if (found === null || typeof found === 'object') return undefined;
    const whole = String(found);
    if (whole.length > TEXT_LENGTH_MAX) {
      const expected = `a text of at most ${TEXT_LENGTH_MAX} characters`;
      report('TextShortened', field, expected, shownFigures(whole));
    }
    return whole.slice(0, TEXT_LENGTH_MAX).replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD');
  };
  const missing = (field: string, expected: string) => refuse('MalformedField', field, expected, 'missing');

  if (isUnreadable(row)) {
    const { line, expected, found } = row.unreadable;
    refuse('UnreadableRow', '', `line ${line}: ${expected}`, found);
  } else if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    refuse('UnreadableRow', '', 'an object with fields', shownFigures(row));
  } else if (idField !== null && (rowId === null || !v.is(nameField, rowId))) {
    refuse('MalformedField', idField, 'an id', shownFigures(id));
  } else if (rowId !== null && rowId.length > ROW_ID_LENGTH_MAX) {
    refuse(
      'IdNotUsable',
      idField ?? '',
      `an id of at most ${ROW_ID_LENGTH_MAX} characters`,
      shownFigures(rowId),
    );
  }
  return {
    origin,
    isSound: () => isSound,
    refuse,
    report,
    name,
    requiredName: (field) => {
      const found = name(field);
      if (found === undefined && isSound) missing(field, 'a text');
      return found ?? '-';
    },
    text,
    item: (columns) => {
      const fields = Object.entries(columns).flatMap(([field, column]) => {
        const found = text(column);
        return found === undefined ? [] : [[field, found] as const];
      });
      return fields.length === 0 ? undefined : Object.fromEntries(fields);
    },
    amount,
    requiredAmount: (field, rounding) => {
      const found = amount(field, rounding);
      if (found === undefined && isSound) missing(field, 'an amount');
      return found ?? 0;
    },
    time,
    requiredTime: (...fields) => {
      const field = fields.find((one) => value(one) !== null);
      if (field === undefined) missing(fields[0] ?? '', options.timeExpected);
      return (field === undefined ? undefined : time(field)) ?? NO_TIME;
    },
    flag: (field) => {
      const found = value(field);
      if (found === null || found === false || found === 0) return false;
      if (found === true || found === 1) return true;
      const text = typeof found === 'object' ? '' : String(found).toLowerCase();
      if (['t', 'true', '1', 'y', 'yes'].includes(text)) return true;
      if (!['f', 'false', '0', 'n', 'no'].includes(text)) {
        refuse('MalformedField', field, 'true or false', shownFigures(found));
      }
      return false;
    },
    value,
  };
}

/** Rows of one table, with their ids made unique. */
export type UniqueRow = {
  readonly reader: RowReader;
  /** The row's id; of rows with the same id, all but the first have a number added. */
  readonly id: string;
};

/**
 * Reads the rows of a table, without those that cannot be read. A row that is exported twice counts once; of different
 * rows with the same id, each is used.
 */
export function uniqueRows(
  table: string,
  rows: readonly unknown[] | undefined,
  idField: string,
  patronId: string | null,
  options: CheckedReadOptions,
  intake: Intake,
): UniqueRow[] {
  const byId = new Map<string, { readonly reader: RowReader; readonly text: string }[]>();
  for (const row of rows ?? []) {
    const reader = rowReader(table, row, idField, patronId, options, intake);
    const { rowId } = reader.origin;
    const begin = intake.idsBegin[table];
    if (rowId !== null && begin !== undefined) intake.rowIds.push(begin + rowId);
    if (!reader.isSound() || rowId === null) continue;
    const same = byId.get(rowId) ?? [];
    byId.set(rowId, same);
    same.push({ reader, text: rowText(row) });
  }
  return [...byId].flatMap(([rowId, same]) => {
    // Sorted, so that each keeps its id when they are exported in another order.
    const sorted = same.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return sorted.flatMap(({ reader, text }, index) => {
      const isRepeat = index > 0 && sorted[index - 1]?.text === text;
      if (index > 0) {
        reader.report('DuplicateRow', idField, 'an id of its own', isRepeat ? 'the same row again' : rowId);
      }
      return isRepeat ? [] : [{ reader, id: index === 0 ? rowId : `${rowId}~${index + 1}` }];
    });
  });
}

function rowText(row: unknown): string {
  try {
    return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return 'a row that refers to itself';
  }
}

/**
 * Reads the accounts of a system's tables, one patron after the other.
 *
 * @param system - the name of the system, with which ids begin
 * @param stated - reads what a row that is refused says is owed
 * @param accountOf - makes the account of a patron's rows, by table
 */
export async function* accountsIn(
  system: string,
  tables: readonly Table[],
  stated: StatedFigures,
  options: CheckedReadOptions,
  accountOf: (patronId: string, rows: PatronRows['rows'], options: CheckedReadOptions) => ForeignAccount,
): AsyncGenerator<ForeignAccount> {
  for await (const patronRows of byPatron(tables)) {
    const { patronId, rows, isUnsorted } = patronRows;
    yield patronId === null || isUnsorted
      ? rowsWithoutAccount(system, patronRows, stated, options)
      : accountOf(patronId, rows, options);
  }
}

/** Makes findings of rows that belong to no account: they have no patron, or are not sorted. */
export function rowsWithoutAccount(
  system: string,
  { patronId, rows }: PatronRows,
  stated: StatedFigures,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake();
  let count = 0;
  for (const [table, list] of Object.entries(rows)) {
    for (const row of list) {
      count += 1;
      const reader = rowReader(table, row, null, patronId, options, intake);
      if (!reader.isSound()) continue;
      if (patronId === null) reader.refuse('NoPatron', '', 'a patron', 'none');
      else reader.refuse('NotSorted', '', 'rows sorted by patron', `${patronId} after another patron`);
    }
  }
  const nothing = { changes: [], balances: [] };
  const read = readRows(intake, stated, options);
  return { system, patronId: null, currency: options.currency, rows: count, ...nothing, ...read };
}
