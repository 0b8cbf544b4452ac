/**
 * What an id in an account identifies. `other` is never referred to by later events; `command` identifies a command and
 * nothing else.
 */
export type IdKind =
  | 'fee'
  | 'credit'
  | 'payment'
  | 'externalTransaction'
  | 'waiver'
  | 'transfer'
  | 'dispute'
  | 'application'
  | 'refund'
  | 'settlement'
  | 'paymentPlan'
  | 'merge'
  | 'other'
  | 'command';

/** The use of an id. */
export type IdUse = {
  /** The id; for an external transaction, its method and id combined. */
  readonly id: string;
  /** What it identifies. */
  readonly kind: IdKind;
  /**
   * Its position in the list of its kind; for a dispute the fee's position, for an external transaction the payment's;
   * otherwise 0.
   */
  readonly position: number;
  /** The digest of the command with this id, or what a redaction left of it; null if unknown. */
  readonly digest: string | null;
};

/**
 * The index of a long list of ids, for finding an id without a search. The account stores only the list, because it
 * survives JSON and `structuredClone` unchanged, for any ids. The index is stored on the list under a symbol that both
 * ignore, and is rebuilt if missing. A short list has one only while it is being made: the index of an account of 20
 * events takes a tenth of its memory, and nearly every event of a replay searches the whole list for its new id.
 */
type Index = {
  /** The last use of each id, except external transactions. */
  readonly byId: Map<string, IdUse>;
  /**
   * The last part of each external transaction by the provider's id. Created with the first one, because most accounts
   * have none.
   */
  byTransaction: Map<string, TransactionUse> | undefined;
  /** The list below this one, searched for ids not found here. */
  readonly below: readonly IdUse[] | undefined;
};

/** The number of entries from which a list gets an index. */
const INDEXED_MIN = 33;

/** Holds the index of a list until the index moves to a newer list. */
type Holder = { index: Index | undefined };

/** A registered symbol, so that two copies of this package find each other's index. */
const INDEX = /* @__PURE__ */ Symbol.for('patron-fees/index');

/**
 * A part of an external transaction, and the previous part with the same provider's id, of the same or another method.
 */
type TransactionUse = {
  readonly method: string;
  readonly use: IdUse;
  readonly other: TransactionUse | undefined;
};

/** Separates the method from the provider's id; neither may contain it. */
export const SEPARATOR = '\u0000';

function holderOf(ids: readonly IdUse[]): Holder | undefined {
  return (ids as { readonly [INDEX]?: Holder })[INDEX];
}

/** The list that is being made, with its index; undefined if none is. */
let inTheMaking: { readonly ids: readonly IdUse[]; readonly index: Index } | undefined;

/**
 * Runs a task that fills an empty list, which has an index until the task ends, and keeps it if the list is long. The
 * task may fill other lists in the same way.
 */
export function whileIndexed(ids: readonly IdUse[], fill: () => void): void {
  const outer = inTheMaking;
  const index = emptyIndex(undefined);
  inTheMaking = { ids, index };
  try {
    fill();
  } finally {
    inTheMaking = outer;
    if (ids.length >= INDEXED_MIN) keep(ids, index);
  }
}

/** Returns the index of a list; undefined if it is short and has none. */
function indexOf(ids: readonly IdUse[]): Index | undefined {
  if (inTheMaking?.ids === ids) return inTheMaking.index;
  return holderOf(ids)?.index ?? (ids.length < INDEXED_MIN ? undefined : createIndex(ids));
}

function emptyIndex(below: readonly IdUse[] | undefined): Index {
  return { byId: new Map(), byTransaction: undefined, below };
}

/** Creates the index of a list and stores it on the list, unless the list is frozen. */
function createIndex(ids: readonly IdUse[]): Index {
  const index = emptyIndex(undefined);
  for (const use of ids) add(index, use);
  keep(ids, index);
  return index;
}

function keep(ids: readonly IdUse[], index: Index | undefined): void {
  const holder = holderOf(ids);
  if (holder !== undefined) holder.index = index;
  else if (Object.isExtensible(ids)) Object.defineProperty(ids, INDEX, { value: { index } });
}

function add(index: Index, use: IdUse): void {
  if (use.kind !== 'externalTransaction') {
    index.byId.set(use.id, use);
    return;
  }
  const [method = '', externalTransactionId = ''] = use.id.split(SEPARATOR);
  addTransaction(index, method, externalTransactionId, use);
}

function addTransaction(index: Index, method: string, externalTransactionId: string, use: IdUse): void {
  index.byTransaction ??= new Map();
  const other = index.byTransaction.get(externalTransactionId);
  index.byTransaction.set(externalTransactionId, { method, use, other });
}

/** Finds the use of an id. External transactions are excluded, because they have ids of their own. */
export function idUse(ids: readonly IdUse[], id: string): IdUse | undefined {
  const index = indexOf(ids);
  if (index === undefined) return searched(ids, id);
  const { byId, below } = index;
  const use = byId.get(id);
  return use === undefined && below !== undefined ? idUse(below, id) : use;
}

/** Finds the last use of an id without the index: in a short list, or near the end of a long one. */
function searched(ids: readonly IdUse[], id: string): IdUse | undefined {
  for (let place = ids.length - 1; place >= 0; place--) {
    const use = ids[place] as IdUse;
    if (use.id === id && use.kind !== 'externalTransaction') return use;
  }
  return undefined;
}

/** Returns whether an id is in the list itself, rather than only in a list below it. */
export function hasOwnId(ids: readonly IdUse[], id: string): boolean {
  const index = indexOf(ids);
  return index === undefined ? searched(ids, id) !== undefined : index.byId.has(id);
}

/** Appends a use of an id, which replaces any earlier use. */
export function useId(ids: IdUse[], use: IdUse): void {
  const index = indexOf(ids);
  if (index !== undefined) add(index, use);
  ids.push(use);
}

/**
 * Appends the use of an id unless the id is in use. A single step, because nearly every event of a replay brings a new
 * id, and looking it up first takes as long as adding it.
 *
 * @returns whether it was added
 */
export function useNewId(ids: IdUse[], use: IdUse): boolean {
  const index = indexOf(ids);
  if (index === undefined) {
    if (searched(ids, use.id) !== undefined) return false;
    ids.push(use);
    return true;
  }
  const { byId, below } = index;
  if (below !== undefined && idUse(below, use.id) !== undefined) return false;
  const { size } = byId;
  byId.set(use.id, use);
  if (byId.size > size) {
    ids.push(use);
    return true;
  }
  // Restores the id's earlier use, which is usually one of the last: a command's own id.
  byId.set(use.id, searched(ids, use.id) as IdUse);
  return false;
}

/** Finds the positions of an external transaction's payments, oldest first. Excludes the list below. */
export function externalTransactionPositions(
  ids: readonly IdUse[],
  method: string,
  externalTransactionId: string,
): readonly number[] {
  const index = indexOf(ids);
  if (index === undefined) {
    const id = method + SEPARATOR + externalTransactionId;
    return ids
      .filter((use) => use.kind === 'externalTransaction' && use.id === id)
      .map(({ position }) => position);
  }
  const { byTransaction } = index;
  const positions: number[] = [];
  for (let found = byTransaction?.get(externalTransactionId); found !== undefined; found = found.other) {
    if (found.method === method) positions.push(found.use.position);
  }
  return positions.reverse();
}

/** Appends a part of an external transaction: the payment at a position. */
export function useExternalTransaction(
  ids: IdUse[],
  method: string,
  externalTransactionId: string,
  position: number,
): void {
  const id = method + SEPARATOR + externalTransactionId;
  const use: IdUse = { id, kind: 'externalTransaction', position, digest: null };
  const index = indexOf(ids);
  if (index !== undefined) addTransaction(index, method, externalTransactionId, use);
  ids.push(use);
}

/** Returns an empty list, above a list that is searched for ids not found in it. */
export function idsOnTopOf(below: readonly IdUse[]): IdUse[] {
  const ids: IdUse[] & { [INDEX]?: Holder } = [];
  // An enumerable property: a hidden one takes several times as long to define, and only decisions use this list.
  ids[INDEX] = { index: emptyIndex(below) };
  return ids;
}

/**
 * Returns a frozen copy of a list with more entries at its end. Moves the index to the new list, because the old list
 * is rarely used again; if it is, its index is rebuilt.
 */
export function idsWith(ids: readonly IdUse[], added: readonly IdUse[]): readonly IdUse[] {
  const all = [...ids];
  const index = indexOf(ids);
  if (index !== undefined) {
    keep(all, index);
    keep(ids, undefined);
  }
  for (const use of added) useId(all, use);
  // Once it is frozen, a list cannot get an index.
  indexOf(all);
  for (const use of Object.isFrozen(ids) ? added : all) Object.freeze(use);
  return Object.freeze(all);
}
