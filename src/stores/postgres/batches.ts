// Several appends, or reads of streams, in one statement: the concurrent calls of a store share a round trip and a
// commit.
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { StreamAdapter } from '../../history/checkedStore.js';
import type { EventCodec } from '../../history/codec.js';
import { type Appended, type StreamId, type StreamSlice, streamKey } from '../../history/eventStore.js';
import { type AppendCall, appendCalls, type GatheredStreams } from '../appendCalls.js';
import { batchesOf, batchQueue, CALLS_MAX, type OnBatch } from '../batchQueue.js';
import { type Appending, applyInline, storedEventsOf, VERSION_MAX } from './appendTo.js';
import { errorCodeOf, type PostgresRow } from './queryable.js';
import { sliceFrom } from './readEvents.js';
import type { Session } from './session.js';
import { appendBatchStatement, READ_BATCH, streamOf } from './statements.js';

/** A read that waits for its batch: of a whole stream, or of the events after a version. */
type ReadCall = {
  readonly stream: StreamId;
  readonly after: number;
};

/**
 * Returns the operations on single streams for concurrent callers, whose calls share statements.
 *
 * @param single - runs a call by itself
 * @param session - runs batches; it does not retry them, because their parts are then run by themselves
 * @param longestMs - returns how long the user lets an append wait for a lock, in milliseconds
 */
export function gatheredStreams(
  single: StreamAdapter,
  session: Session,
  appending: Appending,
  codec: EventCodec<AccountEvent>,
  longestMs: () => Promise<number>,
  onBatch?: OnBatch,
): GatheredStreams {
  const one = async ({ stream, texts, how }: AppendCall) => single.append(stream, texts, how);
  const { many, lockOf } = appendManyIn(session, appending);
  const appends = batchQueue({
    ...appendCalls,
    ...batchesOf('append', onBatch),
    one,
    many,
    again: whileLocked({ one, many, lockOf, longestMs }),
    overlaps: true,
  });
  const reads = batchQueue<ReadCall, StreamSlice>({
    ...batchesOf('read', onBatch),
    one: ({ stream, after }) => single.read(stream, { after }),
    many: readManyIn(session, codec),
    overlaps: true,
  });
  return {
    append: (stream, texts, how) => appends.run({ stream, texts, how }),
    read: (stream, { after, limit }) =>
      limit === undefined ? reads.run({ stream, after }) : single.read(stream, { after, limit }),
    concurrency: CALLS_MAX,
    settle: async () => {
      await Promise.all([appends.settle(), reads.settle()]);
    },
  };
}

/**
 * Returns what appends to several streams, once each, in one transaction. An append that it did not store
 * is to be run by itself: another writer has appended to the stream, or is about to, or the transaction was rolled
 * back.
 */
function appendManyIn(session: Session, { inline, parts, notify }: Appending) {
  const statement = appendBatchStatement({ returnsTime: inline.length > 0, notifies: notify });
  /** The errors of calls in batches that met a lock. */
  const locks = new WeakMap<AppendCall, unknown>();
  const many = async (calls: readonly AppendCall[]): Promise<readonly (Appended | undefined)[]> => {
    const own = parts(calls[0]?.how ?? {});
    const values = [JSON.stringify(calls.filter(({ how }) => parts(how) === own).flatMap(givenEvents)), own];
    const places = new Map(calls.map(({ stream }, place) => [streamKey(stream), place]));
    let isOfProjection = false;
    const append = async () => {
      if (inline.length === 0) return session.rows(statement, values);
      return session.atomically(async ({ database, rows: rowsOf }) => {
        const rows = await rowsOf(statement, values);
        const last = new Map(rows.map((row) => [streamKey(streamOf(row)), row]));
        const appends = [...last].map(([key, row]) => {
          const { stream, texts } = calls[Number(places.get(key))] as AppendCall;
          return storedEventsOf(stream, texts, [row]);
        });
        try {
          await applyInline(inline, appends, database);
        } catch (error) {
          isOfProjection = true;
          throw error;
        }
        return rows;
      });
    };
    const results: (Appended | undefined)[] = calls.map(() => undefined);
    try {
      for (const row of await append())
        results[Number(places.get(streamKey(streamOf(row))))] = { version: Number(row.version) };
    } catch (error) {
      if (!isOfProjection && !isRolledBack(error)) throw error;
      if (errorCodeOf(error) === LOCK_NOT_AVAILABLE) for (const call of calls) locks.set(call, error);
    }
    return results;
  };
  return {
    many,
    /** Returns the error of the lock that a call met, once. */
    lockOf: (call: AppendCall) => {
      const error = locks.get(call);
      locks.delete(call);
      return error;
    },
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

/** The shortest and the longest pause before an append is tried again that met a lock, in milliseconds. */
const PAUSE_MS = [150, 250] as const;

/**
 * Returns the function that runs a call which its batch left out. If the batch met a lock, the call is tried again and again
 * with the short timeout of a batch: waiting on its connection, as many held accounts as the pool has connections would
 * stop all others.
 */
function whileLocked({
  one,
  many,
  lockOf,
  longestMs,
}: Pick<ReturnType<typeof appendManyIn>, 'many' | 'lockOf'> & {
  readonly one: (call: AppendCall) => Promise<Appended>;
  readonly longestMs: () => Promise<number>;
}): (call: AppendCall) => Promise<Appended> {
  return async (call) => {
    if (lockOf(call) === undefined) return one(call);
    const startedAt = performance.now();
    for (let limitMs: number | undefined; ; ) {
      const [appended] = await many([call]);
      if (appended !== undefined) return appended;
      const lock = lockOf(call);
      if (lock === undefined) return one(call);
      limitMs ??= await longestMs();
      if (performance.now() - startedAt >= limitMs) throw lock;
      const [least, most] = PAUSE_MS;
      const ms = least + Math.random() * (most - least);
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  };
}

/** Returns the events of an append, as the statement takes them. */
function givenEvents({ stream: { institution, patronId }, texts, how }: AppendCall) {
  const { expectedVersion, recordedAt } = how;
  const expected = expectedVersion === 'any' ? undefined : Math.min(expectedVersion, VERSION_MAX);
  return texts.map((event, index) => ({
    institution,
    patron_id: patronId,
    expected,
    time: recordedAt,
    number: index + 1,
    event,
  }));
}

/**
 * Connection exception, insufficient resources, operator intervention, internal error: after them, as after errors of
 * the network, it is unknown whether the transaction was committed, or nothing else would succeed either. `57014` is a
 * statement that was cancelled.
 */
const UNKNOWN = /^(08|53|57P|XX)/;

/** Returns whether the server answered that it rolled the transaction back, so that its parts can be tried again. */
function isRolledBack(error: unknown): boolean {
  const code = errorCodeOf(error);
  // Errors of the network have codes like EPIPE.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !UNKNOWN.test(code);
}

/**
 * Returns the function that reads several streams in one statement. Some reads must be repeated alone: one that finds
 * no event from its version on, because it does not learn the stream's version; one with an event that cannot be
 * decoded; and all of them after an error of the server.
 */
function readManyIn({ rows: rowsOf }: Session, { decode }: EventCodec<AccountEvent>) {
  return async (calls: readonly ReadCall[]): Promise<readonly (StreamSlice | undefined)[]> => {
    const given = calls.map(({ stream: { institution, patronId }, after }, place) => ({
      place,
      institution,
      patron_id: patronId,
      after: Math.min(after, VERSION_MAX),
    }));
    const found: PostgresRow[][] = calls.map(() => []);
    try {
      for (const row of await rowsOf(READ_BATCH, [JSON.stringify(given)]))
        found[Number(row.place)]?.push(row);
    } catch (error) {
      if (!isRolledBack(error)) throw error;
      return calls.map(() => undefined);
    }
    return calls.map(({ after }, place) => {
      try {
        return sliceFrom(found[place] ?? [], after, { decode });
      } catch {
        return undefined;
      }
    });
  };
}
