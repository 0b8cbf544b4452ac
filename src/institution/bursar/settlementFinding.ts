import type { Rejection } from '../../account/rejections/rejection.js';

/** A part of an external system's answer that was not booked. Plain JSON, for a person to look into. */
export type SettlementFinding = {
  /**
   * The kind of finding.
   *
   * For the file, of which nothing is booked then:
   * - `BROKEN_FILE`: it is not valid CSV or XML, or is truncated.
   *
   * For a row:
   * - `BROKEN_ROW`: it cannot be read, or a field is missing.
   * - `AMOUNT_NOT_USABLE`: the amount is not valid in the currency, or zero, or has the sign of the other kind (and
   *   there is no settlement to reverse).
   * - `OTHER_CURRENCY`: the currency of the row or the account differs from the policy's.
   * - `UNKNOWN_REFERENCE`: the transfer does not exist.
   * - `REPEATED`: the payment is already booked, from another row, by another job, or from this row with another
   *   amount.
   * - `REVERSED_SINCE`: the payment was booked, and its settlement was reversed since; `bookReversed` books it again.
   * - `REFUSED`: the account refuses it; see `rejection`. `TransferNotPending`: everything is paid, or no settlement
   *   was expected.
   * - `CORRUPT_HISTORY`, `INVALID_EVENT`: the account cannot be read.
   * - `ACCOUNT_BUSY`: every append conflicted with somebody else's; run the job again.
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
  /** The position of the row, counted from 1 without the header; null for the file. */
  readonly row: number | null;
  /** The line of the file where the row ends; null for a list of rows. */
  readonly line: number | null;
  /** The reference in the row; null without one. */
  readonly reference: string | null;
  /** The patron in the reference; null without a valid reference. */
  readonly patronId: string | null;
  /** The finding in one sentence. */
  readonly message: string;
  /** The rejection of the account. */
  readonly rejection?: Rejection;
  /** The job and the row that the payment was booked from, e.g. `answer-9/17`. */
  readonly bookedBy?: string;
};
