import type { Rejection } from '../../account/rejection.js';

/** Something in an external system's answer that was not booked. Plain JSON, for a person to look into. */
export type SettlementFinding = {
  /**
   * What it is.
   *
   * Of the file, of which nothing is booked then:
   * - `BROKEN_FILE`: it is not the CSV or XML that it should be, or breaks off.
   *
   * Of a row:
   * - `BROKEN_ROW`: it cannot be read, or a field is missing.
   * - `AMOUNT_NOT_USABLE`: what was paid is no amount of the currency, or zero, or has the sign of the other kind
   *   (and no settlement is there that it could reverse).
   * - `OTHER_CURRENCY`: it, or the account, is in another currency than the policy.
   * - `UNKNOWN_REFERENCE`: there is no such transfer.
   * - `REPEATED`: the payment is booked already, from another row or by another job, or from this row with another amount.
   * - `REVERSED_SINCE`: the payment was booked before, and its settlement was reversed since; `bookReversed` books it again.
   * - `REFUSED`: the account does not take it; `rejection` says why. `TransferNotPending`: all is paid, or no settlement was expected.
   * - `CORRUPT_HISTORY`, `INVALID_EVENT`: the account cannot be read.
   * - `ACCOUNT_BUSY`: others kept on appending to the account; run the job again.
   */
  readonly code:
    | 'BROKEN_FILE'
    | 'BROKEN_ROW'
    | 'AMOUNT_NOT_USABLE'
    | 'OTHER_CURRENCY'
    | 'UNKNOWN_REFERENCE'
    | 'REPEATED'
    | 'REVERSED_SINCE'
    | 'REFUSED'
    | 'CORRUPT_HISTORY'
    | 'INVALID_EVENT'
    | 'ACCOUNT_BUSY';
  /** Which row, counted from 1 without the header; null for the file. */
  readonly row: number | null;
  /** The line of the file where it ends; null for a list of rows. */
  readonly line: number | null;
  /** The reference in the row; null where there is none. */
  readonly reference: string | null;
  /** The patron that the reference names; null where it names none. */
  readonly patronId: string | null;
  /** All of it in one sentence. */
  readonly message: string;
  /** Why the account refused it. */
  readonly rejection?: Rejection;
  /** The job and the row that the payment was booked from, e.g. `answer-9/17`. */
  readonly bookedBy?: string;
};
