import type { Rejection } from '../../account/rejections.js';
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

/** An account that others kept on appending to: run the job again. */
export type AccountBusy = StreamId & {
  /** The finding's name. */
  readonly code: 'ACCOUNT_BUSY';
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
  | AccountBusy;
