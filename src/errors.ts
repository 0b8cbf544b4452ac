import type { FaultCode, FaultParameters } from './faultWords.js';
import { assertNodeVersion } from './nodeVersion.js';

// Every entry point loads this file, and before the dependencies.
assertNodeVersion((globalThis as { readonly process?: { readonly versions?: object } }).process?.versions);

/**
 * The codes of the errors that this library throws. A refused command does not throw: `decide` returns
 * a {@link Rejection}.
 *
 * - `CORRUPT_HISTORY`: an event cannot follow the events before it; `details` has the reason and the figures.
 * - `INVALID_EVENT`: stored data is not an event of this library.
 * - `INVALID_POLICY`: a policy is invalid; every fault is in `details.faults`.
 * - `INVALID_ACCOUNT`: a function was given something other than a patron account.
 * - `INVALID_ARGUMENT`: any other misuse of a function.
 * - `NOT_FOUND`: the account does not have the requested fee, credit or payment.
 * - `VERSION_CONFLICT`: another writer appended to the stream first.
 * - `CURSOR_UNKNOWN`: an event store has no event at the given cursor, e.g. because it was restored from an older
 *   backup.
 * - `CHECKPOINT_MOVED`: another program runs the same projection, and has moved its checkpoint.
 * - `READ_MODEL_INCOMPLETE`: a table of accounts was queried before it was built, or for an account that it lacks,
 *   because it is parked, or whose newest events it lacks.
 * - `STORE_INCOMPLETE`: an event store lacks what its database notes as its own, such as an inline projection;
 *   `details.missing` has the names.
 * - `STORE_CLOSED`: an event store was used after it was closed.
 * - `STORE_UNAVAILABLE`: an event store got no answer in time; an append may or may not have been stored.
 * - `APPEND_TOO_LARGE`: the events of one append exceed what the event store accepts.
 * - `JOB_CANCELLED`: the signal of a job was aborted; `details.report` is the report so far, `cause` the signal's
 *   reason.
 */
export type ErrorCode =
  | 'CORRUPT_HISTORY'
  | 'INVALID_EVENT'
  | 'INVALID_POLICY'
  | 'INVALID_ACCOUNT'
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'VERSION_CONFLICT'
  | 'CURSOR_UNKNOWN'
  | 'CHECKPOINT_MOVED'
  | 'READ_MODEL_INCOMPLETE'
  | 'STORE_INCOMPLETE'
  | 'STORE_CLOSED'
  | 'STORE_UNAVAILABLE'
  | 'APPEND_TOO_LARGE'
  | 'JOB_CANCELLED';

/** One fault of an input: where it is, what was expected, what was found. */
export type Fault = {
  /** The path of the faulty field, e.g. `allocations[0].amount`; empty for the whole input. */
  readonly path: string;
  /** What was expected, in words. */
  readonly expected: string;
  /**
   * A short description of what was found; `missing` for a required field that is absent. In faults of commands and
   * events, texts are described by their length and never shown.
   */
  readonly found: string;
  /**
   * What was expected, as a code for translations. Faults of commands have one; others are for programmers, in English.
   */
  readonly code?: FaultCode;
  /** The values in the texts: those of the code, `nearest` for a misspelt name, `length` of a text that was found. */
  readonly parameters?: FaultParameters;
};

/**
 * The one error this library throws.
 *
 * Distinguish errors by `code`, never by `instanceof`: two copies of the package may be installed side by side.
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 *
 * try {
 *   definePolicy({ currency: 'DOLLARS' });
 * } catch (error) {
 *   (error as { code: string }).code; //=> 'INVALID_POLICY'
 * }
 * ```
 */
export class PatronFeesError extends Error {
  /** Which kind of error this is. */
  readonly code: ErrorCode;
  /** The data of the error, for a program; its fields depend on the code. */
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * Creates an error.
   *
   * @param code - which kind of error
   * @param message - one sentence for a person
   * @param details - the data of the error, for a program
   */
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${message}`);
    this.name = 'PatronFeesError';
    this.code = code;
    this.details = details;
  }
}

/**
 * Returns whether a caught value is an error of this library and, if a code is given, has that code.
 *
 * @param error - the caught value
 * @param code - the code to look for; any code if left out
 * @returns true for an error of this library, of any copy of the package
 *
 * @example
 * ```ts
 * import { fold, isPatronFeesError } from 'patron-fees';
 *
 * try {
 *   fold([{ type: 'NoSuchEvent', data: {} } as never]);
 * } catch (error) {
 *   isPatronFeesError(error, 'CORRUPT_HISTORY'); //=> true
 * }
 * ```
 */
export function isPatronFeesError(error: unknown, code?: ErrorCode): error is PatronFeesError {
  try {
    const { name, code: actual } = error as { readonly name?: unknown; readonly code?: unknown };
    return typeof error === 'object' && name === 'PatronFeesError' && (code === undefined || actual === code);
  } catch {
    // The value is null or undefined, or reading it throws.
    return false;
  }
}
