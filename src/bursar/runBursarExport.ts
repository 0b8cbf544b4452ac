import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { PatronFeesError } from '../errors.js';
import type { EventStore, StreamId } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { timeZoneField } from '../input/timeZone.js';
import { type CsvOptions, identifiersField } from '../job/csv.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from '../job/job.js';
import { type JobReport, jobHead } from '../job/jobHead.js';
import { amountTally, type CountedAmount, type FindingsReport, findingTally } from '../job/tallies.js';
import { writeTextFile } from '../job/textFile.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { bursarAlmaXml } from './bursarAlmaXml.js';
import { bursarCsv, escapedIdentifiers, isBursarColumn } from './bursarCsv.js';
import type { BursarFinding, IdentifierEscaped } from './bursarFinding.js';
import { type BursarForm, bursarFormFields, checkedBursarForm, codesField, ownersOf } from './bursarForm.js';
import { type BursarPatrons, patronLookup, patronsField } from './bursarPatron.js';
import type { BursarFileFormat, BursarTransfer } from './bursarTransfer.js';
import { existingFile } from './existingFile.js';
import { type Done, exportAccount } from './exportAccount.js';
import { type PreparedExport, preparedExport } from './planBursarExport.js';

/** The file of an export, and how the job runs. `identifiers` applies to `csv`. */
export type BursarFileOptions = JobOptions &
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
    /**
     * Called with every finding, in the order of the accounts; the findings are only in the report if left out. The
     * report has only the first 1,000.
     */
    readonly onFinding?: (finding: BursarFinding) => void | Promise<void>;
  };

/** The export whose file {@link rewriteBursarFile} writes again. */
export type BursarRewriteForm = Pick<BursarForm, 'jobId' | 'institution' | 'codes'>;

/** The result of an export. Its figures are those of the file, earlier runs of the job included. */
export type BursarExportReport = JobReport & {
  /** The number of accounts read. */
  readonly accounts: number;
  /** The number of accounts from which this run transferred something. */
  readonly accountsDoneNow: number;
  /** The number of patrons in the file. */
  readonly patrons: number;
  /** The fees in the file. */
  readonly fees: CountedAmount;
  /** The credits in the file; their sum is positive. */
  readonly credits: CountedAmount;
  /** Fees less credits, a decimal string. */
  readonly net: string;
  /** Fees and credits that could not be exported, and accounts that could not be processed. */
  readonly findings: FindingsReport<BursarFinding>;
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
  onFinding: v.optional(v.function('a function')),
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
 * @param store - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the job, and the fees, credits and patrons to export
 * @param options - the file, the directory, how the job runs
 * @returns the figures of the file, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form, invalid options or an
 * invalid entry of the directory; `INVALID_POLICY`; the signal's reason once it is aborted; any error of the store or
 * the file system
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarExport } from 'patron-fees/institution';
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
  store: EventStore,
  policy: FeePolicy,
  form: BursarForm,
  options: BursarFileOptions,
): Promise<BursarExportReport> {
  const rules = definedPolicy(policy);
  const checked = checkedBursarForm(form, rules);
  checkedJobOptions(options, fileFields);
  if (checked.groups !== undefined && options.patrons === undefined) {
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      'options.patrons: expected a directory, since the form has groups',
    );
  }
  const { jobId, institution, at, by = { channel: 'job' } } = checked;
  const job = jobHead({ jobId, institution, at, by, owners: ownersOf(checked) }, rules.currency);
  return exportWhole(store, rules, preparedExport(checked, rules), { ...options, job });
}

/**
 * Writes the file of an export again from the events, and transfers nothing: for a file that was lost, or is needed in
 * another format. Rows that were settled or recalled since stay in it with the original amounts; recalled ones are
 * findings.
 *
 * @param store - the store with the accounts
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
 * import { runBursarExport, rewriteBursarFile } from 'patron-fees/institution';
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
  store: EventStore,
  policy: FeePolicy,
  form: BursarRewriteForm,
  options: BursarFileOptions,
): Promise<BursarExportReport> {
  const rules = definedPolicy(policy);
  const fields = bursarFormFields(rules);
  const schema = v.strictObject({
    jobId: fields.jobId,
    institution: fields.institution,
    codes: v.optional(codesField),
  });
  const { jobId, institution, codes } = checkedArgument(schema, form, 'form') as BursarRewriteForm;
  checkedJobOptions(options, fileFields);
  const nothingNew = { groups: undefined, command: null, uncoded: null, whole: null, open: rules };
  const prepared = { jobId, codes, ...nothingNew };
  const job = jobHead({ jobId, institution }, rules.currency);
  return exportWhole(store, rules, prepared, { ...options, job });
}

async function exportWhole(
  store: EventStore,
  policy: FeePolicy,
  prepared: PreparedExport,
  { job, ...options }: BursarFileOptions & Pick<BursarExportReport, 'job'>,
): Promise<BursarExportReport> {
  const {
    file,
    format,
    timeZone = 'UTC',
    patrons,
    onFinding,
    identifiers = 'escaped',
    contactColumns = [],
  } = options;
  const { institution } = job;
  const isEscaped = format === 'csv' && identifiers === 'escaped';
  const lookUp = patrons && (await patronLookup(patrons, institution));
  const work = async (stream: StreamId): Promise<Done> => {
    const patron = await lookUp?.(stream.patronId);
    return exportAccount(store, { ...stream, patron }, prepared, policy);
  };
  const digits = minorDigits(policy.currency) as number;
  const [fees, credits, findings] = [amountTally(digits), amountTally(digits), findingTally<BursarFinding>()];
  let [accounts, accountsDoneNow, patronsInFile] = [0, 0, 0];

  const report = async (found: readonly BursarFinding[]) => {
    for (const finding of found) {
      findings.add(finding);
      await onFinding?.(finding);
    }
  };
  const before = await existingFile(options, { institution, jobId: prepared.jobId }, digits);
  if (before.fault !== null) await report([before.fault]);

  async function* pieces({ head, patron, foot }: BursarFileFormat) {
    yield head;
    for await (const done of runJob(store, everyAccount(store, institution, options.shard), work, options)) {
      accounts += 1;
      if (done.doneNow) accountsDoneNow += 1;
      const { patronId, transfers, doneNow } = done;
      if (!done.wasRead) before.leaveOut(patronId);
      await report([
        ...done.findings,
        ...(isEscaped ? escapedFinding(transfers) : []),
        ...before.compare(patronId, transfers, doneNow),
      ]);
      if (done.transfers.length === 0) continue;
      patronsInFile += 1;
      for (const { kind, amount, currency } of done.transfers) {
        if (currency === policy.currency) (kind === 'fee' ? fees : credits).add(amount);
      }
      yield patron(done.transfers);
    }
    await report(before.rest());
    yield foot;
  }

  await writeTextFile(
    file,
    pieces(
      format === 'csv' ? bursarCsv({ identifiers, contactColumns }) : bursarAlmaXml(prepared.jobId, timeZone),
    ),
  );
  return {
    job,
    accounts,
    accountsDoneNow,
    patrons: patronsInFile,
    fees: fees.result(),
    credits: credits.result(),
    net: formatAmount(fees.sum() - credits.sum(), digits),
    findings: findings.result(),
  };
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
