import type { Rejection } from '../account/rejections/rejection.js';
import { rejectionText } from '../account/rejections/rejectionText.js';
import type { StreamId } from '../history/eventStore.js';
import { MISSING } from '../input/faults.js';
import type { AccountFinding } from '../job/accountFinding.js';
import { isolatedText } from '../views/shownText.js';
import type { SettlementFinding } from './settlementRow.js';

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

/** The words of your own in the sentences of {@link findingText}. */
export type FindingTextOptions = {
  /**
   * Returns why an account refuses something, in a sentence.
   *
   * @defaultValue {@link index.rejectionText | rejectionText}
   */
  readonly refusal?: (rejection: Rejection) => string;
  /**
   * Returns what people call a job, by its id.
   *
   * @defaultValue its id
   */
  readonly jobName?: (jobId: string) => string;
};

/**
 * Returns a finding of an export or of an import of settlements in a sentence for the person who checks it.
 *
 * @param finding - a finding, as a report has it
 * @param options - words of your own for refusals and jobs
 * @returns the sentence, in English
 *
 * @example
 * ```ts
 * import { findingText } from 'patron-fees/bursar';
 *
 * const place = { row: 2, line: 3, reference: 't1@dverma', patronId: 'dverma' };
 * const misread = { expected: 'an amount of USD, not zero', found: '"0.00"', message: 'row 2, line 3: ...' };
 * findingText({ code: 'AMOUNT_NOT_USABLE', ...place, ...misread });
 * //=> 'Row 2 (line 3) cannot be booked: it has "0.00", and needs an amount of USD, not zero.'
 * ```
 */
export function findingText(
  finding: BursarFinding | SettlementFinding,
  options: FindingTextOptions = {},
): string {
  const { refusal = rejectionText, jobName = String } = options;
  return 'row' in finding ? ofImport(finding, refusal, jobName) : ofExport(finding, refusal);
}

function ofImport(
  { code, row, line, reference, rejection, bookedBy, expected, found }: SettlementFinding,
  refusal: (rejection: Rejection) => string,
  jobName: (jobId: string) => string,
): string {
  const where = row === null ? 'The file' : `Row ${row}${line === null ? '' : ` (line ${line})`}`;
  const isNothing = found === MISSING || found === 'a string of 0 characters';
  const read = `it has ${isNothing ? 'nothing' : found}, and needs ${expected}`;
  const [, jobId = bookedBy, position] = /^(.*)\/(\d+)$/.exec(bookedBy ?? '') ?? [];
  const place = position === undefined ? '' : `, row ${position}`;
  const before = jobId === undefined ? '' : ` from ${jobName(jobId)}${place}`;
  switch (code) {
    case 'BROKEN_FILE':
      return `The file cannot be read, so none of it is booked: ${read}.`;
    case 'FILE_ALREADY_IMPORTED':
      return 'The same payments were imported before, so none of them is booked again.';
    case 'BROKEN_ROW':
      return `${where} cannot be read: ${read}.`;
    case 'AMOUNT_NOT_USABLE':
      return `${where} cannot be booked: ${read}.`;
    case 'OTHER_CURRENCY':
      return `${where} is in another currency: ${read}.`;
    case 'UNKNOWN_REFERENCE':
      return `${where}: nothing was exported under the reference “${isolatedText(reference ?? '')}”.`;
    case 'REPEATED':
      return `${where}: this payment was booked before${before}, and is not booked again.`;
    case 'OTHER_AMOUNT':
      return `${where}: this payment was booked before${before} with another amount. Ask the external system which is right.`;
    case 'REVERSED_SINCE':
      return `${where}: this payment was booked before, and was undone since. It is not booked again.`;
    case 'REFUSED':
      return `${where} is not booked. ${refused(rejection, refusal)}`;
    default:
      return `${where} is not booked. ${ofAccount(code)}`;
  }
}

function refused(
  rejection: SettlementFinding['rejection'],
  refusal: (rejection: Rejection) => string,
): string {
  if (rejection === undefined || rejection.type === 'FileAlreadyImported') return 'The account refuses it.';
  if (rejection.type === 'TransferNotPending') return 'All of this transfer was paid or recalled before.';
  return refusal(rejection);
}

function ofExport(finding: BursarFinding, refusal: (rejection: Rejection) => string): string {
  switch (finding.code) {
    case 'REFUSED':
      return `Nothing new was exported. ${refusal(finding.rejection)}`;
    case 'OTHER_CURRENCY':
    case 'CORRUPT_HISTORY':
    case 'INVALID_EVENT':
    case 'ACCOUNT_BUSY':
      return ofAccount(finding.code);
    default:
      return `${finding.message.charAt(0).toUpperCase()}${finding.message.slice(1)}.`;
  }
}

function ofAccount(code: AccountFinding['code']): string {
  switch (code) {
    case 'OTHER_CURRENCY':
      return 'The account is in another currency.';
    case 'ACCOUNT_BUSY':
      return 'Others changed the account at the same time: run the job again.';
    default:
      return 'The account is damaged. An administrator must repair it first.';
  }
}
