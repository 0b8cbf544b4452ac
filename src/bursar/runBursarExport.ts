import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import type { EventStore } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { timeZoneField } from '../input/timeZone.js';
import { type Column, type CsvOptions, csvTable, identifiersField, isFormula } from '../job/csv.js';
import type { JobOptions } from '../job/job.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import { writeTextFile } from '../job/textFile.js';
import { parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { bursarAlmaXml } from './bursarAlmaXml.js';
import { pairedRows } from './bursarDifference.js';
import {
  type BursarExportReport,
  type BursarRewriteForm,
  checkedExportForm,
  type ExportForm,
  type ExportJob,
  exportedAccounts,
  type PreparedExport,
  preparedExport,
} from './bursarExportOfAccount.js';
import type { BursarFinding, IdentifierEscaped } from './bursarFinding.js';
import { type BursarForm, bursarFormFields, codesField } from './bursarForm.js';
import { parseBursarReference } from './bursarReference.js';
import {
  type BursarFileFormat,
  type BursarPatrons,
  type BursarTransfer,
  patronsField,
  signedAmount,
  signedVat,
} from './bursarTransfer.js';
import { readSettlementCsv, readSettlementXml } from './settlementSource.js';

/** The columns of the CSV file. Credits have negative amounts. */
const columns: readonly Column<BursarTransfer>[] = [
  { name: 'reference', cellOf: ({ reference }) => reference, identifies: true },
  { name: 'institution', cellOf: ({ institution }) => institution, identifies: true },
  { name: 'patronId', cellOf: ({ patronId }) => patronId, identifies: true },
  { name: 'identifier', cellOf: ({ identifier }) => identifier, identifies: true },
  { name: 'name', cellOf: ({ name }) => name },
  { name: 'kind', cellOf: ({ kind }) => kind },
  { name: 'id', cellOf: ({ id }) => id, identifies: true },
  { name: 'type', cellOf: ({ type }) => type, identifies: true },
  { name: 'code', cellOf: ({ code }) => code, identifies: true },
  { name: 'amount', cellOf: signedAmount },
  { name: 'currency', cellOf: ({ currency }) => currency },
  { name: 'owner', cellOf: ({ owner }) => owner, identifies: true },
  { name: 'title', cellOf: ({ item }) => item?.title },
  { name: 'callNumber', cellOf: ({ item }) => item?.callNumber },
  { name: 'barcode', cellOf: ({ item }) => item?.barcode, identifies: true },
  { name: 'library', cellOf: ({ item }) => item?.library, identifies: true },
  { name: 'location', cellOf: ({ item }) => item?.location },
  { name: 'dueAt', cellOf: ({ item }) => item?.dueAt },
  { name: 'since', cellOf: ({ since }) => since },
  { name: 'transferredAt', cellOf: ({ transferredAt }) => transferredAt },
  { name: 'feeId', cellOf: ({ feeId }) => feeId, identifies: true },
  { name: 'feeType', cellOf: ({ feeType }) => feeType, identifies: true },
  { name: 'vatPercent', cellOf: ({ vatPercent }) => vatPercent },
  { name: 'vat', cellOf: signedVat },
];

/** Returns whether the file has a column of its own with this name. */
function isBursarColumn(name: string): boolean {
  return columns.some((column) => column.name === name);
}

/** Formats the file as CSV: a header line, and a line for each transfer. Columns of contact data come last. */
export function bursarCsv({
  contactColumns = [],
  ...options
}: CsvOptions & { readonly contactColumns?: readonly string[] }): BursarFileFormat {
  const contact = contactColumns.map((name): Column<BursarTransfer> => {
    return { name, cellOf: ({ contact }) => (Object.hasOwn(contact, name) ? contact[name] : '') };
  });
  const { head, format } = csvTable([...columns, ...contact], options);
  return { head, patron: format, foot: '' };
}

/** Returns the ids and codes that the file escapes, unless `identifiers` is `asIs`. */
function escapedIdentifiers(transfers: readonly BursarTransfer[]): readonly string[] {
  const escaped = transfers.flatMap((transfer) =>
    columns.flatMap(({ cellOf, identifies }) => {
      const cell = cellOf(transfer);
      return identifies && isFormula(cell) ? [String(cell)] : [];
    }),
  );
  return [...new Set(escaped)];
}

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

/** The directory of a planned export, and how the job runs. */
export type BursarPlanOptions = JobOptions &
  FindingOptions<BursarFinding> & {
    /** The patron directory; all patrons with their id but no name if left out. */
    readonly patrons?: BursarPatrons;
  };

/**
 * Plans an export to an external billing system: yields each row that the file of {@link runBursarExport} would have, and
 * returns its report, without the findings about the file. Nothing is transferred, and no file is written; the planned
 * events are kept in memory.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the job, and the fees, credits and patrons to export
 * @param options - the directory, how the job runs
 * @returns the rows, to iterate over, and the report after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runBursarExport} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planBursarExport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at });
 *
 * const form = { jobId: 'export-9', institution: 'north', at, fees: {} };
 * for await (const { patronId, amount } of planBursarExport(store, policy, form)) {
 *   [patronId, amount]; //=> ['u17', '2.50']
 * }
 * (await store.read(u17)).events.length; //=> 1
 * ```
 */
export function planBursarExport(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarForm,
  options: BursarPlanOptions = {},
): AsyncGenerator<BursarTransfer, BursarExportReport, undefined> {
  const job = openJob<ExportForm, EventStore, unknown, BursarFinding>(stores, policy, options, {
    form: (rules) => checkedExportForm(form, rules, options),
    options: { patrons: v.optional(patronsField) },
    plans: true,
  });
  const { exported, figures } = exportedAccounts(job, preparedExport(job.form, job.policy), options.patrons);
  async function* rows(): AsyncGenerator<BursarTransfer> {
    for await (const { transfers } of exported()) yield* transfers;
  }
  return job.listing(rows, figures);
}

/** The rows of an earlier run's file, and their comparison with the events. */
type ExistingFile = {
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
