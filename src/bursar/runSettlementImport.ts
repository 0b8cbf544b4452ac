import * as v from 'valibot';
import type { CommandActor } from '../account/circumstances.js';
import { commandActorField, commandIdField, nameField } from '../account/fieldSchemas.js';
import type { EventStore } from '../history/eventStore.js';
import { reportsRowsWithoutAccount, shardFilter } from '../history/shard.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import type { JobOptions } from '../job/job.js';
import type { JobReport } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import { amountTally, type CountedAmount, type FindingOptions } from '../job/tallies.js';
import {
  type FileForm,
  type FileIdentity,
  type FileJob,
  fileFormFields,
  fileHash,
  recordFile,
  refusedFileText,
} from '../office/files/importedFile.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import {
  bookAccount,
  notBooked,
  type Outcome,
  type Outcomes,
  type PlannedSettlement,
  plannedSettlement,
} from './bookAccount.js';
import {
  findingAt,
  type Misread,
  rowFields,
  type Settlement,
  type SettlementFinding,
  type SettlementReading,
  type SettlementRow,
  settlementOfRow,
} from './settlementRow.js';
import {
  readingsOf,
  type SettlementRows,
  type SettlementSource,
  settlementSourceField,
} from './settlementSource.js';

/** The answer to book, and the job. */
export type SettlementForm = FileForm & {
  /** The answer of the external system: a file, or rows. */
  readonly source: SettlementSource;
  /**
   * The id of the job, 1 to 190 characters; each answer needs its own, and a corrected file that of the first. A stopped
   * import can run again with the same id and books nothing twice.
   */
  readonly jobId: string;
  /** The time of all events, ISO 8601 with a zone: when the payments count as reported. */
  readonly at: string;
  /** The actor of all events; an actor with the channel `import` if left out. */
  readonly by?: CommandActor;
  /** Why it was ordered, for the report; none if left out. */
  readonly reason?: string;
  /** The institution of the accounts. */
  readonly institution: string;
  /**
   * Whether to book a payment again, under a new id, whose settlement was reversed: for a corrected file after a wrong
   * one. If false, such a payment is a finding.
   *
   * @defaultValue `false`
   */
  readonly bookReversed?: boolean;
};

/** How an import runs. Its findings are the rows that are not booked, or only in part. */
export type SettlementImportOptions = JobOptions & FindingOptions<SettlementFinding>;

/** The result of an import, earlier runs of the job included. Amounts are decimal strings. */
export type SettlementReport = JobReport<SettlementFinding> & {
  /** The number of rows in the answer. */
  readonly rows: number;
  /** The number of rows from which this run booked something. */
  readonly rowsBookedNow: number;
  /** Pending amounts of fees that were settled. */
  readonly fees: CountedAmount;
  /** Pending amounts of credits that were settled; the sum is positive. */
  readonly credits: CountedAmount;
  /** Payments above the pending amount, which became refundable credits. */
  readonly overpaid: CountedAmount;
  /** Bounced payments, whose amounts are pending again. The sum excludes withdrawn surpluses. */
  readonly reversed: CountedAmount;
};

const formSchema = v.strictObject({
  jobId: commandIdField,
  at: instantField,
  by: v.optional(commandActorField, { channel: 'import' }),
  reason: v.optional(nameField),
  institution: nameField,
  bookReversed: v.optional(v.boolean(), false),
  ...fileFormFields,
  source: settlementSourceField,
});

type CheckedForm = v.InferOutput<typeof formSchema>;

/** The number of rows read ahead, so that all rows of an account are booked together and it is read once. */
const ROWS_AHEAD = 100_000;

/** A finding, or a row to book, with a function that books all rows of its account. */
type Task =
  | SettlementFinding
  | (Pick<Settlement, 'row' | 'reference' | 'patronId'> & { readonly book: () => Promise<Outcomes> });

/**
 * Books the payments that an external billing system reports: executes {@link index.SettleTransfer | SettleTransfer}
 * for each row. A full payment closes the transfer, a smaller one reduces the pending amount, and the part above it
 * becomes a refundable credit. A negative amount of a fee (positive of a credit) reports a bounced payment: the job
 * executes {@link index.ReverseSettlement | ReverseSettlement} for the payment that the row refers to, or for the
 * latest that is large enough.
 *
 * A row that cannot be booked is a finding; the others are booked. A file is first read to its end: if it is broken,
 * nothing is booked.
 *
 * A file is recorded in the office before its first row: another job with the same rows books nothing
 * (`FILE_ALREADY_IMPORTED`), unless the form says `again`. So is a list of rows, if the office is given.
 *
 * Running the same job again books nothing twice. The same payment in another job is not booked twice either if the
 * external system sends payment references (`paymentReference`). If it does not, make each answer exactly one job: two
 * partial payments of the same amount cannot be distinguished.
 *
 * @param stores - the store with the accounts, and that of the office, which a file needs
 * @param policy - the institution's policy
 * @param form - the answer, the institution, the job
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns what was booked, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store or the file system
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runSettlementImport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', owner: 'MAIN', amount: '300', at });
 * await execute(store, policy, u17, { type: 'TransferFees', id: 'export-9', eligible: { fees: {} }, at });
 *
 * const rows = [
 *   { reference: 'u17@export-9', amount: '301.45', paymentReference: 'B-77' },
 *   { reference: 'u18@export-9', amount: '0.82', paymentReference: 'B-78' },
 * ];
 * const form = { jobId: 'answer-9', institution: 'north', at, source: { rows } };
 * const report = await runSettlementImport(store, policy, form);
 * report.fees; //=> { count: 1, amount: '300.00' }
 * report.overpaid; //=> { count: 1, amount: '1.45' }
 * report.findings.byCode; //=> { UNKNOWN_REFERENCE: 1 }
 * ```
 */
export async function runSettlementImport(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: SettlementForm,
  options: SettlementImportOptions = {},
): Promise<SettlementReport> {
  const { job, bookedRows, figures } = settlementJob(stores, policy, form, options, 'run');
  return job.working(async () => {
    for await (const _ of bookedRows());
  }, figures);
}

/** Opens the job that books an answer, or plans it. */
function settlementJob(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: SettlementForm,
  options: SettlementImportOptions,
  mode: 'plan' | 'run',
) {
  const job = openJob<CheckedForm, EventStore, OfficeStore, SettlementFinding>(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    needsOffice: isFile(form?.source),
    plans: mode === 'plan',
  });
  const { store, policy: rules, currency, digits } = job;
  const { institution, source: given, ...order } = job.form;
  const [fees, credits, overpaid] = [amountTally(digits), amountTally(digits), amountTally(digits)];
  const reversed = amountTally(digits);
  let [rows, rowsBookedNow] = [0, 0];
  const inTurn = oneAtATime();
  const bookAll = (patronId: string, settlements: readonly Settlement[]) =>
    // Otherwise chance would decide which of two rows of one transfer is booked, and which is a finding.
    inTurn(patronId, () => bookAccount(store, { institution, patronId }, settlements, order, rules));

  const isMine = shardFilter(options.shard);
  const reportsRest = reportsRowsWithoutAccount(options.shard);
  async function* tasks(source: SettlementSource): AsyncGenerator<Task> {
    let ahead: (Settlement | SettlementFinding)[] = [];
    for await (const { row, reading } of numbered(source)) {
      const settlement = settlementOfRow(reading, row, currency, digits);
      const { patronId } = settlement;
      if (patronId === null ? !reportsRest : !isMine({ institution, patronId })) continue;
      ahead.push(settlement);
      if (ahead.length < ROWS_AHEAD) continue;
      yield* tasksOf(ahead, bookAll);
      ahead = [];
    }
    yield* tasksOf(ahead, bookAll);
  }

  const book = async (task: Task): Promise<Booked> => ({
    task,
    outcome: 'code' in task ? notBooked(task) : ((await task.book()).get(task.row) as Outcome),
  });
  async function* bookedRows(): AsyncGenerator<PlannedSettlement> {
    const file = { office: job.office, signal: options.signal, mode };
    const { source, refused } = await beginSettlement(given, job.form, file);
    if (refused !== null && reportsRest) await job.found(refused);
    if (refused !== null) return;
    for await (const { task, outcome } of job.each<Task, Booked>(tasks(source), book)) {
      const { kind, finding, ...amounts } = outcome;
      rows += 1;
      if (outcome.isNew) rowsBookedNow += 1;
      if (finding !== null) await job.found(finding);
      for (const amount of amounts.settled) (kind === 'fee' ? fees : credits).add(amount);
      for (const amount of amounts.overpaid) overpaid.add(amount);
      for (const amount of amounts.reversed) reversed.add(amount);
      yield plannedSettlement(task, outcome, digits);
    }
  }
  const figures = () => ({
    rows,
    rowsBookedNow,
    fees: fees.result(),
    credits: credits.result(),
    overpaid: overpaid.result(),
    reversed: reversed.result(),
  });
  return { job, bookedRows, figures };
}

/** A row with its outcome. */
type Booked = { readonly task: Task; readonly outcome: Outcome };

/** Groups rows by account. The first row of an account that is processed books all of them. */
function tasksOf(
  rows: readonly (Settlement | SettlementFinding)[],
  bookAll: (patronId: string, settlements: readonly Settlement[]) => Promise<Outcomes>,
): readonly Task[] {
  const byPatron = new Map<string, { readonly settlements: Settlement[]; outcomes?: Promise<Outcomes> }>();
  return rows.map((row) => {
    if ('code' in row) return row;
    const group = byPatron.get(row.patronId) ?? { settlements: [] };
    byPatron.set(row.patronId, group);
    group.settlements.push(row);
    const book = () => {
      group.outcomes ??= bookAll(row.patronId, group.settlements);
      return group.outcomes;
    };
    return { row: row.row, reference: row.reference, patronId: row.patronId, book };
  });
}

type NumberedReading = {
  readonly row: number;
  readonly reading: Exclude<SettlementReading, { readonly broken: Misread }>;
};

async function* numbered(source: SettlementSource): AsyncGenerator<NumberedReading> {
  let row = 0;
  for await (const reading of readingsOf(source)) {
    row += 1;
    if (!('broken' in reading)) yield { row, reading };
  }
}

/**
 * Returns a function that runs tasks with the same key one after the other, in the order of the calls, even if some
 * fail.
 */
export function oneAtATime(): <Result>(key: string, task: () => Promise<Result>) => Promise<Result> {
  /** The last task of every key with pending tasks; finished keys are removed. */
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const next = before.then(task, task);
    last.set(key, next);
    const forget = () => {
      if (last.get(key) === next) last.delete(key);
    };
    next.then(forget, forget);
    return next;
  };
}

/** Returns whether an answer is a file. */
function isFile(source: unknown): boolean {
  return typeof source === 'object' && source !== null && 'file' in source;
}

/**
 * Reads an answer to its end, and records it in the office. Rows without an office are not read yet.
 *
 * @returns the answer to read from its beginning, and why nothing of it is booked
 */
async function beginSettlement(
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

/**
 * Plans an import of reported payments: yields for each row what {@link runSettlementImport} would book, and returns its
 * report. Nothing is recorded, neither in the accounts nor in the office; the planned events are kept in memory.
 *
 * @param stores - the store with the accounts, and that of the office, which a file needs
 * @param policy - the institution's policy
 * @param form - the answer, the institution, the job
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the rows, to iterate over, and the report after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runSettlementImport} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planSettlementImport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', owner: 'MAIN', amount: '300', at });
 * await execute(store, policy, u17, { type: 'TransferFees', id: 'export-9', eligible: { fees: {} }, at });
 *
 * const rows = [{ reference: 'u17@export-9', amount: '301.45' }];
 * const form = { jobId: 'answer-9', institution: 'north', at, source: { rows } };
 * for await (const { settled, overpaid } of planSettlementImport(store, policy, form)) {
 *   [settled, overpaid]; //=> ['300.00', '1.45']
 * }
 * (await store.read(u17)).events.length; //=> 2
 * ```
 */
export function planSettlementImport(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: SettlementForm,
  options: SettlementImportOptions = {},
): AsyncGenerator<PlannedSettlement, SettlementReport, undefined> {
  const { job, bookedRows, figures } = settlementJob(stores, policy, form, options, 'plan');
  return job.listing(bookedRows, figures);
}
