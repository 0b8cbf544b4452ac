import { digestOf } from '../../account/digest.js';
import { PatronFeesError } from '../../errors.js';
import { assertMethods } from '../../input/methods.js';
import { notMigrated } from '../notMigrated.js';

/** One row of a result, by column. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/**
 * The part of a connection that the store uses: a `Pool` or `Client` of pg, or PGlite. It is a structural type, so that
 * no driver's types are needed.
 */
export type Queryable = {
  /** Runs one statement with values for `$1`, `$2` ... */
  readonly query: (
    text: string,
    values?: (string | number | null)[],
  ) => Promise<{
    /** The rows of the result. */
    readonly rows: readonly unknown[];
  }>;
};

/**
 * Throws unless an argument is a connection.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function assertQueryable(database: Queryable, name = 'database'): void {
  assertMethods(database, ['query'], name, 'a Pool or Client of pg, or PGlite');
}

/** "current transaction is aborted": the caller's own transaction, in which nothing can be retried. */
const TRANSACTION_ABORTED = '25P02';

/** "undefined table", "undefined column" */
const UNDEFINED: ReadonlySet<unknown> = new Set(['42P01', '42703']);

/** Runs a task, and says that `migrate` must be run if a table or column of the store is missing. */
export async function onMigrated<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (
      UNDEFINED.has(errorCodeOf(error)) &&
      /patron_fees_|is_left_by_purge|part_names/.test(messageOf(error))
    )
      throw notMigrated(messageOf(error));
    throw error;
  }
}

/** Returns the message of a server error, even if a query builder has wrapped it. */
function messageOf(error: unknown): string {
  const { code, cause, message } = Object(error) as Readonly<Record<string, unknown>>;
  return code === undefined && cause !== undefined ? messageOf(cause) : String(message);
}

const ATTEMPTS = 50;

/** Returns the code of a server error, even if a query builder has wrapped it in an error of its own. */
export function errorCodeOf(error: unknown): unknown {
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown };
  return code ?? (cause === undefined ? undefined : errorCodeOf(cause));
}

/**
 * Runs a task that is one transaction, and retries it if the server rolled it back because of other transactions.
 *
 * @param task - the task to run
 * @param isTransient - returns whether an error is such a rollback
 */
export async function retryTransient<Result>(
  task: () => Promise<Result>,
  isTransient: (error: unknown) => boolean,
): Promise<Result> {
  let first: unknown;
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (first !== undefined && errorCodeOf(error) === TRANSACTION_ABORTED) throw first;
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      first ??= error;
    }
    const longestMs = Math.min(200, 2 * 2 ** attempt);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestMs));
  }
}

/** The values of a statement. */
export type Values = (string | number | null)[];

/** Runs the statements of a store: on any connection of a pool, or within one transaction. */
export type Session = {
  /** Runs one statement and returns its rows. */
  readonly rows: (text: string, values?: Values) => Promise<readonly PostgresRow[]>;
  /**
   * Runs a task whose statements all take effect, or none: in a transaction of its own, or in a savepoint of the
   * caller's.
   */
  readonly atomically: <Result>(task: (inner: Connection) => Promise<Result>) => Promise<Result>;
  /** Whether the statements run in a transaction of the caller. */
  readonly isCallers: boolean;
};

/** One connection in a transaction. */
type Connection = Pick<Session, 'rows'> & { readonly database: Queryable };

/** How statements are sent. */
type SessionOptions = {
  /** Whether statements are prepared under a name. */
  readonly namedStatements: boolean;
  /** Whether a transaction that the server rolled back because of others is tried again; true if left out. */
  readonly retries?: boolean;
};

/** Returns a session whose statements are transactions of their own, on any connection. */
export function ownSession(
  database: Queryable,
  { namedStatements, retries = true }: SessionOptions,
): Session {
  assertQueryable(database);
  const sender = statementSender(namedStatements);
  const isTransient = (error: unknown) => (retries && isRolledBack(error)) || sender.isDueToName(error);
  const retry = <Result>(task: () => Promise<Result>) => onMigrated(() => retryTransient(task, isTransient));
  return {
    isCallers: false,
    rows: (text, values) => retry(() => sender.rows(database, text, values)),
    atomically: (task) =>
      retry(() =>
        inOwnTransaction(database, (connection) =>
          task({ database: connection, rows: (text, values) => sender.rows(connection, text, values) }),
        ),
      ),
  };
}

/** Returns a session within a transaction that the caller has begun on a connection, and commits or rolls back. */
export function callersSession(database: Queryable): Session {
  assertQueryable(database, 'connection');
  // Statements on a pool would run outside of the transaction.
  if (isPool(database))
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      'connection: expected a connection in an open transaction, found a Pool',
    );
  // Statements without a name: a pooler may have given the transaction a server connection that does not know the named
  // ones.
  const rows: Session['rows'] = async (text, values = []) =>
    (await onMigrated(() => database.query(text, values))).rows as readonly PostgresRow[];
  return {
    isCallers: true,
    rows,
    atomically: async (task) => {
      await beginSavepoint(database);
      try {
        const result = await task({ database, rows });
        await database.query('release savepoint patron_fees');
        return result;
      } catch (error) {
        await undoSavepoint(database);
        throw error;
      }
    },
  };
}

const NO_ACTIVE_TRANSACTION = '25P01';

async function beginSavepoint(database: Queryable): Promise<void> {
  try {
    await database.query('savepoint patron_fees');
  } catch (error) {
    if (errorCodeOf(error) !== NO_ACTIVE_TRANSACTION) throw error;
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      'within: expected a connection in an open transaction, found one without; begin the transaction first',
    );
  }
}

/** Undoes what follows the savepoint. The transaction is then as it was before. */
async function undoSavepoint(database: Queryable): Promise<void> {
  try {
    await database.query('rollback to savepoint patron_fees');
    await database.query('release savepoint patron_fees');
  } catch {
    // The connection is lost, and the transaction with it: the caller throws the original error.
  }
}

/**
 * "could not serialize access": a conflict with other transactions, under REPEATABLE READ or SERIALIZABLE; and
 * "deadlock detected": two transactions waited for each other. The server has rolled this one back.
 */
const ROLLED_BACK: ReadonlySet<unknown> = new Set(['40001', '40P01']);

function isRolledBack(error: unknown): boolean {
  return ROLLED_BACK.has(errorCodeOf(error));
}

/**
 * The statement is missing on this connection, exists already, or has changed: a pooler gives one client's connection
 * to another without tracking prepared statements. None of the three errors occurs after the statement was executed.
 */
const NAME_FAILURES: ReadonlySet<unknown> = new Set(['26000', '42P05', '0A000']);

/** Sends statements, named or not. After a failure caused by the name, statements are sent without names. */
function statementSender(named: boolean) {
  let isNaming = named;
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    // The name says what the text is: another release with another text cannot meet it on a shared connection.
    const name = `patron_fees_${digestOf(text)}`;
    names.set(text, name);
    return name;
  };
  const failures = new WeakSet<object>();
  return {
    rows: async (database: Queryable, text: string, values: Values = []): Promise<readonly PostgresRow[]> => {
      if (!isNaming) return (await database.query(text, values)).rows as readonly PostgresRow[];
      try {
        const statement = { name: nameOf(text), text, values };
        return (await (database as Queryable & NamingQueryable).query(statement))
          .rows as readonly PostgresRow[];
      } catch (error) {
        if (NAME_FAILURES.has(errorCodeOf(error))) {
          isNaming = false;
          failures.add(error as object);
        }
        throw error;
      }
    },
    /** Returns whether an error is due to a name: the statement can be sent again, and then has none. */
    isDueToName: (error: unknown) => typeof error === 'object' && error !== null && failures.has(error),
  };
}

/** A connection of pg, which also takes a statement with a name. */
type NamingQueryable = {
  query(statement: {
    readonly name: string;
    readonly text: string;
    readonly values: Values;
  }): ReturnType<Queryable['query']>;
};

/** The part of PGlite that runs transactions. */
type TransactionRunner = Queryable & {
  readonly transaction: <Result>(task: (connection: Queryable) => Promise<Result>) => Promise<Result>;
};

/** The part of a `Pool` of pg that gives a connection. */
type ConnectionPool = Queryable & {
  readonly options?: {
    /** The most connections that it opens. */
    readonly max?: number;
    /** How long a query may take, in milliseconds. */
    readonly query_timeout?: number;
  };
  readonly connect: (
    callback: (error: Error | undefined, connection: PooledConnection | undefined) => void,
  ) => void;
};

/** The part of a client of a pool that the store uses. */
type PooledConnection = Queryable & {
  on(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
  readonly release: (isBroken?: boolean) => void;
};

/** Returns whether the store can begin transactions of its own: on a `Pool` of pg, or PGlite. */
export function beginsTransactions(database: Queryable): boolean {
  return isRunner(database) || isPool(database);
}

/** Returns whether a database runs transactions itself, as PGlite does. */
export function isRunner(database: Queryable): database is TransactionRunner {
  return typeof (database as Partial<TransactionRunner>).transaction === 'function';
}

/** Returns whether a database is a `Pool` of pg. A `Client` has `connect` too; only a pool counts connections. */
export function isPool(database: Queryable): database is ConnectionPool {
  const { connect, totalCount } = database as Partial<ConnectionPool> & { readonly totalCount?: unknown };
  return typeof connect === 'function' && typeof totalCount === 'number';
}

/**
 * Takes a connection from a pool and listens to its errors at once: the last answer to its former user, and the error
 * that ends it, can arrive together, before a promise of the connection resolves.
 */
export function connectionOf(pool: ConnectionPool, onError: () => void): Promise<PooledConnection> {
  return new Promise((resolve, reject) => {
    pool.connect((error, connection) => {
      if (connection === undefined) return reject(error);
      connection.on('error', onError);
      resolve(connection);
    });
  });
}

/** Runs a task in a transaction of its own. */
export async function inOwnTransaction<Result>(
  database: Queryable,
  task: (connection: Queryable) => Promise<Result>,
): Promise<Result> {
  if (isRunner(database)) {
    return database.transaction(async (connection) => {
      const result = await task(connection);
      // Otherwise the error of a statement that the task caught would be lost.
      await connection.query('select 1');
      return result;
    });
  }
  if (!isPool(database)) throw new PatronFeesError('INVALID_ARGUMENT', needsPool);
  let isBroken = false;
  // The pool does not listen to a connection that it has given away, and an unheard error ends the process. The
  // statement in progress, or the next one, rejects with the error.
  const broken = () => {
    isBroken = true;
  };
  const connection = await connectionOf(database, broken);
  try {
    await connection.query('begin');
    const result = await task(connection);
    await assertCommitted(connection);
    return result;
  } catch (error) {
    await connection.query('rollback').catch(broken);
    throw error;
  } finally {
    connection.release(isBroken);
    // The pool closes a broken connection, which may still report errors, and listens to every other one again.
    if (!isBroken) connection.removeListener('error', broken);
  }
}

/** Commits. A projection may have caught the error of a statement: PostgreSQL then answers by rolling back. */
async function assertCommitted(connection: Queryable): Promise<void> {
  const { command } = (await connection.query('commit')) as { readonly command?: unknown };
  if (command !== 'ROLLBACK') return;
  const message = 'the transaction was rolled back, because the error of one of its statements was caught';
  throw Object.assign(new Error(message), { code: TRANSACTION_ABORTED });
}

/** The requirement that a single client does not meet: it may be in a transaction of other code. */
export const needsPool =
  'expected a Pool of pg or PGlite, which can begin a transaction; for a connection in your own transaction use within';
