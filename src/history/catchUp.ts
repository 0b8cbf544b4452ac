import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { assertStore, type EventStore, type StoredAccountEvent } from './eventStore.js';

/** A read model that follows the events of all streams: a table, a search index, a report. */
export type Projection = {
  /**
   * Empties the projection; called before the first events, and whenever there is no checkpoint. It must delete the
   * checkpoint too, in the same transaction, because another program may have saved one meanwhile.
   */
  readonly reset: () => void | Promise<void>;
  /**
   * Applies a page of events, in the order of the store.
   *
   * `cursor` is the checkpoint after these events. A projection that saves it in the same transaction as its own
   * changes applies each event exactly once. A projection that leaves saving to {@link Checkpoint.save} may get the
   * last events again after a crash, and must be idempotent.
   *
   * `previous` is the checkpoint before these events, undefined for the first ones. If the saved checkpoint differs
   * from it, another program runs the projection too: throw {@link checkpointMoved}, and apply nothing.
   */
  readonly apply: (
    events: readonly StoredAccountEvent[],
    cursor: string,
    previous: string | undefined,
  ) => void | Promise<void>;
  /**
   * Called whenever no more events are waiting, for example to allow queries, with the checkpoint after the last event;
   * undefined if there are none. If the saved checkpoint differs from it, another program has reset the projection
   * meanwhile: throw {@link checkpointMoved}, and allow nothing.
   *
   * @defaultValue nothing is called
   */
  readonly caughtUp?: (cursor: string | undefined) => void | Promise<void>;
};

/** The storage of a projection's checkpoint. To rebuild the projection, delete the checkpoint. */
export type Checkpoint = {
  /** Returns the cursor that was saved last; null or undefined before the first one. */
  readonly load: () => Promise<string | null | undefined>;
  /**
   * Replaces the previous cursor, and throws {@link checkpointMoved} if a different one is saved. Does nothing if
   * `apply` saves the cursor.
   */
  readonly save: (cursor: string, previous: string | undefined) => Promise<void>;
};

/** The progress of a run. */
export type Progress = {
  /** The number of events that this run has read. */
  readonly events: number;
  /** The cursor after the last of them. */
  readonly cursor: string;
};

/** How events are read from a store, page by page. */
export type PagingOptions = {
  /** The number of events of a page; 1,000 if left out. */
  readonly pageSize?: number;
  /**
   * Called after every page. To stop, throw: pages that were applied stay applied.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: Progress) => void;
};

const pagingSchema = v.object({ pageSize: v.optional(wholeNumber(1), 1_000) });

/**
 * Brings a projection up to date: applies the events from its checkpoint to the last event of the store, and returns.
 * Call it again to apply newer events.
 *
 * Let one program at a time run a projection. A projection that compares the previous cursor with the saved one detects
 * a second program: then one of them continues, and the other rejects with `CHECKPOINT_MOVED` and changes nothing.
 *
 * Without a checkpoint the projection is reset and built from the first event.
 *
 * @param store - the event store
 * @param projection - the projection to update
 * @param checkpoint - the storage of its checkpoint
 * @param options - the page size, and a progress callback
 * @returns the number of new events, and the cursor after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the store, the
 * projection and the checkpoint. The next call continues from the checkpoint
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
  assertStore(store, 'readAll');
  assertMethods(projection, ['apply'], 'projection', 'a projection');
  assertMethods(checkpoint, ['load', 'save'], 'checkpoint', 'a checkpoint');
  const saved = await checkpoint.load();
  if (saved === null || saved === undefined) await projection.reset();
  let previous = saved ?? undefined;
  const progress = await forEachPage(store, previous, options, async (events, cursor) => {
    await projection.apply(events, cursor, previous);
    await checkpoint.save(cursor, previous);
    previous = cursor;
  });
  await projection.caughtUp?.(previous);
  return progress;
}

/**
 * Creates the error that a projection throws if its saved checkpoint is not the one that {@link catchUp} continues
 * from.
 *
 * @param previous - the cursor that the run continues from; undefined before the first event
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
    `the checkpoint is no longer ${from}: another program runs this projection too, and continues it`,
    { previous },
  );
}

/** Reads the events of a store page by page, and passes each page on, until there are no more. */
export async function forEachPage(
  store: EventStore,
  after: string | undefined,
  options: PagingOptions,
  handlePage: (events: readonly StoredAccountEvent[], cursor: string) => Promise<void>,
): Promise<Progress> {
  const { pageSize } = checkedArgument(pagingSchema, options, 'options');
  let count = 0;
  for (let from = after; ; ) {
    const { events, cursor } = await store.readAll({
      ...(from !== undefined && { after: from }),
      limit: pageSize,
    });
    if (events.length === 0) return { events: count, cursor };
    await handlePage(events, cursor);
    from = cursor;
    count += events.length;
    options.onProgress?.({ events: count, cursor });
  }
}
