import type { Credit } from './credit.js';
import type { AccountEvent, EventIds } from './events/accountEvent.js';
import { type Fee, owed } from './fee.js';
import { applyAll, applyOne, type FoldOptions, mutableCopy } from './fold.js';
import { hasOwnId, type IdKind, type IdUse, idsOnTopOf, idsWith, idUse, useId } from './ids.js';
import {
  type AccountState,
  copyWithoutTransactions,
  emptyAccount,
  extended,
  type PatronAccount,
  positionOf,
  type RowKind,
  type Rows,
  rowKinds,
  rowsOf,
} from './patronAccount.js';
import type { Payment, Refund } from './records.js';
import type { Transaction } from './transaction.js';

/**
 * An account during a decision: the unchanged account, and a small account with private copies of only those rows that
 * the decision touches.
 *
 * So a decision sees the effects of its own events, applied by the same reducer that will fold them, at a cost that
 * does not grow with the account.
 */
export type WorkingSet = {
  /** The account before the decision; never changed. */
  readonly before: PatronAccount;
  /** The other accounts of the patron; never changed. */
  readonly others: readonly PatronAccount[];
  /** The current state of the touched rows. */
  readonly touched: AccountState;
  /** Fees that events have changed since the last command was closed. */
  readonly unclosed: Set<string>;
  /** Fees whose owed amount was brought to 0 by something other than a waiver. */
  readonly broughtToZero: Set<string>;
};

/**
 * Returns a working set without changes.
 *
 * @param others - the other accounts of the patron
 */
export function openWorkingSet(before: PatronAccount, others: readonly PatronAccount[] = []): WorkingSet {
  const touched = emptyAccount() as AccountState;
  touched.currency = before.currency;
  touched.minorDigits = before.minorDigits;
  touched.eventCount = before.eventCount;
  touched.turnover = before.turnover;
  touched.mergedInto = before.mergedInto;
  touched.ids = idsOnTopOf(before.ids);
  return { before, others, touched, unclosed: new Set(), broughtToZero: new Set() };
}

/** Returns the current state of a row. */
export function rowNow<Kind extends RowKind>(
  set: WorkingSet,
  kind: Kind,
  id: string,
): Rows[Kind] | undefined {
  const account: PatronAccount = hasOwnId(set.touched.ids, id) ? set.touched : set.before;
  return rowsOf(account, kind)[positionOf(account, kind, id)];
}

/** Returns the current state of all fees, oldest first. */
export function feesNow(set: WorkingSet): readonly Fee[] {
  return rowsNow(set, set.before.fees, set.touched.fees, ({ feeId }) => feeId);
}

/**
 * Returns the current credits of a fee, oldest first. The cost depends on the number of the fee's transactions, not on
 * the account's size.
 */
export function creditsOfFee(set: WorkingSet, feeId: string): readonly Credit[] {
  return transactionsOfFee(set, feeId)
    .filter(({ kind }) => kind === 'creditIssued')
    .map(({ id }) => rowNow(set, 'credit', id) as Credit);
}

/** Returns the transactions of a fee in order, including those of the decision. */
export function transactionsOfFee(set: WorkingSet, feeId: string): readonly Transaction[] {
  const before = set.before.fees[positionOf(set.before, 'fee', feeId)]?.transactions ?? [];
  if (!hasOwnId(set.touched.ids, feeId)) return before;
  const touched = set.touched.fees[positionOf(set.touched, 'fee', feeId)] as Fee;
  return [...before, ...touched.transactions];
}

/** Returns how many transactions the decision has added so far to each fee and credit, by id. */
export function addedTransactions({ touched }: WorkingSet): ReadonlyMap<string, number> {
  const rows = [...touched.fees, ...touched.credits];
  return new Map(rows.map((row) => [rowId(row), row.transactions.length]));
}

/** Returns the fees and credits that have changed since, with the transactions that they had then. */
export function transactionsBefore(
  { before, touched }: WorkingSet,
  added: ReadonlyMap<string, number>,
): readonly { readonly row: Fee | Credit; readonly transactions: readonly Transaction[] }[] {
  return [...touched.fees, ...touched.credits].flatMap((row) => {
    const id = rowId(row);
    const count = added.get(id) ?? 0;
    if (row.transactions.length === count) return [];
    const known =
      before.fees[positionOf(before, 'fee', id)] ?? before.credits[positionOf(before, 'credit', id)];
    return [{ row, transactions: [...(known?.transactions ?? []), ...row.transactions.slice(0, count)] }];
  });
}

function rowId(row: Fee | Credit): string {
  return 'creditId' in row ? row.creditId : row.feeId;
}

/** Returns the current state of all credits, oldest first. */
export function creditsNow(set: WorkingSet): readonly Credit[] {
  return rowsNow(set, set.before.credits, set.touched.credits, ({ creditId }) => creditId);
}

/** Returns the current state of all payments, oldest first. */
export function paymentsNow(set: WorkingSet): readonly Payment[] {
  return rowsNow(set, set.before.payments, set.touched.payments, ({ paymentId }) => paymentId);
}

/** Returns the current state of all refunds, oldest first. */
export function refundsNow(set: WorkingSet): readonly Refund[] {
  return rowsNow(set, set.before.refunds, set.touched.refunds, ({ refundId }) => refundId);
}

function rowsNow<Row>(
  { before, touched }: WorkingSet,
  rowsBefore: readonly Row[],
  rowsTouched: readonly Row[],
  idOf: (row: Row) => string,
): readonly Row[] {
  if (rowsTouched.length === 0) return rowsBefore;
  const current = rowsBefore.map((row) => {
    const id = idOf(row);
    return hasOwnId(touched.ids, id) ? (rowsTouched[(idUse(touched.ids, id) as IdUse).position] as Row) : row;
  });
  const added = rowsTouched.filter((row) => idUse(before.ids, idOf(row)) === undefined);
  return [...current, ...added];
}

/** Applies one event to private copies of the rows that it changes. The account before is unchanged. */
export function applyToCopies(set: WorkingSet, event: AccountEvent, stream?: string): void {
  copyChangedRows(set, event);
  applyOne(set.touched, event, stream);
}

/** Applies one event of a decision and records which fees it changes. */
export function applyDecided(set: WorkingSet, event: AccountEvent): void {
  const feeIds = copyChangedRows(set, event);
  const owedNow = (feeId: string) => {
    const fee = rowNow(set, 'fee', feeId);
    return fee === undefined ? 0 : owed(fee);
  };
  const owedBefore = feeIds.map(owedNow);
  applyOne(set.touched, event);
  feeIds.forEach((feeId, index) => {
    set.unclosed.add(feeId);
    const owedAfter = owedNow(feeId);
    if (owedAfter > 0) set.broughtToZero.delete(feeId);
    else if ((owedBefore[index] as number) > 0 && !isWaiver(event)) set.broughtToZero.add(feeId);
  });
}

function isWaiver(event: AccountEvent): boolean {
  return (
    event.type === 'FeeWaived' || (event.type === 'LostItemCreditIssued' && event.data.cause === 'waived')
  );
}

/**
 * Copies every row that an event will change. Returns the ids of the fees among them and of new fees. Ignores malformed
 * fields, which the reducer reports.
 */
function copyChangedRows(set: WorkingSet, event: AccountEvent): string[] {
  const data = (event?.data ?? {}) as EventIds;
  const feeIds = [
    data.feeId,
    data.shortfall?.feeId,
    ...listed(data.feeIds),
    ...listed(data.allocations).map((part) => part?.feeId),
  ];
  const creditIds = [
    data.creditId,
    data.overpayment?.creditId,
    data.surplus?.creditId,
    data.shortfall?.creditId,
    ...listed(data.setOff).map((part) => part?.creditId),
  ];
  copyRow(set, 'payment', data.paymentId);
  copyRow(set, 'waiver', data.waiverId);
  copyRow(set, 'settlement', data.settlementId);
  copyRow(set, 'application', data.applicationId);
  copyRow(set, 'refund', data.refundId);
  copyRow(set, 'merge', data.mergeId);
  const plan = copyRow(set, 'paymentPlan', data.planId);
  if (plan !== undefined) feeIds.push(...plan.feeIds);
  const transfer = copyRow(set, 'transfer', data.transferId);
  if (transfer !== undefined) {
    feeIds.push(transfer.feeId ?? undefined);
    creditIds.push(transfer.creditId ?? undefined);
  }
  for (const creditId of creditIds) {
    const credit = copyRow(set, 'credit', creditId);
    if (credit === undefined) continue;
    feeIds.push(credit.feeId ?? undefined);
    // Only a credit that grows can pay its shortfalls: each of many applications would look at all of them.
    if (event.type !== 'CreditApplied') feeIds.push(...credit.shortfallFeeIds);
  }
  for (const feeId of feeIds) copyRow(set, 'fee', feeId);
  if (typeof data.disputeId === 'string') copyDispute(set, data.disputeId);
  return [...new Set(feeIds)].filter((feeId) => feeId !== undefined);
}

/** The list, or `[]` if not an array. */
function listed<Entry>(list: readonly Entry[] | undefined): readonly Entry[] {
  return Array.isArray(list) ? list : [];
}

/** Copies a row unless it was copied before. Returns the row's current state, or undefined if the id is unknown. */
function copyRow<Kind extends RowKind>(
  set: WorkingSet,
  kind: Kind,
  id: string | undefined,
): Rows[Kind] | undefined {
  if (typeof id !== 'string') return undefined;
  const row = rowNow(set, kind, id);
  if (row === undefined || hasOwnId(set.touched.ids, id)) return row;
  const lists: Record<string, unknown> = set.touched;
  const copies = rowsOf(set.touched, kind) as Rows[Kind][];
  const position = copies.length;
  lists[rowKinds[kind].list] = extended(copies, copyWithoutTransactions(kind, row));
  recordPosition(set, id, kind, position);
  return row;
}

/** Copies the fee of a dispute. A dispute uses its fee's position. */
function copyDispute(set: WorkingSet, disputeId: string): void {
  const fee = set.before.fees[positionOf(set.before, 'dispute', disputeId)];
  if (fee === undefined) return;
  copyRow(set, 'fee', fee.feeId);
  recordPosition(set, disputeId, 'dispute', positionOf(set.touched, 'fee', fee.feeId));
}

/** Records the position of a row's copy. */
function recordPosition(set: WorkingSet, id: string, kind: IdKind, position: number): void {
  const { digest } = idUse(set.before.ids, id) as IdUse;
  useId(set.touched.ids, { id, kind, position, digest });
}

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
function frozen<Data extends object>(data: Data): Data {
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

/**
 * Returns the account after more events, as `fold` does, without a copy of what they do not change: frozen, and sharing
 * all unchanged rows with the account before. The time depends on the rows that change; only lists are copied as a whole.
 *
 * @param account - the account before the events, made by `frozenAccount` or by this function; never changed
 * @throws {@link PatronFeesError} as {@link fold} does
 */
export function foldShared(
  account: PatronAccount,
  events: readonly AccountEvent[],
  options: FoldOptions,
): PatronAccount {
  if (events.length === 0) return account;
  // A purge leaves no row.
  if (events.some(({ type }) => type === 'AccountPurged')) {
    const state = mutableCopy(account);
    applyAll(state, events, options);
    return frozenAccount(state);
  }
  const set = openWorkingSet(account);
  for (const event of events) applyToCopies(set, event, options.stream);
  const after = { ...account } as AccountState;
  writeBack(set, after);
  return Object.freeze(after);
}

/** Freezes an account that only the caller uses. Its list of ids keeps its index. */
export function frozenAccount(state: AccountState): PatronAccount {
  state.ids = idsWith(state.ids, []) as AccountState['ids'];
  return frozen(state);
}
