import { type PlainFeeSystem, plainFeeSystem, sumOf } from '../rightSystems/plainFeeSystem.js';

/**
 * FOLIO spreads a bulk payment evenly, and fails on some totals that are within what is owed: with fewer cents than
 * charges, and where the smallest charges equal the even share, such as 15.02 over 5.00, 5.00 and 5.02.
 *
 * Source: folio-org/mod-feesfines 68e556d8, `utils/amountsplitter/SplitEvenlyRecursively.java`.
 */
export function folioBulkSplit(): PlainFeeSystem {
  return plainFeeSystem({ split: splitAsFolio });
}

/** The even share goes to each charge that has room for it, smallest first; then at most one more cent to each. */
export function splitAsFolio(total: number, owed: readonly number[]): readonly number[] {
  const shares = owed.map(() => 0);
  const ascending = owed.map((_, index) => index).sort((a, b) => (owed[a] ?? 0) - (owed[b] ?? 0));
  let rest = total;
  let even = Math.floor(total / owed.length);
  for (const [rank, index] of ascending.entries()) {
    const room = owed[index] ?? 0;
    const share = Math.min(room, even);
    shares[index] = share;
    rest -= share;
    // The even share is computed again only where a charge was too small for it.
    if (room < even) even = Math.floor(rest / (owed.length - rank - 1));
  }
  // What got nothing was not recorded, and so gets no spare cent either.
  for (const [index, room] of owed.entries()) {
    if (rest === 0 || shares[index] === 0 || shares[index] === room) continue;
    shares[index] = (shares[index] ?? 0) + 1;
    rest -= 1;
  }
  if (sumOf(shares) !== total) throw new Error('Failed to split requested amount correctly');
  return shares;
}
