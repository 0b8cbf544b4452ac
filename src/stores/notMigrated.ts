import { PatronFeesError } from '../errors.js';

/** Creates the error for a database whose tables are missing, or of an earlier release. */
export function notMigrated(reason: unknown): PatronFeesError {
  return new PatronFeesError(
    'INVALID_ARGUMENT',
    'the tables of patron-fees are missing in this database, or of an earlier release: run migrate first',
    { reason: String(reason) },
  );
}
