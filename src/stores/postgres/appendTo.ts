import { PatronFeesError } from '../../errors.js';
import type { ErasingStoreAdapter, StreamAdapter } from '../../history/checkedStore.js';
import { decodeEvent } from '../../history/codec.js';
import {
  type StoredAccountEvent,
  type StreamId,
  streamName,
  versionConflict,
} from '../../history/eventStore.js';
import type { CheckedAppend } from '../../history/storeArguments.js';
import type { PartNames } from '../parts.js';
import { noteParts } from './parts.js';
import { errorCodeOf, type PostgresRow, type Queryable, type Session, type Values } from './session.js';
import {
  appendFirstStatement,
  appendOneStatement,
  appendStatement,
  purgeStatement,
  READ_HEAD,
} from './statements.js';

/** Versions are PostgreSQL integers; no stream is longer. */
export const VERSION_MAX = 2 ** 31 - 1;

/** A read model that is updated in the transaction of every append, so that it is never behind. */
export type PostgresProjection = {
  /**
   * Its name, such as `accounts`: 1 to 60 letters, digits, `_`, `-` and `.`. The database notes it with the first append,
   * and accepts none of a store without this projection from then on; see {@link postgres.forgetPart | forgetPart}.
   *
   * @defaultValue it is not noted
   */
  readonly name?: string;
  /**
   * Applies the events of one append, which are already stored in the transaction. If it rejects, the append rejects
   * with the same error, and nothing is stored. Two appends to one account never run it at the same time. It may run
   * again for an append whose transaction was rolled back.
   *
   * @param events - the events of the append, of one account
   * @param transaction - the connection of the append's transaction; neither commit it nor roll it back
   */
  readonly apply: (events: readonly StoredAccountEvent[], transaction: Queryable) => void | Promise<void>;
  /**
   * Applies several appends of one transaction, to different accounts, in the order of their ids. Concurrent appends
   * share a transaction. If it rejects, the transaction is rolled back, and each append runs again by itself, with
   * `apply`.
   *
   * @defaultValue `apply` is called for each append
   */
  readonly applyMany?: (
    appends: readonly (readonly StoredAccountEvent[])[],
    transaction: Queryable,
  ) => void | Promise<void>;
};

/** What happens with each append. */
export type Appending = {
  /** The projections to apply in the append's transaction. */
  readonly inline: readonly PostgresProjection[];
  /** The names of its parts. */
  readonly parts: PartNames;
  /** Whether listeners are notified. */
  readonly notify: boolean;
};

/** Returns the function that appends to streams in a session. */
export function appendTo(session: Session, { inline, parts, notify }: Appending): StreamAdapter['append'] {
  const features = { returnsTime: inline.length > 0, notifies: notify };
  const insertMany = insertOf(session, appendStatement(features), inline);
  const insertFirst = insertOf(session, appendFirstStatement(features), inline);
  const insertOne = insertOf(session, appendOneStatement(features), inline);
  return async (stream, texts, how) => {
    const { expectedVersion, recordedAt } = how;
    if (texts.length === 0) return { version: (await headOf(session, stream)).version };
    const own = parts(how);
    const at = expectedVersion === 'any' ? null : Math.min(expectedVersion, VERSION_MAX);
    const { institution, patronId } = stream;
    const [first, second] = texts;
    const time = recordedAt ?? null;
    const isOne = first !== undefined && second === undefined;
    // Not in a transaction of the caller: there, the insert can also fail because it cannot see the other appends.
    const isFirst = isOne && at === 0 && !session.isCallers;
    const insert = isFirst ? insertFirst : isOne ? insertOne : insertMany;
    const values = isFirst
      ? [institution, patronId, first, time, own]
      : [institution, patronId, at, isOne ? first : JSON.stringify(texts), time, own];
    for (;;) {
      const rows = await insert(stream, texts, values);
      if (rows !== TAKEN && rows.length > 0)
        return { version: Math.max(...rows.map(({ version }) => Number(version))) };
      if (rows === TAKEN && session.isCallers) await assertSeesOthers(session, stream, how);
      const { version: actual, noted } = await headOf(session, stream);
      if ((await noteParts(session, noted, own)) || expectedVersion === 'any') continue;
      // Otherwise another writer has just brought the stream to the expected version.
      if (actual !== expectedVersion) throw versionConflict(stream, expectedVersion, actual);
    }
  };
}

/** Returns the function that removes the events of a stream and leaves one, in a session. */
export function purgeIn(
  session: Session,
  { inline, parts, notify }: Appending,
): ErasingStoreAdapter['purge'] {
  const features = { returnsTime: inline.length > 0, notifies: notify };
  const leave = insertOf(session, purgeStatement(features), inline);
  return async (stream, { text, events, recordedAt = null, underKeys }) => {
    const own = parts({ underKeys });
    for (;;) {
      const values = [stream.institution, stream.patronId, events, text, recordedAt, own];
      const rows = await leave(stream, [text], values);
      if (rows !== TAKEN && rows.length > 0) return { version: events + 1 };
      const { version, noted } = await headOf(session, stream);
      if (!(await noteParts(session, noted, own))) throw versionConflict(stream, events, version);
    }
  };
}

/** Another writer took the version between the read and the write of the statement. */
const TAKEN = Symbol('the version is taken');

type Insert = (
  stream: StreamId,
  texts: readonly string[],
  values: Values,
) => Promise<readonly PostgresRow[] | typeof TAKEN>;

/**
 * Returns the function that inserts the events, in a savepoint or transaction where more than one statement needs it.
 */
function insertOf(session: Session, statement: string, inline: readonly PostgresProjection[]): Insert {
  if (inline.length === 0 && !session.isCallers)
    return (_stream, _texts, values) => orTaken(() => session.rows(statement, values));
  return async (stream, texts, values) => {
    try {
      return await session.atomically(async (connection) => {
        const rows = await orTaken(() => connection.rows(statement, values));
        // The statement has failed: only undoing the savepoint or the transaction makes the connection usable.
        if (rows === TAKEN) throw TAKEN;
        if (rows.length > 0)
          await applyInline(inline, [storedEventsOf(stream, texts, rows)], connection.database);
        return rows;
      });
    } catch (error) {
      if (error === TAKEN) return TAKEN;
      throw error;
    }
  };
}

const UNIQUE_VIOLATION = '23505';

async function orTaken<Result>(insert: () => Promise<Result>): Promise<Result | typeof TAKEN> {
  try {
    return await insert();
  } catch (error) {
    if (errorCodeOf(error) === UNIQUE_VIOLATION) return TAKEN;
    throw error;
  }
}

/** Returns the stored events of an append from the rows that its statement returned. */
export function storedEventsOf(
  { institution, patronId }: StreamId,
  texts: readonly string[],
  rows: readonly PostgresRow[],
): readonly StoredAccountEvent[] {
  const last = Math.max(...rows.map(({ version }) => Number(version)));
  const recordedAt = String(rows[0]?.recorded_at);
  return texts.map((text, index) => ({
    institution,
    patronId,
    version: last - texts.length + index + 1,
    recordedAt,
    event: decodeEvent(text),
  }));
}

/** Applies the projections to appends of one transaction. */
export async function applyInline(
  inline: readonly PostgresProjection[],
  appends: readonly (readonly StoredAccountEvent[])[],
  transaction: Queryable,
): Promise<void> {
  for (const { apply, applyMany } of inline) {
    if (applyMany !== undefined && appends.length > 1) await applyMany(appends, transaction);
    else for (const events of appends) await apply(events, transaction);
  }
}

/**
 * Throws a conflict that no further attempt can resolve: the transaction sees the database as of its start, and the
 * version is taken by an event that it will never see.
 */
async function assertSeesOthers(
  session: Session,
  stream: StreamId,
  { expectedVersion }: CheckedAppend,
): Promise<void> {
  const [row] = await session.rows("select current_setting('transaction_isolation') as level");
  if (row?.level === 'read committed') return;
  const { version: actual } = await headOf(session, stream);
  const name = streamName(stream);
  throw new PatronFeesError(
    'VERSION_CONFLICT',
    `${name} has events after version ${actual} that this transaction cannot see, because it is ${row?.level}: ` +
      'roll it back and run it again',
    { stream: name, expected: expectedVersion, actual, isFinal: true },
  );
}

/** Reads the version of a stream, and what the database notes of its parts. */
async function headOf({ rows }: Session, { institution, patronId }: StreamId) {
  const [row] = await rows(READ_HEAD, [institution, patronId]);
  return { version: Number(row?.version), noted: String(row?.part_names) };
}
