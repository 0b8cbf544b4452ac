import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { unreadable } from '../accountFinding.js';
import { appendPlanned } from '../appendPlanned.js';
import { type CsvOptions, identifiersField } from '../csv.js';
import { everyAccount } from '../everyAccount.js';
import { checkedJobOptions, type JobOptions, runJob } from '../job.js';
import { amountTally, type CountedAmount, type FindingsReport, findingTally } from '../tallies.js';
import { writeTextFile } from '../textFile.js';
import { bursarAlmaXml } from './bursarAlmaXml.js';
import { bursarCsv, escapedIdentifiers } from './bursarCsv.js';
import type { BursarFileFormat } from './bursarFileFormat.js';
import type { BursarFinding, IdentifierEscaped } from './bursarFinding.js';
import { type BursarForm, bursarFormFields, checkedBursarForm, codesField } from './bursarForm.js';
import { type BursarPatrons, patronLookup, patronsField } from './bursarPatron.js';
import type { BursarTransfer } from './bursarTransfer.js';
import { fileAtHand } from './fileAtHand.js';
import { type BursarPlan, type PreparedExport, planExport, preparedExport } from './planBursarExport.js';

/** The file of an export, and how the job runs. `identifiers` is about `csv`. */
export type BursarFileOptions = JobOptions &
  CsvOptions & {
    /** The file, which is there whole or not at all; one of the same name is replaced. */
    readonly file: string;
    /** `csv`, or `alma-xml` for the shape of Alma's own export. */
    readonly format: 'csv' | 'alma-xml';
    /** The time zone of the dates in `alma-xml`, an IANA name; `UTC` if left out. */
    readonly timeZone?: string;
    /** Who the patrons are; without a directory, everybody is exported, by the patron's id and without a name. */
    readonly patrons?: BursarPatrons;
    /** Told every finding, in the order of the accounts. The report shows the first 100. */
    readonly onFinding?: (finding: BursarFinding) => void | Promise<void>;
  };

/** Which export {@link rewriteBursarFile} writes again. */
export type BursarRewriteForm = Pick<BursarForm, 'jobId' | 'institution' | 'codes'>;

/** What an export did. Its figures are those of the file: an earlier run of the job is included. */
export type BursarExportReport = {
  /** The job. */
  readonly jobId: string;
  /** How many accounts were looked at. */
  readonly accounts: number;
  /** To how many of them this very run handed something over. */
  readonly accountsDoneNow: number;
  /** How many patrons the file has. */
  readonly patrons: number;
  /** The fees in the file. */
  readonly fees: CountedAmount;
  /** The credits in the file; their sum is positive. */
  readonly credits: CountedAmount;
  /** Fees less credits, a decimal string. */
  readonly net: string;
  /** What stays here and should not, or could not be done. */
  readonly findings: FindingsReport<BursarFinding>;
};

const fileFields = {
  file: v.pipe(v.string('a path'), v.nonEmpty('a path')),
  format: v.picklist(['csv', 'alma-xml'], 'csv or alma-xml'),
  timeZone: v.optional(timeZoneField),
  patrons: v.optional(patronsField),
  identifiers: identifiersField,
  onFinding: v.optional(v.function('a function')),
};

/**
 * Hands fees and credits of an institution to an external billing system: a {@link index.TransferFees | TransferFees}
 * for each account, and the file that says so.
 *
 * The file is made of the events and not of the choice: it has all that the job handed over, each row once, and nothing
 * else, however the job ended before. If it is killed, there is no file, or the one of before; run it again with the
 * same form and options, and it finishes. Once the file was sent, do not run the job again: it would add what has become
 * eligible since. {@link rewriteBursarFile} writes the same file again.
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy
 * @param form - what is handed over, of whom
 * @param options - the file, the directory, how the job runs
 * @returns what the file has, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a form or options with faults or an
 * invalid entry of the directory; `INVALID_POLICY`; the signal's reason; what the store and the file system throw
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
  return exportWhole(store, rules, preparedExport(checked), { ...options, institution: checked.institution });
}

/**
 * Writes the file of an export again, from the events, and hands nothing over: for a file that was lost, or is needed
 * in another format. What was settled or recalled since stays in it, as it was handed over; what was
 * recalled is a finding.
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy
 * @param form - which export
 * @param options - the file, the directory, how the job runs
 * @returns what the file has, and the findings
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
  const prepared = { jobId, groups: undefined, codes, command: null, uncoded: null };
  return exportWhole(store, rules, prepared, { ...options, institution });
}

/** What was done with one account. */
type Done = BursarPlan & {
  readonly patronId: string;
  readonly doneNow: boolean;
  readonly wasRead: boolean;
};

async function exportWhole(
  store: EventStore,
  policy: FeePolicy,
  prepared: PreparedExport,
  options: BursarFileOptions & Pick<BursarForm, 'institution'>,
): Promise<BursarExportReport> {
  const {
    institution,
    file,
    format,
    timeZone = 'UTC',
    patrons,
    onFinding,
    identifiers = 'escaped',
  } = options;
  const isEscaped = format === 'csv' && identifiers === 'escaped';
  const lookUp = patrons && (await patronLookup(patrons, institution));
  const work = async (stream: StreamId): Promise<Done> => {
    const patron = await lookUp?.(stream.patronId);
    return exportAccount(store, stream, (account) =>
      planExport(account(), { ...stream, patron }, prepared, policy),
    );
  };
  const digits = minorDigits(policy.currency) as number;
  const [fees, credits, findings] = [amountTally(digits), amountTally(digits), findingTally<BursarFinding>()];
  let [accounts, accountsDoneNow, patronsInFile] = [0, 0, 0];

  const tell = async (found: readonly BursarFinding[]) => {
    for (const finding of found) {
      findings.add(finding);
      await onFinding?.(finding);
    }
  };
  const before = await fileAtHand(options, { institution, jobId: prepared.jobId }, digits);
  if (before.fault !== null) await tell([before.fault]);

  async function* pieces({ head, patron, foot }: BursarFileFormat) {
    yield head;
    for await (const done of runJob(everyAccount(store, institution), work, options)) {
      accounts += 1;
      if (done.doneNow) accountsDoneNow += 1;
      const { patronId, transfers, doneNow } = done;
      if (!done.wasRead) before.leaveOut(patronId);
      await tell([
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
    await tell(before.rest());
    yield foot;
  }

  await writeTextFile(
    file,
    pieces(format === 'csv' ? bursarCsv({ identifiers }) : bursarAlmaXml(prepared.jobId, timeZone)),
  );
  return {
    jobId: prepared.jobId,
    ...{ accounts, accountsDoneNow, patrons: patronsInFile },
    ...{ fees: fees.result(), credits: credits.result() },
    net: formatAmount(fees.sum() - credits.sum(), digits),
    findings: findings.result(),
  };
}

/** What the file does not have as it is, of one patron. */
function escapedFinding(transfers: readonly BursarTransfer[]): readonly IdentifierEscaped[] {
  const escaped = escapedIdentifiers(transfers);
  const [first] = transfers;
  if (first === undefined || escaped.length === 0) return [];
  const { institution, patronId } = first;
  const list = escaped.map((text) => JSON.stringify(text)).join(', ');
  const message = `the file has an apostrophe in front of ${list}; identifiers: 'asIs' leaves it out`;
  return [{ institution, patronId, code: 'IDENTIFIER_ESCAPED', identifiers: escaped, message }];
}

/** Exports one account; what keeps it from being exported is a finding. */
async function exportAccount(
  store: EventStore,
  { institution, patronId }: StreamId,
  plan: Parameters<typeof appendPlanned<BursarPlan>>[2],
): Promise<Done> {
  const whose = { institution, patronId };
  const none = { patronId, events: [], transfers: [], doneNow: false, wasRead: false };
  try {
    const done = await appendPlanned(store, whose, plan);
    if (done !== undefined) return { ...done, patronId, doneNow: done.events.length > 0, wasRead: true };
    const message = 'others kept on appending to the account: run the job again';
    return { ...none, findings: [{ ...whose, code: 'ACCOUNT_BUSY', message }] };
  } catch (error) {
    return { ...none, findings: [unreadable(whose, error)] };
  }
}
