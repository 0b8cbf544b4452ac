/** The ids of a transaction. */
export type TransactionIds = {
  /** The provider's id of the transaction. */
  readonly externalTransactionId: string;
  /** Other ids of it; left out if none is known. */
  readonly otherIds?: readonly string[];
};

/** Returns the ids of a capture or of a return. */
export function idsOf({ externalTransactionId, otherIds }: TransactionIds): TransactionIds {
  return { externalTransactionId, ...(otherIds && { otherIds }) };
}

/**
 * Returns the transaction that some ids name: the one of this id, else one whose id is among the others, else one that has
 * this id among its others. Two that only have another id in common are not the same.
 */
export function transactionNamed<One extends TransactionIds>(
  all: readonly One[],
  { externalTransactionId: id, otherIds = [] }: TransactionIds,
): One | undefined {
  return (
    all.find((one) => one.externalTransactionId === id) ??
    all.find((one) => otherIds.includes(one.externalTransactionId)) ??
    all.find((one) => one.otherIds?.includes(id))
  );
}

/** Whether one of two transactions is named by the other. */
export function isSameTransaction(one: TransactionIds, other: TransactionIds): boolean {
  return transactionNamed([one], other) !== undefined;
}
