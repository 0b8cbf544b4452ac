import { stat } from 'node:fs/promises';
import { parseAmount } from '../money/money.js';
import type { BursarFinding, RowWithoutEvent } from './bursarFinding.js';
import { parseBursarReference } from './bursarReference.js';
import type { BursarTransfer } from './bursarTransfer.js';
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

type Rows = Map<
  string,
  { readonly transferId: string; readonly minor: bigint | null; readonly amount: string }
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
    rows.set(reference, { transferId: parts.transferId, minor: minorUnits(amount, digits), amount });
    byPatron.set(parts.patronId, rows);
  }
  if (byPatron.size === 0) return none;

  const rowOnly = (row: Pick<RowWithoutEvent, 'patronId' | 'reference' | 'amount' | 'transferredNow'>) => {
    const { reference, amount, transferredNow } = row;
    const now = transferredNow ? ', which this run transferred again' : ': it is not transferred here';
    const message = `the existing file has ${reference} (${amount}), but there was no event of it${now}`;
    return { ...row, institution, code: 'ROW_WITHOUT_EVENT', message } as const;
  };
  return {
    fault: null,
    compare: (patronId, transfers, isNew) => {
      const rows: Rows = byPatron.get(patronId) ?? new Map();
      const findings = transfers.flatMap((transfer): BursarFinding[] => {
        const { reference, kind, amount } = transfer;
        const row = rows.get(reference);
        const signed = kind === 'credit' ? `-${amount}` : amount;
        if (row !== undefined && row.minor === minorUnits(signed, digits)) {
          rows.delete(reference);
          return isNew ? [rowOnly({ patronId, reference, amount: row.amount, transferredNow: true })] : [];
        }
        // The previous file cannot contain transfers that this run makes for the first time.
        if (isNew) return [];
        const message = `the existing file does not have ${reference} (${signed}); the file of this run has it`;
        return [{ institution, patronId, code: 'EVENT_WITHOUT_ROW', reference, amount: signed, message }];
      });
      const left = [...rows].map(([reference, { amount }]) =>
        rowOnly({ patronId, reference, amount, transferredNow: false }),
      );
      byPatron.delete(patronId);
      return [...findings, ...left];
    },
    leaveOut: (patronId) => byPatron.delete(patronId),
    rest: () =>
      [...byPatron].flatMap(([patronId, rows]) =>
        [...rows].map(([reference, { amount }]) =>
          rowOnly({ patronId, reference, amount, transferredNow: false }),
        ),
      ),
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
