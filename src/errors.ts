/**
 * Every way in which this library throws. A business "no" is never thrown: it is a {@link Rejection}.
 *
 * - `CORRUPT_HISTORY`: an event cannot follow the events before it; the figures are in `details`.
 * - `INVALID_EVENT`: stored data is not an event of this library.
 * - `INVALID_POLICY`: a policy has faults; every one of them is in `details.faults`.
 * - `INVALID_ACCOUNT`: something that is no patron account was passed as one.
 * - `INVALID_ARGUMENT`: any other misuse of a function.
 * - `NOT_FOUND`: a view was asked for a fee, credit or payment that the account does not have.
 * - `VERSION_CONFLICT`: somebody else appended to the stream first.
 * - `INVALID_SNAPSHOT`: a snapshot cannot be read.
 * - `CURSOR_UNKNOWN`: an event store has no event at the cursor that it was given: it was restored from an older backup.
 * - `CHECKPOINT_MOVED`: another program runs the same projection, and has moved its checkpoint.
 * - `STORE_CLOSED`: an event store was used after it was closed.
 * - `STORE_UNAVAILABLE`: an event store got no answer in time; whether an append was stored nobody knows.
 * - `APPEND_TOO_LARGE`: the events of one append are larger than the event store takes.
 */
export type ErrorCode =
  | 'CORRUPT_HISTORY'
  | 'INVALID_EVENT'
  | 'INVALID_POLICY'
  | 'INVALID_ACCOUNT'
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'VERSION_CONFLICT'
  | 'INVALID_SNAPSHOT'
  | 'CURSOR_UNKNOWN'
  | 'CHECKPOINT_MOVED'
  | 'STORE_CLOSED'
  | 'STORE_UNAVAILABLE'
  | 'APPEND_TOO_LARGE';

/** One thing that is wrong with a piece of input: where, what was expected, what was found. */
export type Fault = {
  /** The path of the faulty field, e.g. `allocations[0].amount`; empty for the whole input. */
  readonly path: string;
  /** What would have been right, in words. */
  readonly expected: string;
  /** A short description of what was there instead. */
  readonly found: string;
};

/**
 * The one error this library throws.
 *
 * Tell errors apart by `code`, never by `instanceof`: two copies of the package may be installed side by side.
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
  /** The figures of the error; which fields it has depends on the code. */
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * Makes an error.
   *
   * @param code - which kind of error
   * @param message - one sentence for a person
   * @param details - the figures, for a program
   */
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${message}`);
    this.name = 'PatronFeesError';
    this.code = code;
    this.details = details;
  }
}

/**
 * Tells whether something caught is an error of this library, and of one code if one is given.
 *
 * @param error - whatever was caught
 * @param code - the code to look for; any code of this library if left out
 * @returns true for an error of this library, whichever copy of the package threw it
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
    const { name, code: its } = error as { readonly name?: unknown; readonly code?: unknown };
    return typeof error === 'object' && name === 'PatronFeesError' && (code === undefined || its === code);
  } catch {
    // Nothing was thrown, or something that cannot be read.
    return false;
  }
}
