import { idsWith, idUse } from './ids.js';
import { type AccountState, type PatronAccount, positionOf } from './patronAccount.js';
import { type RowKind, rowKinds } from './rows.js';
import type { WorkingSet } from './workingSet.js';

type Row = { readonly transactions?: readonly unknown[] } & Readonly<Record<string, unknown>>;

/**
 * Writes the changes of a working set into a draft of the account it began with. Changed rows replace the old ones, new
 * rows are added, and ids and figures are updated.
 */
export function writeBack({ before, touched }: WorkingSet, draft: AccountState): void {
  const positions = new Map<string, readonly number[]>();
  for (const kind of Object.keys(rowKinds) as RowKind[]) {
    positions.set(kind, writeRows(kind, before, touched, draft));
  }
  positions.set('dispute', positions.get('fee') as readonly number[]);
  positions.set('externalTransaction', positions.get('payment') as readonly number[]);
  const added = touched.ids
    .filter(({ id, kind }) => idUse(before.ids, id)?.kind !== kind)
    .map((use) => ({ ...use, position: positions.get(use.kind)?.[use.position] ?? 0 }));
  // Not read from the draft, which would visit all ids of the account.
  draft.ids = idsWith(before.ids, added) as AccountState['ids'];
  draft.currency = touched.currency;
  draft.minorDigits = touched.minorDigits;
  draft.eventCount = touched.eventCount;
  draft.turnover = touched.turnover;
}

/** Writes the rows of one kind. Returns the position of each touched row in the account. */
function writeRows(
  kind: RowKind,
  before: PatronAccount,
  touched: AccountState,
  draft: AccountState,
): number[] {
  const { list, idField } = rowKinds[kind];
  const rows = touched[list] as readonly Row[];
  if (rows.length === 0) return [];
  const rowsBefore = before[list] as readonly Row[];
  const rowsAfter = [...rowsBefore];
  const positions = rows.map((row) => {
    const known = positionOf(before, kind, row[idField] as string);
    const position = known < 0 ? rowsAfter.length : known;
    rowsAfter[position] = frozen(withTransactions(row, rowsBefore[position]));
    return position;
  });
  // Frozen here, so that immer does not visit the whole list to freeze it.
  (draft[list] as readonly Row[]) = Object.freeze(rowsAfter);
  return positions;
}

/** Puts a row's earlier transactions before the new ones. */
function withTransactions(row: Row, before: Row | undefined): Row {
  if (row.transactions === undefined || before?.transactions === undefined) return row;
  return { ...row, transactions: [...before.transactions, ...row.transactions] };
}

/** Freezes data deeply. Parts that are already frozen are skipped. */
function frozen<Data>(data: Data): Data {
  // Primitives count as frozen.
  if (Object.isFrozen(data)) return data;
  Object.freeze(data);
  for (const part of Object.values(data as object)) frozen(part);
  return data;
}
