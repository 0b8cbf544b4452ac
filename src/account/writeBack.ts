import { type IdUse, idsWith, idUse } from './ids.js';
import { type AccountState, type PatronAccount, positionOf } from './patronAccount.js';
import { type RowKind, rowKinds } from './rows.js';
import type { WorkingSet } from './workingSet.js';

type Row = { readonly transactions?: readonly unknown[] } & Readonly<Record<string, unknown>>;

const kinds = Object.keys(rowKinds) as RowKind[];

/** The fields of an account besides its lists. */
const figures = ['currency', 'minorDigits', 'eventCount', 'turnover', 'mergedInto'] as const;

/**
 * Writes the changes of a working set into a draft of the account it began with. Changed rows replace the old ones, new
 * rows are added, and ids and figures are updated.
 *
 * Replaces whole lists: immer takes many times as long to change them row by row (see ADR 11).
 */
export function writeBack(set: WorkingSet, draft: AccountState): void {
  const { before, touched } = set;
  const positions = new Map<string, readonly number[]>();
  for (const kind of kinds) {
    if (touched[rowKinds[kind].list].length > 0) positions.set(kind, writeRows(kind, before, touched, draft));
  }
  // Not read from the draft, which would visit all ids of the account.
  draft.ids = idsWith(before.ids, addedIds(set, positions)) as AccountState['ids'];
  // Only the first event changes the currency, and each write to a draft takes time.
  if (touched.currency !== before.currency) {
    draft.currency = touched.currency;
    draft.minorDigits = touched.minorDigits;
  }
  draft.eventCount = touched.eventCount;
  draft.turnover = touched.turnover;
  if (touched.mergedInto !== before.mergedInto) draft.mergedInto = touched.mergedInto;
}

/** Writes the rows of one kind. Returns the position of each touched row in the account. */
function writeRows(
  kind: RowKind,
  before: PatronAccount,
  touched: AccountState,
  draft: AccountState,
): readonly number[] {
  const { list } = rowKinds[kind];
  const rows = touched[list] as readonly Row[];
  const rowsBefore = before[list] as readonly Row[];
  const rowsAfter = [...rowsBefore];
  const positions = positionsOf(kind, before, rows);
  rows.forEach((row, index) => {
    const position = positions[index] as number;
    rowsAfter[position] = frozen(withTransactions(row, rowsBefore[position]));
  });
  // Frozen here, so that immer does not visit the whole list to freeze it.
  (draft[list] as readonly Row[]) = Object.freeze(rowsAfter);
  return positions;
}

/** One change of an account, in the format of immer's `Patch`. */
export type AccountPatch = {
  /** Whether the value replaces the one at the path or is added to a list there. */
  readonly op: 'add' | 'replace';
  /** Names of fields and positions in lists, e.g. `['fees', 0, 'paid']`; a list is shortened by its `length`. */
  readonly path: (string | number)[];
  /** The new value. */
  readonly value: unknown;
};

/** The changes of a working set, in both directions. */
type Patches = {
  readonly patches: readonly AccountPatch[];
  readonly inversePatches: readonly AccountPatch[];
};

/**
 * Returns the changes of a working set as patches of the account it began with: changed fields, new transactions, new
 * rows and new ids. Call it before `writeBack`, which moves the index of ids.
 *
 * Not with immer: drafting the lists took 15 times as long as `evolve` on 1,000 fees, see ADR 11.
 */
export function patchesOf(set: WorkingSet): Patches {
  const { before, touched } = set;
  const patches: AccountPatch[] = [];
  const inversePatches: AccountPatch[] = [];
  const replace = (path: AccountPatch['path'], value: unknown, old: unknown) => {
    if (isSame(value, old)) return;
    patches.push({ op: 'replace', path, value });
    inversePatches.unshift({ op: 'replace', path, value: old });
  };
  const append = (path: AccountPatch['path'], length: number, entries: readonly unknown[]) => {
    if (entries.length === 0) return;
    entries.forEach((value, index) => {
      patches.push({ op: 'add', path: [...path, length + index], value });
    });
    inversePatches.unshift({ op: 'replace', path: [...path, 'length'], value: length });
  };
  const positions = new Map<string, readonly number[]>();
  for (const kind of kinds) {
    const { list } = rowKinds[kind];
    const rows = touched[list] as readonly Row[];
    const rowsBefore = before[list] as readonly Row[];
    const places = positionsOf(kind, before, rows);
    positions.set(kind, places);
    rows.forEach((row, index) => {
      const position = places[index] as number;
      const rowBefore = rowsBefore[position];
      if (rowBefore === undefined) return;
      const { transactions = [], ...fields } = row;
      for (const [name, value] of Object.entries(fields)) {
        replace([list, position, name], value, rowBefore[name]);
      }
      append([list, position, 'transactions'], rowBefore.transactions?.length ?? 0, transactions);
    });
    const added = rows.filter((_, index) => (places[index] as number) >= rowsBefore.length);
    append([list], rowsBefore.length, added);
  }
  append(['ids'], before.ids.length, addedIds(set, positions));
  for (const figure of figures) replace([figure], touched[figure], before[figure]);
  return { patches, inversePatches };
}

/** Whether two fields of a row are equal: plain data with the same order of keys, as one is a copy of the other. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Returns the position of each touched row in the account; new rows follow the old ones. */
function positionsOf(kind: RowKind, before: PatronAccount, rows: readonly Row[]): number[] {
  const { list, idField } = rowKinds[kind];
  let end = before[list].length;
  return rows.map((row) => {
    const known = positionOf(before, kind, row[idField] as string);
    if (known >= 0) return known;
    end += 1;
    return end - 1;
  });
}

/** Returns the new uses of ids, with the positions that their rows have in the account. */
function addedIds({ before, touched }: WorkingSet, positions: Map<string, readonly number[]>): IdUse[] {
  positions.set('dispute', positions.get('fee') ?? []);
  positions.set('externalTransaction', positions.get('payment') ?? []);
  return touched.ids
    .filter(({ id, kind }) => idUse(before.ids, id)?.kind !== kind)
    .map((use) => ({ ...use, position: positions.get(use.kind)?.[use.position] ?? 0 }));
}

/** Puts a row's earlier transactions before the new ones, in the row itself, which is a private copy. */
function withTransactions(row: Row, before: Row | undefined): Row {
  if (row.transactions !== undefined && before?.transactions !== undefined) {
    (row as { transactions: readonly unknown[] }).transactions = [
      ...before.transactions,
      ...row.transactions,
    ];
  }
  return row;
}

/** Freezes data deeply. Parts that are already frozen are skipped. */
export function frozen<Data extends object>(data: Data): Data {
  if (Object.isFrozen(data)) return data;
  Object.freeze(data);
  if (Array.isArray(data)) {
    for (let index = 0; index < data.length; index++) freezePart(data[index]);
  } else {
    for (const key in data) freezePart(data[key]);
  }
  return data;
}

function freezePart(part: unknown): void {
  if (typeof part === 'object' && part !== null) frozen(part);
}
