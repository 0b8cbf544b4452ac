import * as v from 'valibot';
import type { Actor } from '../../account/circumstances.js';
import { actorField, commandIdField, instantField, nameField } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { minorDigits } from '../../money/currency.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { unreadable } from '../accountFinding.js';
import { appendPlanned } from '../appendPlanned.js';
import { type JobOptions, runJob } from '../job.js';
import {
  amountTally,
  type CountedAmount,
  type FindingOptions,
  type FindingsReport,
  findingTally,
} from '../tallies.js';
import { oneAtATime } from './oneAtATime.js';
import { planSettlement, type SettlementPlan } from './planSettlement.js';
import type { SettlementFinding } from './settlementFinding.js';
import { findingAt, type Settlement, settlementOfRow } from './settlementOfRow.js';
import type { Misread, SettlementReading } from './settlementRow.js';
import { checkedSource, readingsOf, type SettlementSource } from './settlementSource.js';

/** What {@link importSettlements} is told besides the answer. */
export type SettlementOptions = JobOptions &
  FindingOptions<SettlementFinding> & {
    /**
     * Names the job, 1 to 190 characters: one for each answer. An import that was stopped is run again under its id, and
     * books nothing twice.
     */
    readonly jobId: string;
    /** When the payments count as reported, ISO 8601 with a zone: the time of all events. */
    readonly at: string;
    /** Who does it; the channel `import` if left out. */
    readonly by?: Actor;
    /** The institution whose accounts are meant. */
    readonly institution: string;
  };

/** What an import did; an earlier run of the job is included. Amounts are decimal strings. */
export type SettlementReport = {
  /** The job. */
  readonly jobId: string;
  /** How many rows the answer has. */
  readonly rows: number;
  /** From how many of them this very run booked something. */
  readonly rowsBookedNow: number;
  /** What was pending of fees and is not any more. */
  readonly fees: CountedAmount;
  /** What was pending of credits and is not any more; the sum is positive. */
  readonly credits: CountedAmount;
  /** What was paid beyond what was pending: refundable credits now. */
  readonly overpaid: CountedAmount;
  /** What was not booked. */
  readonly findings: FindingsReport<SettlementFinding>;
};

const optionsSchema = v.strictObject({
  jobId: commandIdField,
  at: instantField,
  by: v.optional(actorField, { channel: 'import' }),
  institution: nameField,
  onFinding: v.optional(v.function('a function')),
  signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
  onProgress: v.optional(v.function('a function')),
  total: v.optional(v.unknown()),
  concurrency: v.optional(v.unknown()),
});

/** What became of a row. */
type Outcome = Pick<SettlementPlan, 'events' | 'booked'> & {
  readonly kind: Settlement['kind'] | null;
  readonly findings: readonly SettlementFinding[];
};

/**
 * Books what an external billing system reports as paid: a {@link index.SettleTransfer | SettleTransfer} for each row.
 * What pays a transfer in full closes it, less reduces what is pending, more becomes a refundable credit.
 *
 * What cannot be booked is a finding, and the rest is booked. A file is read to its end first: of one that is broken
 * nothing is booked.
 *
 * The same job again books nothing twice. The same payment in another job does not either, if the external system names
 * its payments (`paymentReference`). Where it does not, take care that each answer is one job: two partial payments of
 * the same amount look the same.
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy
 * @param source - the answer: a file, or rows
 * @param options - the job
 * @returns what was booked, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a source or options with faults;
 * `INVALID_POLICY`; the signal's reason; what the store and the file system throw
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { importSettlements } from 'patron-fees/institution';
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
 * const report = await importSettlements(store, policy, { rows }, { jobId: 'answer-9', institution: 'north', at });
 * report.fees; //=> { count: 1, amount: '300.00' }
 * report.overpaid; //=> { count: 1, amount: '1.45' }
 * report.findings.byCode; //=> { UNKNOWN_REFERENCE: 1 }
 * ```
 */
export async function importSettlements(
  store: EventStore,
  policy: FeePolicy,
  source: SettlementSource,
  options: SettlementOptions,
): Promise<SettlementReport> {
  const rules = definedPolicy(policy);
  const { jobId, institution, at, by } = checkedArgument(optionsSchema, options, 'options');
  const answer = checkedSource(source);
  const digits = minorDigits(rules.currency) as number;
  const findings = findingTally<SettlementFinding>();
  const tell = async (finding: SettlementFinding) => {
    findings.add(finding);
    await options.onFinding?.(finding);
  };
  const [fees, credits, overpaid] = [amountTally(digits), amountTally(digits), amountTally(digits)];
  let [rows, rowsBookedNow] = [0, 0];
  const inTurn = oneAtATime();
  const book = async ({ row, reading }: NumberedReading): Promise<Outcome> => {
    const settlement = settlementOfRow(reading, row, rules.currency, digits);
    if ('code' in settlement) return { kind: null, events: [], booked: [], findings: [settlement] };
    const stream = { institution, patronId: settlement.patronId };
    // Else it would be left to chance which of two rows of one transfer is booked, and which is a finding.
    return inTurn(stream.patronId, () =>
      bookOne(store, stream, settlement, (account, history) =>
        planSettlement(account(), history, settlement, { jobId, at, by }, rules),
      ),
    );
  };
  const broken = await faultOf(answer, options.signal);
  if (broken !== undefined) await tell(broken);
  const readings = broken === undefined ? numbered(answer) : none();
  for await (const outcome of runJob(readings, book, options)) {
    rows += 1;
    if (outcome.events.length > 0) rowsBookedNow += 1;
    for (const finding of outcome.findings) await tell(finding);
    for (const { type, data } of outcome.booked) {
      if (type === 'TransferSettled') (outcome.kind === 'fee' ? fees : credits).add(data.amount);
      if (type === 'CreditIssued') overpaid.add(data.amount);
    }
  }
  return {
    ...{ jobId, rows, rowsBookedNow },
    ...{ fees: fees.result(), credits: credits.result(), overpaid: overpaid.result() },
    findings: findings.result(),
  };
}

type RowReading = Exclude<SettlementReading, { readonly broken: Misread }>;

type NumberedReading = { readonly row: number; readonly reading: RowReading };

/** Reads a file to its end, and says what is wrong with it. */
async function faultOf(
  source: SettlementSource,
  signal: AbortSignal | undefined,
): Promise<SettlementFinding | undefined> {
  if ('rows' in source) return undefined;
  for await (const reading of readingsOf(source)) {
    signal?.throwIfAborted();
    if ('broken' in reading)
      return findingAt({ row: null, line: reading.line }, 'BROKEN_FILE', reading.broken);
  }
  return undefined;
}

async function* numbered(source: SettlementSource): AsyncGenerator<NumberedReading> {
  let row = 0;
  for await (const reading of readingsOf(source)) {
    row += 1;
    if (!('broken' in reading)) yield { row, reading };
  }
}

async function* none(): AsyncGenerator<NumberedReading> {}

/** Books one row; what keeps it from being booked is a finding. */
async function bookOne(
  store: EventStore,
  stream: StreamId,
  settlement: Settlement,
  plan: Parameters<typeof appendPlanned<SettlementPlan>>[2],
): Promise<Outcome> {
  const { kind, reference, patronId } = settlement;
  const about = { reference, patronId };
  const expected = 'an account that can be read';
  try {
    const done = await appendPlanned(store, stream, plan);
    if (done !== undefined) {
      const { events, booked, finding } = done;
      return { kind, events, booked, findings: finding === null ? [] : [finding] };
    }
    const found = 'one that others kept on appending to: run the job again';
    return {
      ...{ kind, events: [], booked: [] },
      findings: [findingAt(settlement, 'ACCOUNT_BUSY', { expected, found }, about)],
    };
  } catch (error) {
    const { code, message } = unreadable(stream, error);
    return {
      ...{ kind, events: [], booked: [] },
      findings: [findingAt(settlement, code, { expected, found: message }, about)],
    };
  }
}
