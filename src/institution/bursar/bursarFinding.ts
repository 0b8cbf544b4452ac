import type { Rejection } from '../../account/rejection.js';
import type { StreamId } from '../../history/eventStore.js';
import type { AccountFinding } from '../accountFinding.js';

/** A fee or credit whose type has no code of the external system. */
export type TypeNotMapped = StreamId & {
  /** The finding's name. */
  readonly code: 'TYPE_NOT_MAPPED';
  /** The fee, or null for a credit. */
  readonly feeId: string | null;
  /** The credit, or null for a fee. */
  readonly creditId: string | null;
  /** The fee's type; `CREDIT` for a credit. */
  readonly feeType: string;
  /** What would be handed over, a decimal string. */
  readonly amount: string;
  /** Whether an earlier run of the job handed it over: then the file has it, under the code of its type here. */
  readonly handedOver: boolean;
  /** One sentence for a person. */
  readonly message: string;
};

/** A patron of whom something would be handed over, and whom the directory does not have. */
export type PatronNotInDirectory = StreamId & {
  /** The finding's name. */
  readonly code: 'PATRON_NOT_IN_DIRECTORY';
  /** Whether an earlier run of the job handed something over: then the file names the patron by id. */
  readonly handedOver: boolean;
  /** One sentence for a person. */
  readonly message: string;
};

/** An account whose fees and credits could not be handed over. */
export type TransferRefused = StreamId & {
  /** The finding's name. */
  readonly code: 'REFUSED';
  /** Why; `IdAlreadyUsed` when an earlier run of the job was asked for something else. */
  readonly rejection: Rejection;
  /** One sentence for a person. */
  readonly message: string;
};

/** A fee or credit that was recalled since the job handed it over: the external system must not book it from the file. */
export type RecalledSince = StreamId & {
  /** The finding's name. */
  readonly code: 'RECALLED';
  /** The reference of the transfer in the file. */
  readonly reference: string;
  /** How much of it was recalled, a decimal string. */
  readonly amount: string;
  /** One sentence for a person. */
  readonly message: string;
};

/**
 * Ids or codes that the CSV file does not have as they are, since a spreadsheet would run them as formulas: the external
 * system has to strip the apostrophe, or the file is written with `identifiers: 'asIs'`.
 */
export type IdentifierEscaped = StreamId & {
  /** The finding's name. */
  readonly code: 'IDENTIFIER_ESCAPED';
  /** The ids and codes, as they are here. */
  readonly identifiers: readonly string[];
  /** One sentence for a person. */
  readonly message: string;
};

/**
 * A row of the file that was there before this run, without an event: a power cut took the event back. The external system
 * may have booked it.
 */
export type RowWithoutEvent = StreamId & {
  /** The finding's name. */
  readonly code: 'ROW_WITHOUT_EVENT';
  /** The reference of the row. */
  readonly reference: string;
  /** The amount of the row, negative for a credit. */
  readonly amount: string;
  /**
   * Whether this run handed the same over, so that file and events agree again. If not, the new file does not have the
   * row: take it back in the external system, or the patron is charged twice.
   */
  readonly handedOverNow: boolean;
  /** One sentence for a person. */
  readonly message: string;
};

/** A transfer of an earlier run that the file that was there lacks, or has with another amount. The new file has it. */
export type EventWithoutRow = StreamId & {
  /** The finding's name. */
  readonly code: 'EVENT_WITHOUT_ROW';
  /** The reference of the transfer. */
  readonly reference: string;
  /** Its amount, negative for a credit. */
  readonly amount: string;
  /** One sentence for a person. */
  readonly message: string;
};

/** The file that was there before this run could not be read, and was not compared with the events. */
export type FileNotCompared = {
  /** The finding's name. */
  readonly code: 'FILE_NOT_COMPARED';
  /** The institution. */
  readonly institution: string;
  /** It is about no patron. */
  readonly patronId: null;
  /** One sentence for a person. */
  readonly message: string;
};

/**
 * What an export could not do, and somebody has to look at. What it is about stays owed here, unless it was handed over
 * before.
 */
export type BursarFinding =
  | AccountFinding
  | TypeNotMapped
  | PatronNotInDirectory
  | TransferRefused
  | RecalledSince
  | IdentifierEscaped
  | RowWithoutEvent
  | EventWithoutRow
  | FileNotCompared;
