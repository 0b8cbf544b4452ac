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
export const TRANSACTION_ABORTED = '25P02';

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
