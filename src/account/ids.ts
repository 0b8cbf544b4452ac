/** What an id in an account names. `other` names nothing that later events speak of; `command` only a command. */
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
  | 'other'
  | 'command';

/** What an id is used for. */
export type IdUse = {
  /** The id; of an external transaction, its method and its id together. */
  readonly id: string;
  /** What it names. */
  readonly kind: IdKind;
  /** Where that stands in the list of its kind; a dispute's fee, an external transaction's payment; else 0. */
  readonly position: number;
  /** The digest of the command with this id, or null when no command is known for it. */
  readonly digest: string | null;
};

/**
 * What finds an id in a list without going through it. The list is what the account keeps, since it comes through JSON
 * and `structuredClone` the same, whatever the ids look like. This stands beside it, under a key that both overlook,
 * and is made anew where it is missing.
 */
type Index = {
  /** The last use of each id, external transactions apart. */
  readonly byId: Map<string, IdUse>;
  /** The last part of external transactions by the provider's id. Made with the first of them: most accounts have none. */
  byTransaction: Map<string, TransactionUse> | undefined;
  /** A list that this one lies on top of: what is not found here is looked for there. */
  readonly below: readonly IdUse[] | undefined;
};

/** Holds the index of a list, until another list takes it along. */
type Holder = { index: Index | undefined };

/** Registered, so that two copies of this package find each other's index. */
const INDEX = /* @__PURE__ */ Symbol.for('patron-fees/index');

/** A part of an external transaction, and the one before it with the same id: of this method or of another. */
type TransactionUse = {
  readonly method: string;
  readonly use: IdUse;
  readonly other: TransactionUse | undefined;
};

/** Stands between a method and an id that a provider gave; neither may have it. */
export const SEPARATOR = '\u0000';

function holderOf(ids: readonly IdUse[]): Holder | undefined {
  return (ids as { readonly [INDEX]?: Holder })[INDEX];
}

function indexOf(ids: readonly IdUse[]): Index {
  return holderOf(ids)?.index ?? madeIndex(ids);
}

/** Makes the index of a list. The list keeps it, unless somebody froze it before it had one. */
function madeIndex(ids: readonly IdUse[]): Index {
  const index: Index = { byId: new Map(), byTransaction: undefined, below: undefined };
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

/** Finds what an id is used for; external transactions apart, which have ids of their own. */
export function idUse(ids: readonly IdUse[], id: string): IdUse | undefined {
  const { byId, below } = indexOf(ids);
  const use = byId.get(id);
  return use === undefined && below !== undefined ? idUse(below, id) : use;
}

/** Tells whether an id is in the list itself, and not only in one that it lies on top of. */
export function hasOwnId(ids: readonly IdUse[], id: string): boolean {
  return indexOf(ids).byId.has(id);
}

/** Adds a use of an id at the end. From then on, that is what the id is used for. */
export function useId(ids: IdUse[], use: IdUse): void {
  add(indexOf(ids), use);
  ids.push(use);
}

/**
 * Adds the use of an id at the end, unless the id is used already. In one step, since nearly every event of a replay
 * brings a new id, and to look for it first takes as long as to add it.
 *
 * @returns whether it was added
 */
export function useNewId(ids: IdUse[], use: IdUse): boolean {
  const { byId, below } = indexOf(ids);
  if (below !== undefined && idUse(below, use.id) !== undefined) return false;
  const { size } = byId;
  byId.set(use.id, use);
  if (byId.size > size) {
    ids.push(use);
    return true;
  }
  // Gives the id back to its earlier use.
  for (const earlier of ids) if (earlier.id === use.id) byId.set(use.id, earlier);
  return false;
}

/** Finds the payments of an external transaction by their positions, oldest first; the list below left out. */
export function externalTransactionPositions(
  ids: readonly IdUse[],
  method: string,
  externalTransactionId: string,
): readonly number[] {
  const { byTransaction } = indexOf(ids);
  const positions: number[] = [];
  for (let found = byTransaction?.get(externalTransactionId); found !== undefined; found = found.other) {
    if (found.method === method) positions.push(found.use.position);
  }
  return positions.reverse();
}

/** Adds a part of an external transaction at the end: the payment at a position. */
export function useExternalTransaction(
  ids: IdUse[],
  method: string,
  externalTransactionId: string,
  position: number,
): void {
  const id = method + SEPARATOR + externalTransactionId;
  const use: IdUse = { id, kind: 'externalTransaction', position, digest: null };
  addTransaction(indexOf(ids), method, externalTransactionId, use);
  ids.push(use);
}

/** An empty list on top of another. */
export function idsOnTopOf(below: readonly IdUse[]): IdUse[] {
  const ids: IdUse[] = [];
  keep(ids, { byId: new Map(), byTransaction: undefined, below });
  return ids;
}

/**
 * A frozen list with more at its end. It takes the index along, since the list before it will hardly be asked again;
 * if it is, it makes itself a new one.
 */
export function idsWith(ids: readonly IdUse[], added: readonly IdUse[]): readonly IdUse[] {
  const all = [...ids];
  keep(all, indexOf(ids));
  keep(ids, undefined);
  for (const use of added) useId(all, use);
  for (const use of Object.isFrozen(ids) ? added : all) Object.freeze(use);
  return Object.freeze(all);
}
