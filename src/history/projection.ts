import { PatronFeesError } from '../errors.js';
import type { StoredAccountEvent } from './eventStore.js';
import type { ParkedAccount } from './parkedAccounts.js';

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
   * `cursor` is the checkpoint after these events: a text to store unchanged, which also lists the accounts that are
   * parked. A projection that saves it in the same transaction as its own
   * changes applies each event exactly once. A projection that leaves saving to {@link Checkpoint.save} may get the
   * last events again after a crash, and must be idempotent.
   *
   * `previous` is the checkpoint before these events, undefined for the first ones. If the saved checkpoint differs
   * from it, another program runs the projection too: throw {@link checkpointMoved}, and apply nothing.
   *
   * `parked` are the accounts that were parked with this page, or have further events in it, which are not applied
   * (`onBadEvent: 'park'`): mark what the projection shows of them as incomplete. Then `events` may be empty.
   */
  readonly apply: (
    events: readonly StoredAccountEvent[],
    cursor: string,
    previous: string | undefined,
    parked: readonly ParkedAccount[],
  ) => void | Promise<void>;
  /**
   * Called whenever no more events are waiting, for example to allow queries, with the checkpoint after the last event;
   * undefined if the store is empty. If the saved checkpoint differs from it, another program has reset the projection
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
