import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { CommandActor } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { RETRY } from '../../history/retry.js';
import { canonicalJson } from '../../input/canonicalJson.js';
import { actorOf, type JobActor } from '../../job/jobHead.js';
import type { OfficeStore } from '../officeEvents.js';
import { executeOffice } from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import type { FileImported } from './fileImported.js';
import type { FileAlreadyImported } from './fileRejection.js';

/** What the form of a job says about its file, so that no file is imported twice. */
export type FileForm = {
  /**
   * The sender's number or day of the file: two files with the same rows, such as equal monthly instalments without
   * references, are two files if they differ in it.
   *
   * @defaultValue files with the same rows are the same file
   */
  readonly fileId?: string;
  /**
   * Whether to import a file that another job has imported before.
   *
   * @defaultValue `false`: it is refused
   */
  readonly again?: boolean;
};

/** The schemas of {@link FileForm}. */
export const fileFormFields = {
  fileId: v.exactOptional(nameField),
  again: v.exactOptional(v.boolean(), false),
};

/** The whole file of a job: another job imported it before. Nothing of it is done. */
export type FileFinding = {
  /** The reason. */
  readonly code: 'FILE_ALREADY_IMPORTED';
  /** The institution. */
  readonly institution: string;
  /** Always null: it is about no patron. */
  readonly patronId: null;
  /** The finding in one sentence. */
  readonly message: string;
  /** Which job imported it, and when. */
  readonly rejection: FileAlreadyImported;
};

/** What identifies a file. */
export type FileIdentity = Pick<FileImported['data'], 'sha256' | 'rows'>;

/**
 * Takes the rows of a file one by one, and returns its identity: null without any row. The order of a row's fields does
 * not matter, nor do zeros at the end of an amount, which spreadsheet programs leave out. The hash is stored, so it must never
 * change.
 *
 * @param kind - what the file is for: a list of fees may be imported, and later waived
 */
export function fileHash(kind: 'settlements' | 'openingBalances' | 'bulkWaive', fileId: string | undefined) {
  const hash = createHash('sha256').update(canonicalJson([kind, fileId ?? null]));
  let rows = 0;
  return {
    add(row: unknown): void {
      rows += 1;
      hash.update(`\n${canonicalJson(plainRow(row))}`);
    },
    identity: (): FileIdentity | null => (rows === 0 ? null : { sha256: hash.copy().digest('hex'), rows }),
  };
}

/** Returns a row as JSON has it: dates as texts. Rows may be anything; one that JSON cannot have counts as empty. */
function plainRow(row: unknown): unknown {
  try {
    const text = JSON.stringify(row, (name, value) => {
      if (typeof value === 'bigint') return String(value);
      return name === 'amount' && typeof value === 'string' ? withoutZeros(value) : value;
    });
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutZeros(amount: string): string {
  if (!amount.includes('.')) return amount;
  let end = amount.length;
  while (amount[end - 1] === '0') end -= 1;
  return amount.slice(0, amount[end - 1] === '.' ? end - 1 : end);
}

/** The job that imports a file. */
export type FileJob = Pick<FileForm, 'again'> & {
  readonly institution: string;
  readonly jobId: string;
  readonly at: string;
  readonly by?: CommandActor | JobActor | undefined;
};

type Imports = { readonly eventCount: number; readonly imports: readonly FileImported['data'][] };

/**
 * Records in the office that a job imports a file, before its first row. A job that imported it before goes on.
 *
 * @param mode - a plan records nothing
 * @returns why the file is refused; null if it may be imported
 */
export async function recordFile(
  office: OfficeStore,
  { institution, jobId, at, by, again = false }: FileJob,
  file: FileIdentity | null,
  mode: 'plan' | 'run',
): Promise<FileAlreadyImported | null> {
  if (file === null) return null;
  const data = { jobId, ...file, at, ...(by !== undefined && { by: actorOf(by) }) };
  const event: FileImported = { type: 'FileImported', data };
  const { decision } = await executeOffice<Imports, Decision>(
    office,
    streamOfKind(institution, 'files', file.sha256),
    {
      fold: (events, { eventCount, imports } = { eventCount: 0, imports: [] }) => ({
        eventCount: eventCount + events.length,
        imports: [...imports, ...(events as readonly FileImported[]).map(({ data }) => data)],
      }),
      decide: ({ imports }) => {
        const last = imports.at(-1);
        if (imports.some((earlier) => earlier.jobId === jobId)) return { events: [], rejection: null };
        if (last === undefined || again) return { events: mode === 'run' ? [event] : [], rejection: null };
        const { jobId: other, at: then } = last;
        return {
          events: [],
          rejection: { type: 'FileAlreadyImported', kind: 'conflict', jobId: other, at: then },
        };
      },
    },
    RETRY,
  );
  return decision.rejection;
}

type Decision = {
  readonly events: readonly FileImported[];
  readonly rejection: FileAlreadyImported | null;
};

/** Returns why a file is refused, in one sentence. */
export function refusedFileText({ jobId, at }: FileAlreadyImported): string {
  return `the job ${jobId} imported this file before, at ${at}; \`again\` in the form imports it once more`;
}

/** Returns the finding of a file that is refused. */
export function fileFinding(institution: string, rejection: FileAlreadyImported): FileFinding {
  const message = refusedFileText(rejection);
  return { code: 'FILE_ALREADY_IMPORTED', institution, patronId: null, message, rejection };
}
