import type { PostingOptions } from '../books/journal/postingsOf.js';
import { isPurge } from '../history/consecutive.js';
import type { RecordedEvent } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { purgeDifference } from './purgeDifference.js';
import type { ReadSeal } from './sealBook.js';
import { readSealed, type SealedStores, type SealedStream, unreadableAt } from './sealedStreams.js';
import { postedEntries, type sealedSums } from './sealedSums.js';
import { LEAF_CHARACTERS, type SealLine } from './sealFile.js';
import type { Difference } from './sealFinding.js';
import { NEWEST_RULE } from './sealRule.js';
import { streamComparison } from './streamComparison.js';

/** What is sealed, and how its journal is summed. */
export type Sealing = PostingOptions & {
  readonly cutoff: string;
  /** The month that begins at the cutoff, `YYYY-MM`. */
  readonly month: string;
};

/** A stream that was read for a seal. */
type SealedLine = {
  /**
   * Returns its line; with `isAnew`, with the leaves of all events. Null for a stream without events before the cutoff.
   */
  readonly line: ((isAnew: boolean) => SealLine) | null;
  /** The number of sealed events. */
  readonly events: number;
  /** How it differs from the seals before. */
  readonly differences: readonly Difference[];
};

/** Reads a stream, compares it with the seals before, sums its journal before the cutoff, and makes its line. */
export async function sealedLine(
  stores: SealedStores,
  one: SealedStream,
  read: readonly ReadSeal[],
  { cutoff, month, ...postings }: Sealing,
  tally: ReturnType<typeof sealedSums>,
): Promise<SealedLine> {
  const { kind, stream, seals } = one;
  const comparison = streamComparison(kind, stream, seals, NEWEST_RULE);
  const sealed = { version: 0, digest: '', open: true };
  const leaves: string[] = [];
  const differences: Difference[] = [];
  let isOver = false;
  try {
    const events = await readSealed(stores, stream, (recorded) => {
      const leaf = comparison.add(recorded);
      // A purge counts at once: what it removed can never be sealed again.
      isOver ||= !isPurge(recorded.event) && compareInstants(recorded.recordedAt, cutoff) >= 0;
      if (isOver) return;
      leaves.push(leaf.slice(0, LEAF_CHARACTERS));
      sealed.version = recorded.version;
      sealed.digest = comparison.digest(NEWEST_RULE);
    });
    differences.push(...comparison.differences());
    const purge = comparison.purgeToCheck();
    const wrong = purge && (await purgeDifference(stores.office, one, read, purge.version));
    if (wrong) differences.push(wrong);
    sealed.open = sum(events.slice(0, leaves.length));
  } catch (error) {
    differences.push(await unreadableAt(stores, stream, error));
  }
  /** Sums what was posted before the cutoff, and returns whether something of the account is open. */
  function sum(events: readonly RecordedEvent<unknown>[]): boolean {
    const entries = postedEntries(stream, events, postings);
    for (;;) {
      const { done, value } = entries.next();
      if (done === true) return value;
      if (value.month === undefined || value.month < month) tally.add(0, value);
    }
  }
  const line = (isAnew: boolean): SealLine => {
    const before = isAnew ? 0 : (seals.at(-1)?.line?.version ?? 0);
    const since = leaves.slice(Math.max(0, leaves.length - (sealed.version - before)));
    const { id } = JSON.parse(`${one.key}}`) as { readonly id: string };
    return { kind, id, ...sealed, leaves: since.join('') };
  };
  const isUnreadable = comparison.isEmpty() && differences.some(({ code }) => code !== 'ACCOUNT_MISSING');
  return { line: leaves.length === 0 && !isUnreadable ? null : line, events: leaves.length, differences };
}
