import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { decodeEvent } from '../../history/codec.js';
import {
  type StoredAccountEvent,
  type StreamId,
  type StreamsNow,
  streamKey,
  streamName,
} from '../../history/eventStore.js';
import { type StoreTransaction, storeTransaction } from '../../history/execute.js';
import { checkedStream } from '../../history/storeArguments.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { onBatchField } from '../batchQueue.js';
import { inlineField } from '../parts.js';
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
function assertNoPromise(result: unknown, message: string): void {
  if (typeof (result as PromiseLike<unknown> | undefined | null)?.then !== 'function') return;
  (result as PromiseLike<unknown>).then(undefined, () => undefined);
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

/** A read model in the same database that is updated in the transaction of every append, so that it is never behind. */
export type SqliteProjection = {
  /**
   * Its name, such as `accounts`: 1 to 60 letters, digits, `_`, `-` and `.`. The database notes it with the first append,
   * and accepts none of a store without this projection from then on; see {@link sqlite.forgetPart | forgetPart}.
   *
   * @defaultValue it is not noted
   */
  readonly name?: string;
  /**
   * Applies the events of one append, which are already stored in the transaction. Must finish before it returns; it
   * must not return a promise. If it throws, the append rejects with the same error, and nothing is stored. It may run
   * again for an append whose transaction was rolled back.
   *
   * @param events - the events of the append, of one account
   * @param database - the connection of the append's transaction; neither commit it nor roll it back
   */
  readonly apply: (events: readonly StoredAccountEvent[], database: SqliteDatabase) => void;
};

const optionsSchema = v.strictObject({
  synchronous: v.optional(v.picklist(['full', 'normal'], "'full' or 'normal'"), 'full'),
  busyTimeoutMs: v.optional(wholeNumber(0), 5_000),
  now: v.optional(v.function('a function that returns the time')),
  inline: inlineField<SqliteProjection>(),
  gather: v.optional(v.boolean(), true),
  onBatch: onBatchField,
  codec: v.optional(v.any()),
});

/** Checks the options of a store. */
export function checkedSqliteOptions(options: object) {
  return checkedArgument(optionsSchema, options, 'options');
}

/** Applies the projections to the events of an append, within its transaction. */
export function applyInline(
  { inline, database }: { readonly inline: readonly SqliteProjection[]; readonly database: SqliteDatabase },
  { institution, patronId }: StreamId,
  appended: { readonly after: number; readonly recordedAt: string; readonly texts: readonly string[] },
): void {
  if (inline.length === 0) return;
  const { after, recordedAt, texts } = appended;
  const events = texts.map((text, index) => {
    const version = after + index + 1;
    return { institution, patronId, version, recordedAt, event: decodeEvent(text) };
  });
  for (const projection of inline) {
    assertNoPromise(
      projection.apply(events, database),
      'options.inline: expected a projection that returns no promise',
    );
    assertStillOpen(database);
  }
}
