import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { assertStore, type EventStore, type StoredAccountEvent } from './eventStore.js';
import { type ParkingOptions, parkingFields } from './parkedAccounts.js';
import type { Checkpoint, Projection } from './projection.js';
import { applyWaiting, projectionRun } from './projectionRun.js';

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

/** How {@link catchUp} runs. */
export type CatchUpOptions = PagingOptions & ParkingOptions;

const catchUpSchema = v.object({ ...pagingSchema.entries, ...parkingFields });

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
 * @param options - the page size, what to do about an event that cannot be read or applied, and callbacks
 * @returns the number of new events, and the cursor after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the
 * store, the projection and the checkpoint. The next call continues from the checkpoint
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
  options: CatchUpOptions = {},
): Promise<Progress> {
  assertStore(store, 'readAll');
  assertMethods(projection, ['apply'], 'projection', 'a projection');
  assertMethods(checkpoint, ['load', 'save'], 'checkpoint', 'a checkpoint');
  const { pageSize, ...parking } = checkedArgument(catchUpSchema, options, 'options');
  const run = projectionRun({ ...(parking as ParkingOptions), projection, checkpoint, pageSize });
  let events = 0;
  const { cursor, failures } = await applyWaiting(store, [run], {
    afterPage: (page, size) => {
      events += size;
      options.onProgress?.({ events, cursor: page.cursor });
    },
  });
  if (failures.has(run)) throw failures.get(run);
  return { events, cursor };
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
