/** What an id in an account names. `other` names nothing that later events speak of; `command` only a command. */
export type IdKind =
  | 'fee'
  | 'credit'
  | 'payment'
  | 'waiver'
  | 'transfer'
  | 'dispute'
  | 'application'
  | 'refund'
  | 'other'
  | 'command';

/** What an id is used for. */
export type IdUse = {
  /** What it names. */
  readonly kind: IdKind;
  /** Where that stands in the list of its kind; for a dispute, where its fee stands; 0 if it is in no list. */
  readonly position: number;
  /** The digest of the command with this id, or null when no command is known for it. */
  readonly digest: string | null;
};

/** All ids of an account, in one namespace. */
export type IdIndex = Readonly<Record<string, IdUse>>;

/**
 * Finds what an id is used for. Safe for ids such as `"constructor"`, also in an index that lost its null prototype on
 * the way through JSON or `structuredClone`.
 */
export function idUse(ids: IdIndex, id: string): IdUse | undefined {
  const use = ids[id];
  return use !== undefined && typeof use.position === 'number' ? use : undefined;
}

/** A record that any string can be a key of, `"__proto__"` too; filled from another one. */
export function safeRecord<Value>(from: Readonly<Record<string, Value>> = {}): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, from);
}

/** Tells whether a record can be written to under any key. */
export function isSafeRecord(record: object): boolean {
  return Object.getPrototypeOf(record) === null;
}

/** The key of a payment's external transaction; neither codes nor ids have U+0000, so no two pairs share a key. */
export function externalTransactionKey(
  method: string,
  externalTransactionId: string | undefined,
): string | null {
  return externalTransactionId === undefined ? null : `${method}\u0000${externalTransactionId}`;
}
