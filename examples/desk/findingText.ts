import type { BursarFinding, SettlementFinding } from 'patron-fees/bursar';
import { refusalText } from './refusalText.js';

/** What an export or an import could not do, in a sentence for a clerk. What was read is quoted from the library's message. */
export function findingText(finding: BursarFinding | SettlementFinding): string {
  return 'row' in finding ? ofImport(finding) : ofExport(finding);
}

function ofImport(finding: SettlementFinding): string {
  const { code, row, line, reference, rejection, bookedBy, message } = finding;
  const where = row === null ? 'The file' : `Row ${row}${line === null ? '' : ` (line ${line})`}`;
  const read = readText(message.slice(message.indexOf(': ') + 2));
  const named = `“\u2068${reference ?? ''}\u2069”`;
  const before =
    bookedBy === undefined ? '' : ` from ${bookedBy.replace(/^import-(.*)\/(\d+)$/, '$1, row $2')}`;
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
      return `${where}: nothing was exported under the reference ${named}.`;
    case 'REPEATED':
      return `${where}: this payment was booked before${before}, and is not booked again.`;
    case 'OTHER_AMOUNT':
      return `${where}: this payment was booked before${before} with another amount. Ask the student system which is right.`;
    case 'REVERSED_SINCE':
      return `${where}: this payment was booked before, and was undone since. It is not booked again.`;
    case 'REFUSED':
      return `${where} is not booked. ${refused(rejection)}`;
    default:
      return `${where} is not booked. ${ofAccount(code)}`;
  }
}

/** What was read and what is needed, of the library's "expected ..., found ...". */
function readText(text: string): string {
  const { expected, found } = /expected (?<expected>.*), found (?<found>.*)$/.exec(text)?.groups ?? {};
  if (expected === undefined || found === undefined) return text;
  return `it has ${found.replace('a string of 0 characters', 'nothing')}, and needs ${expected}`;
}

function refused(rejection: SettlementFinding['rejection']): string {
  if (rejection === undefined || rejection.type === 'FileAlreadyImported') return 'The account refuses it.';
  if (rejection.type === 'TransferNotPending') return 'All of this transfer was paid or recalled before.';
  return refusalText(rejection);
}

function ofExport(finding: BursarFinding): string {
  switch (finding.code) {
    case 'REFUSED':
      return `Nothing new was exported. ${refusalText(finding.rejection)}`;
    case 'OTHER_CURRENCY':
    case 'CORRUPT_HISTORY':
    case 'INVALID_EVENT':
    case 'ACCOUNT_BUSY':
      return ofAccount(finding.code);
    default:
      return `${finding.message.charAt(0).toUpperCase()}${finding.message.slice(1)}.`;
  }
}

function ofAccount(code: 'OTHER_CURRENCY' | 'CORRUPT_HISTORY' | 'INVALID_EVENT' | 'ACCOUNT_BUSY'): string {
  return {
    OTHER_CURRENCY: 'The account is in another currency.',
    CORRUPT_HISTORY: 'The account is damaged. An administrator must repair it first.',
    INVALID_EVENT: 'The account is damaged. An administrator must repair it first.',
    ACCOUNT_BUSY: 'Others changed the account at the same time: run the job again.',
  }[code];
}
