import {
  type FileIdentity,
  type FileJob,
  fileHash,
  recordFile,
  refusedFileText,
} from '../office/files/importedFile.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { findingAt, rowFields, type SettlementFinding, type SettlementRow } from './settlementRow.js';
import { readingsOf, type SettlementRows, type SettlementSource } from './settlementSource.js';

/** Returns whether an answer is a file. */
export function isFile(source: unknown): boolean {
  return typeof source === 'object' && source !== null && 'file' in source;
}

/**
 * Reads an answer to its end, and records it in the office. Rows without an office are not read yet.
 *
 * @returns the answer to read from its beginning, and why nothing of it is booked
 */
export async function beginSettlement(
  given: SettlementSource,
  form: FileJob & { readonly fileId?: string | undefined },
  {
    office,
    signal,
    mode = 'run',
  }: {
    readonly office: OfficeStore | undefined;
    readonly signal: AbortSignal | undefined;
    readonly mode?: 'plan' | 'run';
  },
): Promise<{ readonly source: SettlementSource; readonly refused: SettlementFinding | null }> {
  if (office === undefined) return { source: given, refused: null };
  const source = 'rows' in given ? { rows: await listOf(given.rows) } : given;
  const identity = await identityOf(source, form.fileId, signal);
  if (identity !== null && 'code' in identity) return { source, refused: identity };
  const rejection = await recordFile(office, form, identity, mode);
  if (rejection === null) return { source, refused: null };
  const place = { row: null, line: null, reference: null, patronId: null };
  const message = `the file: ${refusedFileText(rejection)}`;
  return { source, refused: { code: 'FILE_ALREADY_IMPORTED', ...place, message, rejection } };
}

/** Returns the identity of an answer, or the finding of a broken file. */
async function identityOf(
  source: SettlementSource,
  fileId: string | undefined,
  signal: AbortSignal | undefined,
): Promise<FileIdentity | SettlementFinding | null> {
  const hash = fileHash('settlements', fileId);
  for await (const reading of readingsOf(source)) {
    signal?.throwIfAborted();
    if ('broken' in reading)
      return findingAt({ row: null, line: reading.line }, 'BROKEN_FILE', reading.broken);
    const fields = 'row' in reading ? rowFields(reading.row) : undefined;
    if (fields !== undefined) hash.add(fields);
  }
  return hash.identity();
}

/** Keeps the rows of another program, which may be read only once. */
async function listOf(rows: SettlementRows['rows']): Promise<readonly SettlementRow[]> {
  const list: SettlementRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
