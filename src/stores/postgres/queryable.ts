/** One row of a result, by column. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/**
 * What is needed of a connection: a `Pool` or `Client` of pg and PGlite have it. They are told by their shape, so that
 * nobody needs the types of a driver that they do not use.
 */
export type Queryable = {
  /** Runs one statement with values for `$1`, `$2` ... */
  readonly query: (
    text: string,
    values?: (string | number | null)[],
  ) => Promise<{
    /** The rows that it gives. */
    readonly rows: readonly unknown[];
  }>;
};

/** "could not serialize access": other transactions were in the way, under REPEATABLE READ or SERIALIZABLE. */
const SERIALIZATION_FAILURE = '40001';

/** "current transaction is aborted": the caller's own, in which nothing can be tried again. */
const TRANSACTION_ABORTED = '25P02';

const ATTEMPTS = 50;

/** The code of an error of the server, as drivers give it. */
export function errorCodeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}

/**
 * Runs a task that is one transaction, and runs it again where the server rolled it back because of others.
 *
 * @param task - what to run
 * @param isTransient - whether an error is one of those
 */
export async function again<Result>(
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

/** Runs one statement and gives its rows. */
export async function rowsOf(
  database: Queryable,
  text: string,
  values: (string | number | null)[] = [],
): Promise<readonly PostgresRow[]> {
  const { rows } = await again(
    () => database.query(text, values),
    (error) => errorCodeOf(error) === SERIALIZATION_FAILURE,
  );
  return rows as readonly PostgresRow[];
}
