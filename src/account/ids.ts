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
  | 'other'
  | 'command';

/** What an id is used for. */
export type IdUse = {
  /** The id; of an external transaction, the key that {@link externalTransactionKey} makes. */
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
  /** Where the last use of each id stands. */
  positions: Map<string, number> | undefined;
  /** A list that this one lies on top of: what is not found here is looked for there. */
  readonly below: readonly IdUse[] | undefined;
};

/** Registered, so that two copies of this package find each other's index. */
const INDEX = /* @__PURE__ */ Symbol.for('patron-fees/index');

type Indexed = readonly IdUse[] & { readonly [INDEX]?: Index };

function indexOf(ids: readonly IdUse[]): Index {
  return (ids as Indexed)[INDEX] ?? addIndex(ids, { positions: undefined, below: undefined });
}

/** Adds an index to a list, unless somebody froze the list before it had one. */
function addIndex(ids: readonly IdUse[], index: Index): Index {
  if (Object.isExtensible(ids)) Object.defineProperty(ids, INDEX, { value: index });
  return index;
}

function positionsIn(ids: readonly IdUse[], index: Index): Map<string, number> {
  if (index.positions === undefined) {
    index.positions = new Map<string, number>();
    for (let position = 0; position < ids.length; position++) {
      index.positions.set((ids[position] as IdUse).id, position);
    }
  }
  return index.positions;
}

/** Finds what an id is used for. */
export function idUse(ids: readonly IdUse[], id: string): IdUse | undefined {
  const index = indexOf(ids);
  const position = positionsIn(ids, index).get(id);
  if (position !== undefined) return ids[position];
  return index.below === undefined ? undefined : idUse(index.below, id);
}

/** Tells whether an id is in the list itself, and not only in one that it lies on top of. */
export function hasOwnId(ids: readonly IdUse[], id: string): boolean {
  return positionsIn(ids, indexOf(ids)).has(id);
}

/** Adds a use of an id at the end. From then on, that is what the id is used for. */
export function useId(ids: IdUse[], use: IdUse): void {
  positionsIn(ids, indexOf(ids)).set(use.id, ids.push(use) - 1);
}

/** An empty list on top of another. */
export function idsOnTopOf(below: readonly IdUse[]): IdUse[] {
  const ids: IdUse[] = [];
  addIndex(ids, { positions: new Map(), below });
  return ids;
}

/**
 * A frozen list with more at its end. It takes the index along, since the list before it will hardly be asked again;
 * if it is, it makes itself a new one.
 */
export function idsWith(ids: readonly IdUse[], added: readonly IdUse[]): readonly IdUse[] {
  const { positions } = indexOf(ids);
  const all = ids.slice();
  addIndex(all, { positions, below: undefined });
  indexOf(ids).positions = undefined;
  for (const use of added) useId(all, use);
  for (const use of Object.isFrozen(ids) ? added : all) Object.freeze(use);
  return Object.freeze(all);
}

/** The key of a payment's external transaction; neither codes nor ids have U+0000, so no two pairs share a key. */
export function externalTransactionKey(
  method: string,
  externalTransactionId: string | undefined,
): string | null {
  return externalTransactionId === undefined ? null : `${method}\u0000${externalTransactionId}`;
}
