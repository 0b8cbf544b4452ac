import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { emptyAccount } from '../account/patronAccount.js';
import type { StreamId } from '../history/eventStore.js';
import { shardFilter } from '../history/shard.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { unreadable } from '../job/accountFinding.js';
import { everyAccount, type JobOptions } from '../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { CountedAmount, FindingOptions } from '../job/tallies.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type BursarDifference, differenceOf } from './bursarDifference.js';
import { type PatronRows, reconcileAccount } from './reconcileAccount.js';
import { keepRow, type RowSource, readRows } from './reconcileRows.js';
import { type SettlementCsvFile, type SettlementXmlFile, settlementFileField } from './settlementSource.js';

/** What is reconciled: one export with its file, and the answers that were imported. */
export type BursarReconciliationForm = ReportForm & {
  /** The id of the export's job, which is the batch of its transfers. */
  readonly exportJobId: string;
  /** The file as it was sent. */
  readonly file: SettlementCsvFile | SettlementXmlFile;
  /**
   * The answers: each file with the id of the job that imported it. Their rows may be of other batches too.
   *
   * @defaultValue none
   */
  readonly answers?: readonly {
    /** The id of the job that imported the answer. */
    readonly jobId: string;
    /** The file of the answer. */
    readonly source: SettlementCsvFile | SettlementXmlFile;
  }[];
};

/** How a reconciliation runs. */
export type BursarReconciliationOptions = Omit<JobOptions, 'shard'> &
  FindingOptions<BursarDifference> & {
    /**
     * How often the files are read. Each time, the rows of a part of the patrons are kept in memory and their accounts
     * are read, so more passes take less memory.
     *
     * @defaultValue one for every 64 MB of the files
     */
    readonly passes?: number;
  };

/**
 * The file, the events and the answers, compared. Amounts are decimal strings; credits are negative. The findings are
 * the differences: those of the file sum to `file` less `transferred`; those of the answers, without
 * `BOOKED_OTHERWISE`, to `answers` less `booked`; `RECALLED` to `recalled`.
 */
export type BursarReconciliation = JobReport<BursarDifference> & {
  /** The id of the export's job. */
  readonly exportJobId: string;
  /** The institution. */
  readonly institution: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The rows of the file. */
  readonly file: CountedAmount;
  /** The transfers of the batch in the events. */
  readonly transferred: CountedAmount;
  /** The rows of the answers. */
  readonly answers: CountedAmount;
  /** What the answers' jobs booked, surpluses included, less what they reversed; of all batches. */
  readonly booked: CountedAmount;
  /** What was settled for the batch otherwise, less what was reversed. */
  readonly otherwise: CountedAmount;
  /** What came back here of the batch. */
  readonly recalled: CountedAmount;
  /** What is settled for the batch, by the answers or otherwise, less what was reversed; without surpluses. */
  readonly settled: string;
  /** What was paid for the batch above what was pending, less what was reversed: credits of the patrons. */
  readonly surplus: string;
  /**
   * What is pending for the batch. If a settlement is expected, `transferred` is the sum of `settled`, `recalled` and
   * `pending`.
   */
  readonly pending: string;
};

const formSchema = v.strictObject({
  ...reportFormFields,
  exportJobId: nameField,
  file: settlementFileField,
  answers: v.optional(
    v.pipe(
      v.array(v.strictObject({ jobId: nameField, source: settlementFileField })),
      // Rows are compared by job and position.
      v.check((list) => new Set(list.map((answer) => answer.jobId)).size === list.length, 'each job once'),
    ),
    [],
  ),
});

const PASS_BYTES = 64 * 2 ** 20;

/**
 * Reconciles an export: the file as it was sent, the transfers in the events, and the answers that were imported. Every
 * difference is named with its row, reference and amounts. Changes nothing.
 *
 * Memory does not grow with the files: they are read several times if they are large.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the export, its file, the answers
 * @param options - callbacks for differences (`onFinding`) and progress; signal; concurrency; passes
 * @returns the sums, and the differences
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store or the file system
 *
 * @example A file without a row
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarReconciliation } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * await execute(store, policy, { institution: 'north', patronId: 'u17' }, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '30', owner: 'MAIN', at },
 *   { type: 'TransferFees', id: 'export-9', fees: [{ feeId: 'f1' }], at },
 * ]);
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'bursar-')), 'export-9.csv');
 * writeFileSync(file, 'reference,amount\r\n');
 * const form = { institution: 'north', exportJobId: 'export-9', file: { file, format: 'csv' as const } };
 * const { transferred, findings } = await runBursarReconciliation(store, policy, form);
 * transferred; //=> { count: 1, amount: '30.00' }
 * findings.first.map(({ message }) => message);
 * //=> ['u17@export-9: the transfer is missing from the file (30.00 in the events)']
 * ```
 */
export async function runBursarReconciliation(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarReconciliationForm,
  options: BursarReconciliationOptions = {},
): Promise<BursarReconciliation> {
  const job = openJob(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    options: {
      passes: v.optional(wholeNumber(1)),
      shard: v.optional(v.undefined('no shard: the sums cover all accounts')),
    },
  });
  const { currency, digits, store } = job;
  const { institution, exportJobId, file, answers } = job.form;
  const sources = [
    { answer: null, source: file },
    ...answers.map(({ jobId, source }) => ({ answer: jobId, source })),
  ];
  const rules = { jobId: exportJobId, answers: new Set(answers.map(({ jobId }) => jobId)), digits };
  const addAll = async (found: readonly BursarDifference[]) => {
    for (const difference of found) await job.found(difference);
  };
  const sums = {
    file: { count: 0, minor: 0n },
    answers: { count: 0, minor: 0n },
    transferred: { count: 0, minor: 0n },
    booked: { count: 0, minor: 0n },
    otherwise: { count: 0, minor: 0n },
    recalled: { count: 0, minor: 0n },
  };
  const add = (name: keyof typeof sums, count: number, minor: bigint) => {
    sums[name].count += count;
    sums[name].minor += minor;
  };
  let [settled, surplus, pending] = [0n, 0n, 0n];
  /** Compares the accounts of one pass, and the rows of patrons without an account. */
  const pass = async (index: number, of: number) => {
    const shard = { index, of };
    const isMine = shardFilter(shard);
    const rows = new Map<string, PatronRows>();
    for (const source of sources) {
      for await (const read of readRows(source, currency, digits)) {
        options.signal?.throwIfAborted();
        if ('code' in read) {
          if (index === 0) await job.found(read);
          continue;
        }
        const { patronId, ...row } = read;
        if (!isMine({ institution, patronId })) continue;
        add(source.answer === null ? 'file' : 'answers', 1, row.minor);
        keepRow(rows, patronId, source.answer, row);
      }
    }
    const work = async (stream: StreamId) => {
      const { patronId } = stream;
      const mine = rows.get(patronId) ?? { file: [], answers: new Map() };
      rows.delete(patronId);
      try {
        const { account, events, finding } = await job.read(stream);
        const history = events.map(({ event }) => event);
        if (account.transfers.length === 0 || finding === null)
          return reconcileAccount(patronId, account, history, mine, rules);
        return { patronId, mine, detail: finding.message };
      } catch (error) {
        return { patronId, mine, detail: unreadable(stream, error).message };
      }
    };
    const all = everyAccount(store, institution, shard);
    for await (const done of job.each<StreamId, Awaited<ReturnType<typeof work>>>(all, work)) {
      if ('detail' in done) {
        const { patronId, mine, detail } = done;
        await job.found(differenceOf('ACCOUNT_UNREADABLE', { patronId, detail }));
        await addAll(compareWithNothing(patronId, mine, rules));
        continue;
      }
      for (const name of ['transferred', 'booked', 'otherwise', 'recalled'] as const) {
        add(name, done[name].count, done[name].minor);
      }
      settled += done.settled;
      surplus += done.surplus;
      pending += done.pending;
      await addAll(done.differences);
    }
    for (const [patronId, left] of rows) await addAll(compareWithNothing(patronId, left, rules));
  };
  const result = ({ count, minor }: { readonly count: number; readonly minor: bigint }) => ({
    count,
    amount: formatAmount(minor, digits),
  });
  return job.working(
    async () => {
      const passes = options.passes ?? (await passesFor(sources));
      for (let index = 0; index < passes; index++) await pass(index, passes);
    },
    () => ({
      exportJobId,
      institution,
      currency,
      file: result(sums.file),
      transferred: result(sums.transferred),
      answers: result(sums.answers),
      booked: result(sums.booked),
      otherwise: result(sums.otherwise),
      recalled: result(sums.recalled),
      settled: formatAmount(settled, digits),
      surplus: formatAmount(surplus, digits),
      pending: formatAmount(pending, digits),
    }),
  );
}

async function passesFor(sources: readonly RowSource[]): Promise<number> {
  let bytes = 0;
  for (const { source } of sources) bytes += (await stat(source.file)).size;
  return Math.max(1, Math.ceil(bytes / PASS_BYTES));
}

/** Returns the differences of rows without an account. */
function compareWithNothing(
  patronId: string,
  rows: PatronRows,
  rules: Parameters<typeof reconcileAccount>[4],
): readonly BursarDifference[] {
  return reconcileAccount(patronId, emptyAccount(), [], rows, rules).differences;
}
