import * as v from 'valibot';
import { unused } from '../account/credit.js';
import { nameField } from '../account/fieldSchemas.js';
import { applyOne } from '../account/fold.js';
import { type AccountState, emptyAccount, findFee } from '../account/patronAccount.js';
import { type Transfer, transferPendingOf } from '../account/records.js';
import { type RecordedEvent, type StreamId, streamName } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { otherCurrency, unreadable } from '../job/accountFinding.js';
import { type Columns, type CsvOptions, csvText, type Lines } from '../job/csv.js';
import type { AccountJobOptions } from '../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { recordedBefore } from '../job/localDay.js';
import { openJob } from '../job/openJob.js';
import { endsAfterBeginning } from '../job/period.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { bursarReference } from './bursarReference.js';
import { type BursarPatrons, patronLookup, patronsField } from './bursarTransfer.js';

/** The period of a list of changes. */
export type BursarChangesForm = ReportForm & {
  /**
   * The external system that gets the list.
   *
   * @defaultValue the transfers that name no destination
   */
  readonly destination?: string;
  /** The beginning, ISO 8601 with a zone: what was recorded from then on. The end of the list before. */
  readonly from: string;
  /** The end, ISO 8601 with a zone, exclusive: what was recorded before it. */
  readonly before: string;
};

/** How a list of changes is made. */
export type BursarChangesOptions = AccountJobOptions & {
  /**
   * The directory with the patrons' identifiers and names.
   *
   * @defaultValue the patron's id, without a name
   */
  readonly patrons?: BursarPatrons;
};

/**
 * A transfer for which the external system has to collect another amount than was last reported to it. Decimal strings.
 */
export type BursarChange = StreamId & {
  /** The reference of the transfer in files; see {@link bursarReference}. */
  readonly reference: string;
  /** The external system's id of the patron; the patron's id without a directory. */
  readonly identifier: string;
  /** The patron's name; empty without a directory. */
  readonly name: string;
  /** The batch: the id of the job or command that made the transfer. */
  readonly batchId: string | null;
  /** The fee. */
  readonly feeId: string;
  /** The fee's type. */
  readonly feeType: string;
  /** The transferred amount. */
  readonly amount: string;
  /** What had to be collected at the beginning of the period, or when it was transferred within the period. */
  readonly before: string;
  /** What the external system itself reported as paid in the period, less what was reversed. */
  readonly settled: string;
  /** The change to report to it: `after` - `before` + `settled`, negative if there is less to collect. */
  readonly change: string;
  /** What has to be collected at the end of the period: pending, less credits that reverse it and were not sent. */
  readonly after: string;
  /** What was paid here on the fee in the period, less what was reversed. */
  readonly paidHere: string;
  /** How much of the fee was waived here in the period, less what was undone. */
  readonly waivedHere: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...reportFormFields,
    destination: v.optional(nameField),
    from: instantField,
    before: instantField,
  }),
  endsAfterBeginning(),
);

/**
 * Lists what changed here since fees were transferred, to report to a collection agency: recalls, payments at the desk
 * (with a recall of the same amount), waivers and returns. What the agency reported itself is not a change.
 *
 * A line is written once: the next list begins where this one ended (`from` is the last `before`). A period that is over
 * always has the same lines. Keeps one account at a time in memory.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the institution, the external system, the period
 * @param options - the patron directory; callbacks for findings and progress; signal; concurrency
 * @returns the transfers with a change, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the stores,
 * the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED` with the
 * report so far once the signal is aborted; `INVALID_ARGUMENT` for an
 * invalid entry of the directory; any error of the store
 *
 * @example Ten dollars paid at the desk
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarChanges } from 'patron-fees/bursar';
 *
 * let at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '30', owner: 'MAIN', at },
 *   { type: 'TransferFees', id: 'placement-1', fees: [{ feeId: 'f1' }], at },
 * ]);
 * at = '2026-03-09T09:00:00Z';
 * await execute(store, policy, u17, [
 *   { type: 'RecallTransfer', id: 'b1', transferId: 'placement-1', amount: '10', at },
 *   { type: 'ReceivePayment', id: 'p1', amount: '10', method: 'CASH', feeIds: ['f1'], at },
 * ]);
 *
 * const week = { institution: 'north', from: '2026-03-08T00:00:00Z', before: '2026-03-15T00:00:00Z' };
 * for await (const { reference, change, after, paidHere } of runBursarChanges(store, policy, week)) {
 *   [reference, change, after, paidHere]; //=> ['u17@placement-1', '-10.00', '20.00', '10.00']
 * }
 * ```
 */
export function runBursarChanges(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarChangesForm,
  options: BursarChangesOptions = {},
): AsyncGenerator<BursarChange, JobReport, undefined> {
  const job = openJob(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    options: { patrons: v.optional(patronsField) },
  });
  const { store, currency } = job;
  const { institution, destination = null, from } = job.form;
  async function* lines(): AsyncGenerator<BursarChange> {
    const lookUp = options.patrons && (await patronLookup(options.patrons, institution));
    const read = async (stream: StreamId) => {
      try {
        const { events } = await store.read(stream);
        return changesIn(stream, events, recordedBefore(events, from), destination);
      } catch (error) {
        return unreadable(stream, error);
      }
    };
    const work = async (stream: StreamId) => {
      const changes = await read(stream);
      if ('code' in changes) return changes;
      const [first] = changes;
      if (first === undefined) return null;
      const patron = await lookUp?.(stream.patronId);
      const who = { identifier: patron?.identifier || stream.patronId, name: patron?.name ?? '' };
      return (
        otherCurrency(stream, first.currency, currency) ?? changes.map((change) => ({ ...change, ...who }))
      );
    };
    yield* job.each<StreamId, BursarChange>(job.accounts(), work);
  }
  return job.listing(lines);
}

/** What is known about a transferred fee at one point of its history, in minor units. */
type Point = {
  readonly toCollect: number;
  readonly settled: number;
  readonly paid: number;
  readonly waived: number;
};

function changesIn(
  { institution, patronId }: StreamId,
  events: readonly RecordedEvent[],
  before: number,
  destination: string | null,
): readonly Omit<BursarChange, 'identifier' | 'name'>[] {
  const state = emptyAccount() as AccountState;
  const stream = streamName({ institution, patronId });
  const starts = new Map<string, Point>();
  const mine = () => state.transfers.filter((one) => one.feeId !== null && one.destination === destination);
  const begin = () => {
    for (const transfer of mine()) {
      if (!starts.has(transfer.transferId)) starts.set(transfer.transferId, pointOf(state, transfer));
    }
  };
  for (const [index, { event }] of events.entries()) {
    if (index === before) begin();
    applyOne(state, event, stream);
    if (index >= before && event.type === 'FeeTransferred') begin();
  }
  if (events.length <= before) return [];
  const write = (minor: number) => formatAmount(minor, state.minorDigits);
  return mine().flatMap((transfer) => {
    const { transferId, batchId, feeId, amount } = transfer;
    const [start, end] = [starts.get(transferId) as Point, pointOf(state, transfer)];
    const settled = end.settled - start.settled;
    const change = end.toCollect - start.toCollect + settled;
    if (change === 0) return [];
    return [
      {
        institution,
        patronId,
        reference: bursarReference({ patronId, transferId }),
        batchId,
        feeId: feeId as string,
        feeType: findFee(state, feeId as string)?.feeType ?? '',
        amount: write(amount),
        before: write(start.toCollect),
        settled: write(settled),
        change: write(change),
        after: write(end.toCollect),
        paidHere: write(end.paid - start.paid),
        waivedHere: write(end.waived - start.waived),
        currency: state.currency as string,
      },
    ];
  });
}

function pointOf(state: AccountState, transfer: Transfer): Point {
  const fee = findFee(state, transfer.feeId as string);
  const pending = transferPendingOf(transfer);
  const { settled } = transfer;
  return {
    toCollect: pending - reversedHere(state, transfer),
    settled,
    paid: fee?.paid ?? 0,
    waived: fee?.waived ?? 0,
  };
}

/** Returns the part of a pending transfer that credits reverse which were not sent: the latest transfers of a fee first. */
function reversedHere(state: AccountState, transfer: Transfer): number {
  let left = 0;
  for (const credit of state.credits) {
    if (credit.feeId === transfer.feeId && credit.purpose === 'external') left += unused(credit);
  }
  for (let index = state.transfers.length - 1; left > 0 && index >= 0; index--) {
    const other = state.transfers[index] as Transfer;
    if (other.feeId !== transfer.feeId) continue;
    const part = Math.min(left, transferPendingOf(other));
    if (other.transferId === transfer.transferId) return part;
    left -= part;
  }
  return 0;
}

const columns: Columns<BursarChange> = [
  'reference',
  'institution',
  'patronId',
  'identifier',
  { name: 'name', cellOf: ({ name }) => name },
  'batchId',
  'feeId',
  'feeType',
  'amount',
  'before',
  'settled',
  'change',
  'after',
  'paidHere',
  'waivedHere',
  'currency',
];

/**
 * Formats a list of changes as CSV, line by line: a header, then one line for each transfer.
 *
 * @param changes - the lines of {@link runBursarChanges}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { bursarChangesCsv } from 'patron-fees/bursar';
 *
 * for await (const piece of bursarChangesCsv([])) piece.split(',').slice(0, 3);
 * //=> ['reference', 'institution', 'patronId']
 * ```
 */
export function bursarChangesCsv<Report>(
  changes: Lines<BursarChange, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  return csvText(changes, columns, options);
}
