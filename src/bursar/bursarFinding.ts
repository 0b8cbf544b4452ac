import type { Rejection } from '../account/rejections/rejection.js';
import type { StreamId } from '../history/eventStore.js';
import type { AccountFinding } from '../job/accountFinding.js';

/** A fee or credit whose type has no code in the external system. */
export type TypeNotMapped = StreamId & {
  /** The code of the finding. */
  readonly code: 'TYPE_NOT_MAPPED';
  /** The fee, or null for a credit. */
  readonly feeId: string | null;
  /** The credit, or null for a fee. */
  readonly creditId: string | null;
  /** The fee's type; `CREDIT` for a credit. */
  readonly feeType: string;
  /** The amount that would be transferred, a decimal string. */
  readonly amount: string;
  /** Whether an earlier run of the job transferred it. Then the file contains it, with its own type as the code. */
  readonly transferred: boolean;
  /** The finding in one sentence. */
  readonly message: string;
};

/** A patron with fees or credits to transfer who is missing from the directory. */
export type PatronNotInDirectory = StreamId & {
  /** The code of the finding. */
  readonly code: 'PATRON_NOT_IN_DIRECTORY';
  /** Whether an earlier run of the job transferred something of the patron. Then the file has only the patron's id. */
  readonly transferred: boolean;
  /** The finding in one sentence. */
  readonly message: string;
};

/** An account that refuses the transfer of its fees and credits. */
export type TransferRefused = StreamId & {
  /** The code of the finding. */
  readonly code: 'REFUSED';
  /** The reason; `IdAlreadyUsed` if an earlier run of the job had another form. */
  readonly rejection: Rejection;
  /** The finding in one sentence. */
  readonly message: string;
};

/** A fee or credit that was recalled after the job transferred it. The external system must not book its row. */
export type RecalledSince = StreamId & {
  /** The code of the finding. */
  readonly code: 'RECALLED';
  /** The reference of the transfer in the file. */
  readonly reference: string;
  /** The recalled amount, a decimal string. */
  readonly amount: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/**
 * Ids or codes that the CSV file escapes, since a spreadsheet would run them as formulas. The external system has to
 * strip the apostrophe, or the file has to be written with `identifiers: 'asIs'`.
 */
export type IdentifierEscaped = StreamId & {
  /** The code of the finding. */
  readonly code: 'IDENTIFIER_ESCAPED';
  /** The ids and codes, not escaped. */
  readonly identifiers: readonly string[];
  /** The finding in one sentence. */
  readonly message: string;
};

/**
 * A row of the previous file without an event, because a power cut lost the event. The external system may have booked
 * the row.
 */
export type FileRowWithoutEvent = StreamId & {
  /** The code of the finding. */
  readonly code: 'FILE_ROW_WITHOUT_EVENT';
  /** The reference of the row. */
  readonly reference: string;
  /** The amount of the row, a decimal string; negative for a credit. */
  readonly amount: string;
  /**
   * Whether this run transferred the same fee or credit again, so that file and events agree. If not, the new file
   * does not have the row: cancel it in the external system, or the patron is charged twice.
   */
  readonly transferredNow: boolean;
  /** The finding in one sentence. */
  readonly message: string;
};

/**
 * A transfer of an earlier run that is missing from the previous file, or has another amount there. The new file
 * contains it.
 */
export type EventWithoutFileRow = StreamId & {
  /** The code of the finding. */
  readonly code: 'EVENT_WITHOUT_FILE_ROW';
  /** The reference of the transfer. */
  readonly reference: string;
  /** The amount, a decimal string; negative for a credit. */
  readonly amount: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** The previous file could not be read, and was not compared with the events. */
export type FileNotCompared = {
  /** The code of the finding. */
  readonly code: 'FILE_NOT_COMPARED';
  /** The institution. */
  readonly institution: string;
  /** Always null: the finding is not about a patron. */
  readonly patronId: null;
  /** The finding in one sentence. */
  readonly message: string;
};

/**
 * Something that an export could not do, for a person to check. The fee or credit stays here, unless an earlier run
 * transferred it.
 */
export type BursarFinding =
  | AccountFinding
  | TypeNotMapped
  | PatronNotInDirectory
  | TransferRefused
  | RecalledSince
  | IdentifierEscaped
  | FileRowWithoutEvent
  | EventWithoutFileRow
  | FileNotCompared;
