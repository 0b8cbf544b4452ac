import type { AccountEvent } from '../../src/index.js';
import { journal } from '../../src/institution/index.js';

/**
 * Returns the postings of the last event of a history, one line each: account, amount in minor units, fee or credit.
 */
export function postingsAfter(...history: readonly AccountEvent[]): readonly string[] {
  const last = [...journal(history)].at(-1);
  return (last?.postings ?? []).map(({ account, amountMinor, rowId }) =>
    [account.join(':'), amountMinor, ...(rowId === null ? [] : [rowId])].join(' '),
  );
}
