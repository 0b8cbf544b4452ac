import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { type FindingsReport, findingTally } from '../../job/tallies.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { loadSeals } from '../../seals/sealBook.js';
import { totalOf } from '../../seals/sealFile.js';
import { folderField } from '../../seals/verifySeals.js';
import { recordedFiles, unrecordedPath } from './monthFiles.js';

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
