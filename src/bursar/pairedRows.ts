/** A row of a file beside the transfer of its reference, in minor units; null without one. */
type Pair<Row> = {
  readonly reference: string;
  readonly row: Row | null;
  readonly inEvents: bigint | null;
  /** Whether an earlier row has the reference too. */
  readonly isRepeated: boolean;
};

/**
 * Compares the rows of an export's file with the transfers of the events: pairs them by reference, rows first, then
 * transfers without a row.
 *
 * @param transfers - the signed amount of each transfer by its reference
 */
export function pairedRows<Row extends { readonly reference: string }>(
  rows: Iterable<Row>,
  transfers: ReadonlyMap<string, bigint>,
): readonly Pair<Row>[] {
  const seen = new Set<string>();
  const pairs: Pair<Row>[] = [];
  for (const row of rows) {
    const { reference } = row;
    pairs.push({
      reference,
      row,
      inEvents: transfers.get(reference) ?? null,
      isRepeated: seen.has(reference),
    });
    seen.add(reference);
  }
  for (const [reference, inEvents] of transfers) {
    if (!seen.has(reference)) pairs.push({ reference, row: null, inEvents, isRepeated: false });
  }
  return pairs;
}
