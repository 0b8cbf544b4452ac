import { PatronFeesError } from '../../errors.js';
import { type StreamId, type StreamsNow, streamKey, streamName } from '../../history/eventStore.js';
import { checkedStream } from '../../history/storeArguments.js';
import { type StoreTransaction, storeTransaction } from '../../history/storeTransaction.js';
import { assertStillOpen, inTransaction, type SqliteDatabase } from './sqliteDatabase.js';

/** The task of a transaction. It must not return a promise: what it awaited would run after the transaction. */
export type TransactionTask<Result> = ((transaction: StoreTransaction) => Result) & NoPromise<Result>;

/** `unknown`, which every function is, unless the result is a promise. A task that only throws returns `never`. */
type NoPromise<Result> = [Result] extends [never]
  ? unknown
  : unknown extends Result
    ? unknown
    : Result extends PromiseLike<unknown>
      ? 'a function that returns no promise'
      : unknown;

/** The connections on which the task of a transaction runs. */
const busy = /* @__PURE__ */ new WeakSet<SqliteDatabase>();

/**
 * Throws if the task of a transaction runs on a connection: a call of the store itself, which the task cannot await,
 * would not belong to the transaction, and could begin a batch in the middle of it.
 */
export function assertNoTask(database: SqliteDatabase): void {
  if (!busy.has(database)) return;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    'transaction: its task called the store; expected calls of the argument of the task',
  );
}

/** Runs a task in a transaction of its own. From its begin to its commit no other code of the program runs. */
export function inTaskTransaction<Result>(
  database: SqliteDatabase,
  accounts: readonly StreamId[],
  streams: StreamsNow,
  task: (transaction: StoreTransaction) => Result,
): Result {
  let hasEnded = false;
  const names = new Set(accounts.map(streamKey));
  const assertUsable = (stream: StreamId) => {
    if (hasEnded) throw new PatronFeesError('INVALID_ARGUMENT', 'transaction: it has ended');
    if (!names.has(streamKey(checkedStream(stream)))) throw notNamed(stream);
    assertStillOpen(database);
  };
  const { read, append } = streams;
  const named = storeTransaction({
    read: (stream, options) => {
      assertUsable(stream);
      return read(stream, options);
    },
    append: (stream, events, options) => {
      assertUsable(stream);
      return append(stream, events, options);
    },
  });
  return inTransaction(database, () => {
    busy.add(database);
    try {
      const result = task(named);
      assertNoPromise(result, 'task: expected a function that returns no promise');
      assertStillOpen(database);
      return result;
    } finally {
      hasEnded = true;
      busy.delete(database);
    }
  });
}

function notNamed(stream: StreamId): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    'INVALID_ARGUMENT',
    `accounts: ${name} is missing; a transaction names each account that its task reads or changes`,
    { stream: name },
  );
}

/** Throws if a result is a promise. It is not awaited, so its own error would end the process. */
export function assertNoPromise(result: unknown, message: string): void {
  if (typeof (result as PromiseLike<unknown> | undefined | null)?.then !== 'function') return;
  (result as PromiseLike<unknown>).then(undefined, () => undefined);
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}
