/**
 * Splits as FOLIO's `SplitEvenlyRecursively.java` does, defects included.
 *
 * @param order - the indexes of the balances in the order of FOLIO's hashing: the first that has room gets the first
 *   spare cent
 * @returns a share per balance, `undefined` if FOLIO records none; or `undefined` if it answers with a server error
 */
export function folioSplit(
  total: number,
  balances: readonly number[],
  order: readonly number[] = [...balances.keys()],
): (number | undefined)[] | undefined {
  const ascending = balances
    .map((_, index) => index)
    .sort((a, b) => at(balances, a) - at(balances, b) || a - b);
  const shares: (number | undefined)[] = balances.map(() => undefined);
  let rest = total;
  let even = Math.floor(total / balances.length);
  for (const [rank, index] of ascending.entries()) {
    const balance = at(balances, index);
    const share = Math.min(balance, even);
    if (share > 0) shares[index] = share;
    rest -= share;
    const left = balances.length - rank - 1;
    if (balance < even && left > 0) even = Math.floor(rest / left);
  }
  for (const index of order) {
    if (rest === 0) break;
    const share = shares[index];
    if (share === undefined || share >= at(balances, index)) continue;
    shares[index] = share + 1;
    rest--;
  }
  return rest === 0 ? shares : undefined;
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] as number;
}
