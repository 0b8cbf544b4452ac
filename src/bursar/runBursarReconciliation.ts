import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { nameField } from '../account/fieldSchemas.js';
import { emptyAccount, findTransfer, type PatronAccount } from '../account/patronAccount.js';
import { type Transfer, transferPendingOf } from '../account/records.js';
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
import { formatAmount, minorUnits, parseLooseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type BursarDifference, differenceOf, pairedRows } from './bursarDifference.js';
import { bursarReference } from './bursarReference.js';
import { settlementOfRow } from './settlementRow.js';
import {
  readingsOf,
  type SettlementCsvFile,
  type SettlementXmlFile,
  settlementFileField,
} from './settlementSource.js';

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

/** A row of a file or an answer, read. */
export type ReadRow = {
  /** The position of the row, counted from 1. */
  readonly row: number;
  /** The reference. */
  readonly reference: string;
  /** The transfer. */
  readonly transferId: string;
  /** The signed amount in minor units. */
  readonly minor: bigint;
  /** The external system's reference for the payment; null without one. */
  readonly paymentReference: string | null;
};

/** The rows of one patron. */
export type PatronRows = {
  /** Those of the file. */
  readonly file: ReadRow[];
  /** Those of the answers, by the answer's job. */
  readonly answers: Map<string, ReadRow[]>;
};

/** The comparison of one account. Sums in minor units. */
type Reconciled = {
  /** The transfers of the batch, and their sum. */
  readonly transferred: { readonly count: number; readonly minor: bigint };
  /** What the answers' jobs booked, of all batches. */
  readonly booked: { readonly count: number; readonly minor: bigint };
  /** What was settled and reversed of the batch otherwise. */
  readonly otherwise: { readonly count: number; readonly minor: bigint };
  /** What came back here of the batch. */
  readonly recalled: { readonly count: number; readonly minor: bigint };
  /** What is settled for the batch, without surpluses. */
  readonly settled: bigint;
  /** What was paid for the batch above what was pending. */
  readonly surplus: bigint;
  /** What is pending for the batch. */
  readonly pending: bigint;
  /** The differences, one by one. */
  readonly differences: readonly BursarDifference[];
};

/**
 * Compares the rows of one patron with the events of the account. Pure.
 *
 * @param jobId - the export, whose id is the batch of its transfers
 * @param answers - the jobs that imported the answers
 */
export function reconcileAccount(
  patronId: string,
  account: PatronAccount,
  events: readonly AccountEvent[],
  rows: PatronRows,
  {
    jobId,
    answers,
    digits,
  }: { readonly jobId: string; readonly answers: ReadonlySet<string>; readonly digits: number },
): Reconciled {
  const write = (minor: bigint) => formatAmount(minor, digits);
  const referenceOf = (transferId: string) => bursarReference({ patronId, transferId });
  const batch = account.transfers.filter(({ batchId }) => batchId === jobId);
  const differences = fileDifferences(patronId, batch, rows.file, write);
  const bookings = bursarBookings(account, events);
  const byRow = new Map<string, { readonly minor: bigint; readonly paymentReference: string | null }>();
  const payments = new Map<string, string>();
  for (const { bookedBy, minor, transfer, paymentReference } of bookings) {
    const key = rowKey(bookedBy, transfer.transferId);
    byRow.set(key, { minor: (byRow.get(key)?.minor ?? 0n) + minor, paymentReference });
    if (paymentReference !== null)
      payments.set(paymentKey(transfer.transferId, paymentReference, minor), bookedBy);
  }
  const named = new Set<string>();
  for (const [answer, list] of rows.answers) {
    for (const { row, reference, transferId, minor, paymentReference } of list) {
      const name = rowKey(`${answer}/${row}`, transferId);
      named.add(name);
      const booked = byRow.get(name);
      const found = { patronId, reference, answer, row, inAnswer: write(minor) };
      if (booked !== undefined) {
        if (booked.paymentReference !== paymentReference) {
          const detail = `${shown(paymentReference)} in the answer, booked with ${shown(booked.paymentReference)}`;
          differences.push(
            differenceOf('PAYMENT_REFERENCE_DIFFERS', {
              ...found,
              inAnswer: null,
              bookedBy: `${answer}/${row}`,
              detail,
            }),
          );
        }
        if (booked.minor !== minor) {
          differences.push(differenceOf('ROW_AMOUNT_DIFFERS', { ...found, inEvents: write(booked.minor) }));
        }
        continue;
      }
      const bookedBy = payments.get(paymentKey(transferId, paymentReference ?? '', minor)) ?? null;
      const code = bookedBy === null ? 'ROW_NOT_BOOKED' : 'ROW_BOOKED_ELSEWHERE';
      const detail = bookedBy === null ? {} : { detail: `booked from ${bookedBy}` };
      differences.push(differenceOf(code, { ...found, bookedBy, ...detail }));
    }
  }
  const [booked, otherwise] = [
    { count: 0, minor: 0n },
    { count: 0, minor: 0n },
  ];
  for (const { bookedBy, jobId: by, minor, transfer } of bookings) {
    const isOfAnswer = by !== null && answers.has(by);
    if (!isOfAnswer && transfer.batchId !== jobId) continue;
    const sum = isOfAnswer ? booked : otherwise;
    sum.count += 1;
    sum.minor += minor;
    if (isOfAnswer && named.has(rowKey(bookedBy, transfer.transferId))) continue;
    const found = { patronId, reference: referenceOf(transfer.transferId), bookedBy, inEvents: write(minor) };
    const code = isOfAnswer ? 'BOOKING_WITHOUT_ROW' : 'BOOKED_OTHERWISE';
    differences.push(
      differenceOf(code, { ...found, answer: isOfAnswer ? by : null, detail: `booked by ${bookedBy}` }),
    );
  }
  const recalled = { count: 0, minor: 0n };
  for (const { transfer, minor, bookedBy } of recallsOf(account, events)) {
    if (transfer.batchId !== jobId) continue;
    recalled.count += 1;
    recalled.minor += minor;
    const reference = referenceOf(transfer.transferId);
    const detail = `recalled by ${bookedBy}`;
    differences.push(
      differenceOf('RECALLED', { patronId, reference, bookedBy, inEvents: write(minor), detail }),
    );
  }
  const settled = batch.reduce((sum, each) => sum + signedMinor(each, each.settled), 0n);
  const ofBatch = bookings.filter(({ transfer }) => transfer.batchId === jobId);
  return {
    recalled,
    settled,
    surplus: ofBatch.reduce((sum, { minor }) => sum + minor, -settled),
    transferred: {
      count: batch.length,
      minor: batch.reduce((sum, each) => sum + signedMinor(each, each.amount), 0n),
    },
    booked,
    otherwise,
    pending: batch.reduce((sum, each) => sum + signedMinor(each, transferPendingOf(each)), 0n),
    differences,
  };
}

function shown(paymentReference: string | null): string {
  return paymentReference === null ? 'none' : JSON.stringify(paymentReference.slice(0, 200));
}

/** Returns the key of a booking: a row may have been booked on another transfer than the one that it names. */
function rowKey(bookedBy: string, transferId: string): string {
  return JSON.stringify([bookedBy, transferId]);
}

function paymentKey(transferId: string, paymentReference: string, minor: bigint): string {
  return JSON.stringify([transferId, paymentReference, minor < 0n]);
}

function signedMinor({ feeId }: Transfer, minor: number): bigint {
  return BigInt(feeId === null ? -minor : minor);
}

function fileDifferences(
  patronId: string,
  batch: readonly Transfer[],
  rows: readonly ReadRow[],
  write: (minor: bigint) => string,
): BursarDifference[] {
  const referenceOf = ({ transferId }: Transfer) => bursarReference({ patronId, transferId });
  const transfers = new Map(batch.map((each) => [referenceOf(each), signedMinor(each, each.amount)]));
  return pairedRows(rows, transfers).flatMap(({ reference, row, inEvents: known, isRepeated }) => {
    const inEvents = known === null ? null : write(known);
    if (row === null) return [differenceOf('EVENT_WITHOUT_FILE_ROW', { patronId, reference, inEvents })];
    const found = { patronId, reference, row: row.row, inFile: write(row.minor) };
    if (known === null) return [differenceOf('FILE_ROW_WITHOUT_EVENT', found)];
    if (isRepeated) return [differenceOf('FILE_ROW_REPEATED', found)];
    return known === row.minor ? [] : [differenceOf('FILE_AMOUNT_DIFFERS', { ...found, inEvents })];
  });
}

/** A settlement, or the reversal of one. */
type Booking = {
  /** The transfer. */
  readonly transfer: Transfer;
  /**
   * The amount in minor units, surplus included: as a row of an answer has it, negative for a bounced payment of a fee.
   */
  readonly minor: bigint;
  /** The job and row that it was booked from; else the id of its command. */
  readonly bookedBy: string;
  /** The job that booked it; null for a command of a person. */
  readonly jobId: string | null;
  /** The external system's reference for the payment; null without one. */
  readonly paymentReference: string | null;
};

/** Returns the settlements of an account and their reversals, in the stream's order. */
function bursarBookings(account: PatronAccount, events: readonly AccountEvent[]): readonly Booking[] {
  return events.flatMap((event) => {
    if (event.type !== 'TransferSettled' && event.type !== 'SettlementReversed') return [];
    const { data, metadata } = event;
    const transfer = findTransfer(account, data.transferId) as Transfer;
    const id = event.type === 'TransferSettled' ? event.data.settlementId : event.data.reversalId;
    const ofCredit = transfer.feeId === null ? -1n : 1n;
    const sign = event.type === 'TransferSettled' ? ofCredit : -ofCredit;
    return [
      {
        transfer,
        minor: sign * wholeOf(event),
        bookedBy: metadata?.causationId ?? metadata?.commandId ?? id,
        jobId: metadata?.correlationId ?? null,
        paymentReference: data.externalReference ?? null,
      },
    ];
  });
}

function wholeOf(event: Extract<AccountEvent, { type: 'TransferSettled' | 'SettlementReversed' }>): bigint {
  const { amount, surplus } = event.data;
  const above = surplus === undefined ? 0n : minorUnits(surplus.amount);
  if (event.type === 'TransferSettled') return minorUnits(amount) + above;
  const { surplus: withdrawn, shortfall } = event.data;
  const kept = withdrawn?.cancelled === undefined ? 0n : minorUnits(withdrawn.cancelled);
  return minorUnits(amount) + above + kept + (shortfall === undefined ? 0n : minorUnits(shortfall.amount));
}

/** Returns the recalls of an account, in the stream's order; negative for a credit. */
function recallsOf(
  account: PatronAccount,
  events: readonly AccountEvent[],
): readonly { readonly transfer: Transfer; readonly minor: bigint; readonly bookedBy: string }[] {
  return events.flatMap(({ type, data, metadata }) => {
    if (type !== 'TransferRecalled') return [];
    const transfer = findTransfer(account, data.transferId) as Transfer;
    const minor = minorUnits(data.amount) * (transfer.feeId === null ? -1n : 1n);
    return [{ transfer, minor, bookedBy: metadata?.commandId ?? data.recallId }];
  });
}

/** A file to read: that of the export, or an answer. */
type RowSource = {
  /** The job that imported the answer; null for the file of the export. */
  readonly answer: string | null;
  /** The file. */
  readonly source: SettlementCsvFile | SettlementXmlFile;
};

/** Reads the rows of a source; a difference for each row that cannot be read. */
export async function* readRows(
  { source, answer }: RowSource,
  currency: string,
  digits: number,
): AsyncGenerator<(ReadRow & { readonly patronId: string }) | BursarDifference> {
  let row = 0;
  for await (const reading of readingsOf(source)) {
    if ('broken' in reading) {
      const { expected, found } = reading.broken;
      yield differenceOf('FILE_BROKEN', { answer, detail: `expected ${expected}, found ${found}` });
      return;
    }
    row += 1;
    const read = settlementOfRow(reading, row, currency, digits);
    if ('code' in read) {
      const { reference, patronId, message } = read;
      yield differenceOf('ROW_UNREADABLE', { answer, row, reference, patronId, detail: message });
      continue;
    }
    const { reference, patronId, transferId, kind, amount, paymentReference = null } = read;
    const minor = BigInt(parseLooseAmount(amount, digits)) * (kind === 'fee' ? 1n : -1n);
    yield { row, reference, patronId, transferId, minor, paymentReference };
  }
}

/** Adds a row to those of its patron. */
export function keepRow(
  rows: Map<string, PatronRows>,
  patronId: string,
  answer: string | null,
  row: ReadRow,
): void {
  const known = rows.get(patronId) ?? { file: [], answers: new Map<string, ReadRow[]>() };
  rows.set(patronId, known);
  if (answer === null) {
    known.file.push(row);
    return;
  }
  const list = known.answers.get(answer) ?? [];
  known.answers.set(answer, list);
  list.push(row);
}
