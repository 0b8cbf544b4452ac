import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { timeZoneField } from '../input/timeZone.js';
import { type CsvOptions, identifiersField } from '../job/csv.js';
import type { JobOptions } from '../job/job.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import { writeTextFile } from '../job/textFile.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { bursarAlmaXml } from './bursarAlmaXml.js';
import { bursarCsv, escapedIdentifiers, isBursarColumn } from './bursarCsv.js';
import { type PreparedExport, preparedExport } from './bursarExportOfAccount.js';
import type { BursarFinding, IdentifierEscaped } from './bursarFinding.js';
import { type BursarForm, bursarFormFields, codesField } from './bursarForm.js';
import { type BursarPatrons, patronsField } from './bursarPatron.js';
import type { BursarFileFormat, BursarTransfer } from './bursarTransfer.js';
import { existingFile } from './existingFile.js';
import {
  type BursarExportReport,
  type BursarRewriteForm,
  checkedExportForm,
  type ExportJob,
  exportedAccounts,
} from './exportedAccounts.js';

/** The file of an export, and how the job runs. `identifiers` applies to `csv`. */
export type BursarFileOptions = JobOptions &
  FindingOptions<BursarFinding> &
  CsvOptions & {
    /** The path of the file. The file is written completely or not at all, and replaces an existing one. */
    readonly file: string;
    /** `csv`, or `alma-xml` for the format of Alma's own export. */
    readonly format: 'csv' | 'alma-xml';
    /** The time zone of the dates in `alma-xml`, an IANA name; `UTC` if left out. */
    readonly timeZone?: string;
    /** The patron directory; all patrons with their id but no name if left out. */
    readonly patrons?: BursarPatrons;
    /**
     * Which contact data of the directory the `csv` file has, e.g. `['email', 'street']`: a column each, under the same
     * name, after all others.
     *
     * @defaultValue none
     */
    readonly contactColumns?: readonly string[];
  };

const fileFields = {
  file: v.pipe(v.string('a path'), v.nonEmpty('a path')),
  format: v.picklist(['csv', 'alma-xml'], 'csv or alma-xml'),
  timeZone: v.optional(timeZoneField),
  patrons: v.optional(patronsField),
  contactColumns: v.optional(
    v.array(
      v.pipe(
        nameField,
        v.check((name) => !isBursarColumn(name), 'a name that no other column has'),
      ),
    ),
  ),
  identifiers: identifiersField,
};

/**
 * Transfers fees and credits of an institution to an external billing system: executes
 * {@link index.TransferFees | TransferFees} on each account, and writes the file for the system.
 *
 * The file is made from the events: it contains everything that the job transferred, each row once, and nothing else,
 * even if an earlier run stopped. A killed job leaves no new file; run it again with the same form and options, and it
 * finishes. Do not run the job again after the file was sent: it would add fees that have become eligible since.
 * {@link rewriteBursarFile} writes the same file again.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the job, and the fees, credits and patrons to export
 * @param options - the file, the directory, how the job runs
 * @returns the figures of the file, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; `INVALID_ARGUMENT` for an invalid entry of the directory; any
 * error of the store or the file system
 *
 * @columns Of the CSV file: `reference`, which the system returns when it reports a payment; `institution`, `patronId`,
 * `identifier`, `name` of the patron; `kind`, fee or credit; `id`; `type`, CREDIT for credits; `code` of the type
 * there; `amount` in whole currency units, such as 12.50, below 0 for credits; `currency`, an ISO 4217 code; `owner`;
 * of the item `title`, `callNumber`, `barcode`, `library`, `location`, `dueAt`; `since`, when it was charged or issued,
 * and `transferredAt`, times with a zone; `feeId`, `feeType` of the fee, for credits of the one they came from;
 * `vatPercent`; `vat`, the tax in the amount, written like it. Then the contact data of the options
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarExport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * const fee = { type: 'AssessFee', feeType: 'OTHER', owner: 'MAIN', at } as const;
 * for (const [id, amount] of [['f1', '123.45'], ['f2', '0.82'], ['f3', '300'], ['f4', '1.45']] as const) {
 *   await execute(store, policy, { institution: 'north', patronId: 'u17' }, { ...fee, id, amount });
 * }
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'bursar-')), 'export-9.csv');
 * const form = { jobId: 'export-9', institution: 'north', at, fees: {} };
 * const report = await runBursarExport(store, policy, form, { file, format: 'csv' });
 * report.fees; //=> { count: 4, amount: '425.72' }
 * readFileSync(file, 'utf8').split('\r\n').length; //=> 6
 * ```
 */
export async function runBursarExport(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarForm,
  options: BursarFileOptions,
): Promise<BursarExportReport> {
  const job = openJob(stores, policy, options, {
    form: (rules) => checkedExportForm(form, rules, options),
    options: fileFields,
  });
  return exportWhole(job, preparedExport(job.form, job.policy), options);
}

/**
 * Writes the file of an export again from the events, and transfers nothing: for a file that was lost, or is needed in
 * another format. Rows that were settled or recalled since stay in it with the original amounts; recalled ones are
 * findings.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the export
 * @param options - the file, the directory, how the job runs
 * @returns the figures of the file, and the findings; the job of the report is the export, without time and actor
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runBursarExport} does
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarExport, rewriteBursarFile } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'u17' }, fee);
 *
 * const folder = mkdtempSync(join(tmpdir(), 'bursar-'));
 * const job = { jobId: 'export-9', institution: 'north' };
 * const [sent, again] = [join(folder, 'sent.csv'), join(folder, 'again.csv')];
 * await runBursarExport(store, policy, { ...job, at, fees: {} }, { file: sent, format: 'csv' });
 * const report = await rewriteBursarFile(store, policy, job, { file: again, format: 'csv' });
 * report.fees; //=> { count: 1, amount: '2.50' }
 * readFileSync(again, 'utf8') === readFileSync(sent, 'utf8'); //=> true
 * ```
 */
export async function rewriteBursarFile(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarRewriteForm,
  options: BursarFileOptions,
): Promise<BursarExportReport> {
  const job = openJob(stores, policy, options, {
    form: (rules) => {
      const { jobId, institution } = bursarFormFields(rules);
      const schema = v.strictObject({ jobId, institution, codes: v.optional(codesField) });
      return checkedArgument(schema, form, 'form') as BursarRewriteForm;
    },
    options: fileFields,
  });
  const { jobId, codes } = job.form;
  const nothingNew = { groups: undefined, command: null, uncoded: null, whole: null, open: job.policy };
  return exportWhole(job, { jobId, codes, ...nothingNew }, options);
}

function exportWhole(
  job: ExportJob,
  prepared: PreparedExport,
  options: BursarFileOptions,
): Promise<BursarExportReport> {
  const { institution, jobId } = job.form;
  const { file, format, timeZone = 'UTC', patrons, identifiers = 'escaped', contactColumns = [] } = options;
  const isEscaped = format === 'csv' && identifiers === 'escaped';
  const { exported, figures } = exportedAccounts(job, prepared, patrons);

  async function* pieces({ head, patron, foot }: BursarFileFormat) {
    const before = await existingFile(options, { institution, jobId }, job.digits);
    if (before.fault !== null) await job.found(before.fault);
    yield head;
    for await (const { patronId, transfers, doneNow, wasRead } of exported()) {
      if (!wasRead) before.leaveOut(patronId);
      for (const finding of [
        ...(isEscaped ? escapedFinding(transfers) : []),
        ...before.compare(patronId, transfers, doneNow),
      ])
        await job.found(finding);
      if (transfers.length > 0) yield patron(transfers);
    }
    for (const finding of before.rest()) await job.found(finding);
    yield foot;
  }

  const text = format === 'csv' ? bursarCsv({ identifiers, contactColumns }) : bursarAlmaXml(jobId, timeZone);
  return job.working(() => writeTextFile(file, pieces(text)), figures);
}

/** Returns a finding for the ids and codes of one patron that the file escapes. */
function escapedFinding(transfers: readonly BursarTransfer[]): readonly IdentifierEscaped[] {
  const escaped = escapedIdentifiers(transfers);
  const [first] = transfers;
  if (first === undefined || escaped.length === 0) return [];
  const { institution, patronId } = first;
  const list = escaped.map((text) => JSON.stringify(text)).join(', ');
  const message = `the file has an apostrophe in front of ${list}; identifiers: 'asIs' leaves it out`;
  return [{ institution, patronId, code: 'IDENTIFIER_ESCAPED', identifiers: escaped, message }];
}
