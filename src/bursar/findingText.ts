import type { Rejection } from '../account/rejections/rejection.js';
import { rejectionText } from '../account/rejections/rejectionText.js';
import { MISSING } from '../input/faults.js';
import type { AccountFinding } from '../job/accountFinding.js';
import { isolatedText } from '../views/shownText.js';
import type { BursarFinding } from './bursarFinding.js';
import type { SettlementFinding } from './settlementRow.js';

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
