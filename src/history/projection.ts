import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import type { Clock } from '../input/clock.js';
import { isOutage, isUnreadable } from './consecutive.js';
import { type RecordedEvent, type StoredAccountEvent, type StreamId, streamKey } from './eventStore.js';

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

// The accounts that a projection does not follow for now. They are part of its checkpoint, so that both move together.

/** An account with an event that could not be read or applied: it waits, with all later events of the account. */
export type ParkedAccount = StreamId & {
  /** The version of the first event that was not applied. */
  readonly version: number;
  /** The version of the last event that waits. */
  readonly lastVersion: number;
  /** When that event was recorded, ISO 8601 with a zone. */
  readonly lastRecordedAt: string;
  /** When the account was parked, ISO 8601 in UTC. */
  readonly since: string;
  /** Why the first event could not be read or applied. */
  readonly reason: ParkingReason;
};

/** What a run does about an event that cannot be read or applied. */
export type ParkingOptions = {
  /**
   * What to do about an event that cannot be read or applied: end with its error, or park its account and go on with
   * the others. A projection parks at most 1,000 accounts; then it ends, too.
   *
   * @defaultValue `end`
   */
  readonly onBadEvent?: 'end' | 'park';
  /**
   * Called after an account was parked, with the error. Its message may contain data of the patron.
   *
   * @defaultValue no callback; {@link parked} lists the accounts
   */
  readonly onParked?: (account: ParkedAccount, error: unknown) => void;
  /**
   * Returns the time at which an account is parked, and at which a runner tries it again.
   *
   * @defaultValue the machine's clock
   */
  readonly now?: Clock;
};

/** The schema of {@link ParkingOptions}. */
export const parkingFields = {
  onBadEvent: v.optional(v.picklist(['end', 'park'], "'end' or 'park'"), 'end'),
  onParked: v.optional(v.function('a function')),
  now: v.optional(v.function('a function that returns the time')),
};

/** Why an account was parked, without data of the patron. */
export type ParkingReason = {
  /**
   * The code of the error: `INVALID_EVENT`, `CORRUPT_HISTORY`, or that of an error of `apply`, such as `23505` of
   * PostgreSQL; of an error without a code its name, such as `TypeError`.
   */
  readonly code: string;
  /** A sentence for staff. That of an error of `apply` is not its message, which may contain data of the patron. */
  readonly text: string;
};

/** How far a projection has come: what its checkpoint says. */
export type Position = {
  /** The cursor of the store after the last event that was applied or waits; undefined before the first one. */
  readonly cursor: string | undefined;
  /** The accounts that are parked, by {@link streamKey}. */
  readonly parked: ReadonlyMap<string, ParkedAccount>;
  /** The number of shards of the projection; undefined for one without shards. */
  readonly shards: number | undefined;
};

/** The beginning of a checkpoint with parked accounts; without it there is a cursor of the store. */
const PREFIX = 'parked:';

/** What comes before both in a checkpoint of a shard, see {@link Position.shards}. */
const OF_SHARDS = /^of(\d+):/;

const schema = v.strictObject({
  cursor: v.string(),
  parked: v.array(
    v.strictObject({
      institution: v.string(),
      patronId: v.string(),
      version: v.number(),
      lastVersion: v.number(),
      lastRecordedAt: v.string(),
      since: v.string(),
      reason: v.strictObject({ code: v.string(), text: v.string() }),
    }),
  ),
});

/** Writes a position as the text of a checkpoint. */
export function checkpointText(
  cursor: string,
  parked: ReadonlyMap<string, ParkedAccount>,
  shards: number | undefined,
): string {
  const before = shards === undefined ? '' : `of${shards}:`;
  if (parked.size === 0) return before + cursor;
  return before + PREFIX + JSON.stringify({ cursor, parked: [...parked.values()] });
}

/**
 * Reads the text of a checkpoint.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a later release has written it
 */
export function positionIn(text: string | null | undefined): Position {
  const [before, number] = OF_SHARDS.exec(text ?? '') ?? [''];
  const shards = number === undefined ? undefined : Number(number);
  const rest = text?.slice(before.length);
  if (!rest?.startsWith(PREFIX)) return { cursor: rest, parked: new Map(), shards };
  let read: v.InferOutput<typeof schema>;
  try {
    read = v.parse(schema, JSON.parse(rest.slice(PREFIX.length)));
  } catch {
    throw new PatronFeesError('INVALID_ARGUMENT', 'checkpoint: expected one that this release has written');
  }
  return { cursor: read.cursor, parked: new Map(read.parked.map((one) => [streamKey(one), one])), shards };
}

/**
 * Reads the text of a checkpoint of a projection in a number of shards; undefined for one without shards. Another
 * number divides the accounts in another way: events that one shard has applied would be applied by another one again.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it is of another number of shards
 */
export function positionOf(text: string | undefined, expected: number | undefined): Position {
  const position = positionIn(text);
  const found = position.shards;
  if (text === undefined || found === expected) return position;
  const named = (shards: number | undefined) => (shards === undefined ? 'no shards' : `${shards} shards`);
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `checkpoint: it is of ${named(found)}, and this process has ${named(expected)}: another number needs a new projection`,
    { expected, found },
  );
}

/** Returns an account that is parked from an event on. */
export function parkedFrom(
  { institution, patronId, version, recordedAt }: StreamId & Pick<RecordedEvent, 'version' | 'recordedAt'>,
  error: unknown,
  since: string,
): ParkedAccount {
  const reason = reasonOf(error);
  // Events before it may be missing: they wait, too. With a fault of the account, what is expected may be an amount.
  const isOfVersions = isPatronFeesError(error, 'CORRUPT_HISTORY') && error.details.fault === undefined;
  const expected = isOfVersions ? Number(error.details.expected) : Number.NaN;
  return {
    institution,
    patronId,
    version: expected < version ? expected : version,
    lastVersion: version,
    lastRecordedAt: recordedAt,
    since,
    reason,
  };
}

/** Describes an error without data of the patron. */
export function reasonOf(error: unknown): ParkingReason {
  if (isUnreadable(error)) {
    const { code, details, message } = error;
    // The figures in the message may be the patron's.
    const text =
      details.fault === undefined ? message : `an event does not fit the account: ${details.fault}`;
    return { code, text };
  }
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  const shown = [code, name].find((text) => typeof text === 'string' && /^[\w.-]{1,60}$/.test(text));
  return { code: String(shown ?? 'Error'), text: 'apply threw an error' };
}

const OF_ALL = new Set(['CHECKPOINT_MOVED', 'CURSOR_UNKNOWN', 'STORE_CLOSED', 'STORE_UNAVAILABLE']);

/**
 * Codes of systems: `ECONNRESET` and the like, a busy or broken SQLite database, and of PostgreSQL lost connections,
 * rolled back transactions, missing resources, a server that shuts down.
 */
const OF_SYSTEM =
  /^(E[A-Z]{3,}|SQLITE_(BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|INTERRUPT)\w*|(08|25|40|53|55|57|58|XX)[0-9A-Z]{3})$/;

/** Returns whether an error is that of a store, or concerns a database as a whole: no account is to be parked for it. */
export function concernsAllAccounts(error: unknown): boolean {
  if (isOutage(error)) return true;
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && (OF_ALL.has(code) || OF_SYSTEM.test(code))) return true;
  return cause !== undefined && cause !== error && concernsAllAccounts(cause);
}
