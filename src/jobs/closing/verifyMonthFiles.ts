import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nameField } from '../../account/fieldSchemas.js';
import { RETRY } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { onlyFields } from '../../input/plainObject.js';
import type { JobHead } from '../../job/jobHead.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { type FindingsReport, findingTally } from '../../job/tallies.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { executeOffice } from '../../office/officeStream.js';
import type { MonthClosed, MonthFile } from '../../office/seals/sealEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { loadSeals } from '../../seals/sealBook.js';
import { totalOf } from '../../seals/sealFile.js';
import { folderField } from '../../seals/verifySeals.js';

/** A file as the last closing that wrote it recorded it. */
type RecordedFile = MonthFile & {
  /** The number of the seal of its month. */
  readonly seal: number;
  /** The SHA-256 of the file that this one replaced; null if it was the first. */
  readonly replaced: string | null;
};

/** The closings of an institution, and their files by name. */
type Closings = { readonly eventCount: number; readonly files: ReadonlyMap<string, RecordedFile> };

function foldClosings(
  events: readonly OfficeEvent[],
  state: Closings = { eventCount: 0, files: new Map() },
): Closings {
  const files = new Map(state.files);
  for (const { data } of events as readonly MonthClosed[]) {
    for (const file of data.files) {
      const replaced = files.get(file.name)?.sha256 ?? null;
      files.set(file.name, { ...file, seal: data.seal, replaced });
    }
  }
  return { eventCount: state.eventCount + events.length, files };
}

/** Reads the files that the closings of an institution recorded, by name. */
async function recordedFiles(
  office: OfficeStore,
  institution: string,
): Promise<ReadonlyMap<string, RecordedFile>> {
  const { events } = await office.read(streamOfKind(institution, 'closings'));
  return foldClosings(events.map(({ event }) => event)).files;
}

/** The path of a file until its closing is recorded. */
export function unrecordedPath(folder: string, name: string): string {
  return `${join(folder, name)}.closing`;
}

/** Records the SHA-256 of the files of a month, unless they are recorded just so, and gives them their names. */
export async function recordFiles(
  office: OfficeStore,
  {
    seal,
    institution,
    at,
    by,
    jobId,
  }: Pick<JobHead, 'institution' | 'at' | 'by' | 'jobId'> & { seal: number },
  folder: string,
  names: readonly string[],
): Promise<void> {
  const files = await Promise.all(
    names.map(async (name) => {
      const path = unrecordedPath(folder, name);
      return { name, bytes: (await stat(path)).size, sha256: (await totalOf(path)) as string };
    }),
  );
  const event: MonthClosed = {
    type: 'MonthClosed',
    data: { seal, files, at: at as string, ...(by !== null && { by }) },
    ...(jobId !== null && { metadata: { correlationId: jobId } }),
  };
  await executeOffice<Closings, { readonly events: readonly OfficeEvent[] }>(
    office,
    streamOfKind(institution, 'closings'),
    {
      fold: foldClosings,
      decide: ({ files: recorded }) => {
        const isSame = files.every(({ name, sha256 }) => {
          const before = recorded.get(name);
          return before?.sha256 === sha256 && before.seal === seal;
        });
        return { events: isSame ? [] : [event] };
      },
    },
    RETRY,
  );
  for (const name of names) await rename(unrecordedPath(folder, name), join(folder, name));
}

/** Renames the files of a closing that was killed after it was recorded. */
export async function finishFiles(office: OfficeStore, institution: string, folder: string): Promise<void> {
  for (const { name, sha256 } of (await recordedFiles(office, institution)).values()) {
    const path = unrecordedPath(folder, name);
    if ((await totalOf(path)) === sha256) await rename(path, join(folder, name));
  }
}

/** Whose files of closed months are verified. */
export type VerifyMonthFilesForm = {
  /** The institution. */
  readonly institution: string;
  /** The folder with the files of its closed months. */
  readonly folder: string;
};

/**
 * What is wrong with a file of a closed month.
 *
 * - `FILE_CHANGED`: it is not the file that its closing wrote.
 * - `FILES_NOT_RECORDED`: it has the name of a file of a sealed month, and no closing recorded its SHA-256.
 */
export type MonthFileFinding = {
  /** What is wrong. */
  readonly code: 'FILE_CHANGED' | 'FILES_NOT_RECORDED';
  /** The name of the file. */
  readonly name: string;
  /** The number of the seal of its month. */
  readonly seal: number;
  /** The SHA-256 that its closing recorded; null without one. */
  readonly expected: string | null;
  /** Its SHA-256. */
  readonly found: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** What {@link verifyMonthFiles} has read. */
export type VerifiedMonthFiles = {
  /** The number of files that are as their closings wrote them. */
  readonly files: number;
  /** The files that are not, and those that no closing recorded. */
  readonly findings: FindingsReport<MonthFileFinding>;
};

const formSchema = onlyFields({ institution: nameField, folder: folderField });

/** The names of the files that {@link closeMonth} writes, with their month. */
const MONTH_FILE =
  /^(?:journal|till|payments|aged-debt)-(\d{4}-\d{2})[-.](?:.*\.)?(?:journal|beancount|csv)$/;

/**
 * Compares the files of closed months with the SHA-256 that {@link closeMonth} recorded of each in the office. Needs no
 * account: after a purge, when a month can no longer be written again, its files are still proven. A file that is
 * absent is no finding; of a file that was written again, the last one counts.
 *
 * @param office - the store of the office
 * @param form - the institution, and the folder
 * @returns the number of files that are as they were written, and a finding for each other one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form;
 * `CORRUPT_HISTORY`; errors of the store and the file system
 *
 * @example
 * ```ts
 * import { appendFileSync, mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { closeMonth, verifyMonthFiles } from 'patron-fees/closing';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const now = () => '2026-04-01T09:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const folder = mkdtempSync(join(tmpdir(), 'closing-'));
 * const month = { institution: 'north', month: '2026-03', timeZone: 'America/New_York', at: now() };
 * const form = { ...month, format: 'csv' } as const;
 * await closeMonth(stores, definePolicy({ currency: 'USD' }), form, { folder, files: folder });
 * (await verifyMonthFiles(stores.office, { institution: 'north', folder })).files; //=> 4
 *
 * appendFileSync(join(folder, 'payments-2026-03-USD.csv'), 'one more line');
 * const { findings } = await verifyMonthFiles(stores.office, { institution: 'north', folder });
 * findings.byCode; //=> { FILE_CHANGED: 1 }
 * ```
 */
export async function verifyMonthFiles(
  office: OfficeStore,
  form: VerifyMonthFilesForm,
): Promise<VerifiedMonthFiles> {
  assertOfficeStore(office);
  const { institution, folder } = checkedArgument(formSchema, form, 'form');
  const recorded = await recordedFiles(office, institution);
  const tally = findingTally<MonthFileFinding>();
  let files = 0;
  for (const { name, seal, sha256, bytes, replaced } of recorded.values()) {
    const path = join(folder, name);
    const found = await totalOf(path);
    // A killed closing has recorded the next file, which the next one renames.
    const isUnfinished = found === replaced && (await totalOf(unrecordedPath(folder, name))) === sha256;
    if (found === sha256 || (found !== null && isUnfinished)) files += 1;
    else if (found !== null) {
      const { size } = await stat(path);
      const message = `${name} has ${size} bytes and the SHA-256 ${found}, not ${bytes} and ${sha256}`;
      tally.add({ code: 'FILE_CHANGED', name, seal, expected: sha256, found, message });
    }
  }
  const seals = new Map(
    (await loadSeals(office, institution)).map(({ seal: { number, cutoff, timeZone } }) => {
      const lastDay = new Date(Date.parse(cutoff) - 1).toISOString();
      return [localDay(timeZone)(lastDay).slice(0, 'YYYY-MM'.length), number];
    }),
  );
  for (const name of (await readdir(folder)).sort()) {
    const seal = seals.get(MONTH_FILE.exec(name)?.[1] ?? '');
    if (seal === undefined || recorded.has(name)) continue;
    const found = (await totalOf(join(folder, name))) ?? '';
    const message = `${name} has no recorded SHA-256: close the month again`;
    tally.add({ code: 'FILES_NOT_RECORDED', name, seal, expected: null, found, message });
  }
  return { files, findings: tally.result() };
}
