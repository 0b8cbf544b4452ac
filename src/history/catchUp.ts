import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { EventStore, StoredAccountEvent } from './eventStore.js';

/** Something that is kept current with the events of all streams: a table, a search index, a report. */
export type Projection = {
  /**
   * Empties it; called before the first events come, and whenever there is no checkpoint. It deletes the checkpoint too,
   * in the same transaction, for another program may have saved one meanwhile.
   */
  readonly reset: () => void | Promise<void>;
  /**
   * Takes in events, in the order of the store.
   *
   * The cursor is the checkpoint behind them. A projection that saves it in the same transaction as what it makes of
   * the events takes in each event exactly once; one that leaves that to {@link Checkpoint.save} may get the last
   * events again after a crash, and must not mind.
   *
   * The previous cursor is the checkpoint before them, undefined for the first events. Where the checkpoint that is kept
   * is another one, somebody else runs the projection too: throw {@link checkpointMoved}, and take in nothing.
   */
  readonly apply: (
    events: readonly StoredAccountEvent[],
    cursor: string,
    previous: string | undefined,
  ) => void | Promise<void>;
};

/** Where it is kept how far a projection got. To rebuild the projection, delete what is kept. */
export type Checkpoint = {
  /** Gives the cursor that was saved last; nothing where there is none. */
  readonly load: () => Promise<string | null | undefined>;
  /**
   * Keeps a cursor in place of the previous one, and throws {@link checkpointMoved} where another one is kept. Does
   * nothing where `apply` keeps it.
   */
  readonly save: (cursor: string, previous: string | undefined) => Promise<void>;
};

/** How far a run got. */
export type Progress = {
  /** How many events this run has taken in. */
  readonly events: number;
  /** The cursor behind the last of them. */
  readonly cursor: string;
};

/** How events are taken from a store, page by page. */
export type PagingOptions = {
  /** How many events to read at a time; 1,000 if left out. */
  readonly pageSize?: number;
  /**
   * Called after every page. To stop, throw: what was taken in stays.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: Progress) => void;
};

const pagingSchema = v.object({ pageSize: v.optional(wholeNumber(1), 1_000) });

/**
 * Brings a projection up to date: goes on from its checkpoint to the last event there is, and comes back. Call it again
 * to take in what is new.
 *
 * Let one program at a time run a projection. A projection that compares the previous cursor with the one that it keeps
 * finds out when two do: then one of them goes on, and the other rejects with `CHECKPOINT_MOVED` and has changed nothing.
 *
 * Without a checkpoint the projection is reset and built from the first event: so it is made, and so it is rebuilt.
 *
 * @param store - where the events are
 * @param projection - what to keep current
 * @param checkpoint - how far it got
 * @param options - the size of pages, and who is told of the progress
 * @returns how many events were new, and the cursor behind the last one
 * @throws whatever the projection throws; it goes on from its checkpoint the next time
 *
 * @example
 * ```ts
 * import { catchUp, checkpointMoved, memoryEventStore } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'p1' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const counts = new Map<string, number>();
 * const projection = {
 *   reset: () => counts.clear(),
 *   apply: (events: readonly { event: { type: string } }[]) => {
 *     for (const { event } of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
 *   },
 * };
 * let saved: string | undefined;
 * const checkpoint = {
 *   load: async () => saved,
 *   save: async (cursor: string, previous: string | undefined) => {
 *     if (saved !== previous) throw checkpointMoved(previous);
 *     saved = cursor;
 *   },
 * };
 *
 * (await catchUp(store, projection, checkpoint)).events; //=> 1
 * counts.get('FeeAssessed'); //=> 1
 * (await catchUp(store, projection, checkpoint)).events; //=> 0
 * ```
 */
export async function catchUp(
  store: EventStore,
  projection: Projection,
  checkpoint: Checkpoint,
  options: PagingOptions = {},
): Promise<Progress> {
  const saved = await checkpoint.load();
  if (saved === null || saved === undefined) await projection.reset();
  let previous = saved ?? undefined;
  return forEachPage(store, previous, options, async (events, cursor) => {
    await projection.apply(events, cursor, previous);
    await checkpoint.save(cursor, previous);
    previous = cursor;
  });
}

/**
 * Makes the error for a checkpoint that is not the one a run of {@link catchUp} goes on from: for projections to throw.
 *
 * @param previous - the cursor that the run goes on from; undefined at its beginning
 * @returns an error `CHECKPOINT_MOVED` with `previous` in `details`
 *
 * @example
 * ```ts
 * import { checkpointMoved } from 'patron-fees/history';
 *
 * checkpointMoved('17').details; //=> { previous: '17' }
 * ```
 */
export function checkpointMoved(previous: string | undefined): PatronFeesError {
  const from = previous === undefined ? 'none yet' : previous;
  return new PatronFeesError(
    'CHECKPOINT_MOVED',
    `the checkpoint is no longer ${from}: another program runs this projection too, and goes on with it`,
    { previous },
  );
}

/** Takes events from a store page by page until there are no more. */
export async function forEachPage(
  store: EventStore,
  after: string | undefined,
  options: PagingOptions,
  take: (events: readonly StoredAccountEvent[], cursor: string) => Promise<void>,
): Promise<Progress> {
  const { pageSize } = checkedArgument(pagingSchema, options, 'options');
  let taken = 0;
  for (let from = after; ; ) {
    const { events, cursor } = await store.readAll({
      ...(from !== undefined && { after: from }),
      limit: pageSize,
    });
    if (events.length === 0) return { events: taken, cursor };
    await take(events, cursor);
    from = cursor;
    taken += events.length;
    options.onProgress?.({ events: taken, cursor });
  }
}
