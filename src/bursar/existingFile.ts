import { stat } from 'node:fs/promises';
import { parseAmount } from '../money/money.js';
import type { BursarFinding } from './bursarFinding.js';
import { parseBursarReference } from './bursarReference.js';
import type { BursarTransfer } from './bursarTransfer.js';
import { pairedRows } from './pairedRows.js';
import { readSettlementCsv } from './readSettlementCsv.js';
import { readSettlementXml } from './readSettlementXml.js';

/** The rows of an earlier run's file, and their comparison with the events. */
export type ExistingFile = {
  /** A fault of the whole file; then no row is compared. */
  readonly fault: BursarFinding | null;
  /** Compares the rows of an account. `isNew` is true if this run made the transfers. */
  readonly compare: (
    patronId: string,
    transfers: readonly BursarTransfer[],
    isNew: boolean,
  ) => BursarFinding[];
  /** Leaves out an account that cannot be read, since its events are unknown. */
  readonly leaveOut: (patronId: string) => void;
  /** Returns findings for the rows that are left after all accounts were compared. */
  readonly rest: () => BursarFinding[];
};

/** The rows of a patron by reference. */
type Rows = Map<
  string,
  { readonly reference: string; readonly minor: bigint | null; readonly amount: string }
>;

/**
 * Reads the existing file before a job replaces it. If the job ran before and the file has a row without an event, a
 * power cut lost events that were not on the disk yet, although the file was.
 *
 * Rows of other jobs are ignored, since a file may be replaced by the next month's. The rows are kept in memory during
 * the job, about 200 bytes each.
 *
 * @param digits - the number of decimals of the currency
 */
export async function existingFile(
  { file, format }: { readonly file: string; readonly format: 'csv' | 'alma-xml' },
  { institution, jobId }: { readonly institution: string; readonly jobId: string },
  digits: number,
): Promise<ExistingFile> {
  const none: ExistingFile = { fault: null, compare: () => [], leaveOut: () => undefined, rest: () => [] };
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) return none;
  const byPatron = new Map<string, Rows>();
  for await (const reading of format === 'csv' ? readSettlementCsv(file, {}) : readSettlementXml(file)) {
    if ('broken' in reading) {
      const { expected, found } = reading.broken;
      const message = `the existing file could not be compared: expected ${expected}, found ${found}`;
      return { ...none, fault: { code: 'FILE_NOT_COMPARED', institution, patronId: null, message } };
    }
    if (!('row' in reading)) continue;
    const { reference = '', amount = '' } = reading.row as { reference?: string; amount?: string };
    const parts = parseBursarReference(reference);
    if (parts === undefined || !isOfJob(parts.transferId, jobId)) continue;
    const rows: Rows = byPatron.get(parts.patronId) ?? new Map();
    rows.set(reference, { reference, minor: minorUnits(amount, digits), amount });
    byPatron.set(parts.patronId, rows);
  }
  if (byPatron.size === 0) return none;

  const rowOnly = (patronId: string, reference: string, amount: string, transferredNow: boolean) => {
    const now = transferredNow ? ', which this run transferred again' : ': it is not transferred here';
    const message = `the existing file has ${reference} (${amount}), but there was no event of it${now}`;
    const code = 'FILE_ROW_WITHOUT_EVENT';
    return { institution, patronId, reference, amount, transferredNow, code, message } as const;
  };
  const eventOnly = (patronId: string, reference: string, amount: string) => {
    const message = `the existing file does not have ${reference} (${amount}); the file of this run has it`;
    return { institution, patronId, code: 'EVENT_WITHOUT_FILE_ROW', reference, amount, message } as const;
  };
  const compare: ExistingFile['compare'] = (patronId, transfers, isNew) => {
    const rows: Rows = byPatron.get(patronId) ?? new Map();
    byPatron.delete(patronId);
    const signed = new Map(
      transfers.map(({ reference, kind, amount }) => [reference, kind === 'credit' ? `-${amount}` : amount]),
    );
    const inEvents = new Map(
      [...signed].map(([reference, amount]) => [reference, minorUnits(amount, digits) as bigint]),
    );
    return pairedRows(rows.values(), inEvents).flatMap(({ reference, row, inEvents: known }) => {
      if (row !== null && known !== null && row.minor === known)
        return isNew ? [rowOnly(patronId, reference, row.amount, true)] : [];
      return [
        // The previous file cannot contain transfers that this run makes for the first time.
        ...(known === null || isNew ? [] : [eventOnly(patronId, reference, signed.get(reference) as string)]),
        ...(row === null ? [] : [rowOnly(patronId, reference, row.amount, false)]),
      ];
    });
  };
  return {
    fault: null,
    compare,
    leaveOut: (patronId) => byPatron.delete(patronId),
    rest: () => [...byPatron.keys()].flatMap((patronId) => compare(patronId, [], false)),
  };
}

/** Returns whether a job made a transfer. Its transfers have the ids `job`, `job#1` and so on. */
function isOfJob(transferId: string, jobId: string): boolean {
  return (
    transferId === jobId ||
    (transferId.startsWith(`${jobId}#`) && /^\d+$/.test(transferId.slice(jobId.length + 1)))
  );
}

/** Parses an amount of a file, with or without trailing zeros, to minor units; null if invalid. */
function minorUnits(amount: string, digits: number): bigint | null {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim()) ?? [];
  if (whole === '' || decimals.length > digits) return null;
  const text = digits === 0 ? whole : `${whole}.${decimals.padEnd(digits, '0')}`;
  const minor = parseAmount(text, digits);
  return minor < 0 ? null : BigInt(`${sign}${minor}`);
}
