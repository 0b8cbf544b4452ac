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

/** Runs one statement and gives its rows. */
export async function rowsOf(
  database: Queryable,
  text: string,
  values: (string | number | null)[] = [],
): Promise<readonly PostgresRow[]> {
  const { rows } = await database.query(text, values);
  return rows as readonly PostgresRow[];
}
