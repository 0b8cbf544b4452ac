import type { CreditCause } from '../../account/circumstances.js';
import { unused } from '../../account/credit.js';
import type { AccountEventType } from '../../account/events/accountEvent.js';
import { findFee } from '../../account/patronAccount.js';
import { paymentsBehind } from '../../account/paymentsBehind.js';
import type { RecordedEvent, StreamId } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type Columns, type CsvOptions, csvText, type Lines } from '../../job/csv.js';
import type { AccountJobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { daysBetween, endOfDay, localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { amountTally, type CountedAmount } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { groupAround } from '../../patron/accountsOf.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** The accounts, the day and the time without activity of a list of unclaimed credits. */
export type UnclaimedCreditsForm = ReportForm & {
  /** The time zone of the days, an IANA name. */
  readonly timeZone: string;
  /** The day, `YYYY-MM-DD`, that days are counted to: what was recorded until its end counts. */
  readonly asOf: string;
  /** For how many calendar days the patron must have done nothing since the credit was issued: 1 or more. */
  readonly idleForDays: number;
  /**
   * Only events recorded before this instant count, ISO 8601 with a zone.
   *
   * @defaultValue the end of `asOf`
   */
  readonly recordedBefore?: string;
};

/** A credit that was not paid out although the patron could have claimed it. Absent details are null. */
export type UnclaimedCredit = StreamId & {
  /** The credit. */
  readonly creditId: string;
  /** Why it was issued. */
  readonly cause: CreditCause;
  /** The library that owes it. */
  readonly owner: string | null;
  /** The unused part, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** When it was issued: ISO 8601 with a zone. */
  readonly issuedAt: string;
  /** When the patron was last active in this account or one merged with it; null if never, e.g. after an import. */
  readonly lastActivityAt: string | null;
  /** The number of calendar days since the later of the two. */
  readonly idleDays: number;
  /** The payments whose money it can hold; empty for an imported credit, or money received elsewhere. */
  readonly payments: readonly {
    /** The payment. */
    readonly paymentId: string;
    /** The code of its method. */
    readonly method: string;
  }[];
};

/** What a list of unclaimed credits returns after its last line. */
export type UnclaimedCreditsReport = JobReport & {
  /** The number of listed credits and their sum, by currency. */
  readonly byCurrency: Readonly<Record<string, CountedAmount>>;
};

const formSchema = onlyFields({
  ...reportFormFields,
  timeZone: timeZoneField,
  asOf: dateField,
  idleForDays: wholeNumber(1),
});

/**
 * Lists refundable credits that nobody has claimed, in all currencies: a part of the credit is unused, and the patron
 * has had no activity for a number of days. Reads one account at a time, and those merged with it. Changes nothing.
 *
 * Everything recorded in an account of the patron counts as the patron's activity, except what jobs and imports do
 * (`by.channel`), the growth of a fine, and merges. A payment that a job records counts, e.g. an online payment whose
 * report was lost. In doubt a patron was active, so that no credit is listed early.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy; amounts may be in any currency
 * @param form - the institution, the day, the number of days
 * @param options - callbacks for findings and progress; signal; concurrency; shard
 * @returns the credits, in the order of the store's accounts, then the report with totals
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runUnclaimedCredits } from 'patron-fees/reports';
 *
 * const at = '2023-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, payment);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', asOf: '2026-03-31', idleForDays: 1_095 };
 * for await (const { patronId, amount, idleDays, payments } of runUnclaimedCredits(store, policy, form)) {
 *   [patronId, amount, idleDays]; //=> ['dverma', '5.00', 1125]
 *   payments; //=> [{ paymentId: 'p1', method: 'CASH' }]
 * }
 * ```
 */
export function runUnclaimedCredits(
  stores: JobStores,
  policy: FeePolicy,
  form: UnclaimedCreditsForm,
  options: AccountJobOptions = {},
): AsyncGenerator<UnclaimedCredit, UnclaimedCreditsReport, undefined> {
  const job = openJob(stores, policy, options, { form: () => checkedForm(form), anyCurrency: true });
  const { asOf, idleForDays, timeZone } = job.form;
  const dayOf = localDay(timeZone);
  const idleSince = (instant: string) => daysBetween(dayOf(instant), asOf);

  const readGroup = (stream: StreamId) =>
    groupAround(stream.patronId, async (patronId) => ({
      patronId,
      ...(await job.read({ ...stream, patronId })),
    }));
  const work = async (stream: StreamId): Promise<readonly UnclaimedCredit[]> => {
    const { account, events } = await job.read(stream);
    const old = account.credits.filter(
      (credit) =>
        credit.purpose === 'refundable' && unused(credit) > 0 && idleSince(credit.issuedAt) >= idleForDays,
    );
    if (old.length === 0) return [];
    const group = account.merges.length === 0 ? [{ events }] : await readGroup(stream);
    const lastActivityAt = lastActivity(group.flatMap((member) => member.events));
    const idleDays = lastActivityAt === null ? Number.POSITIVE_INFINITY : idleSince(lastActivityAt);
    if (idleDays < idleForDays) return [];
    const paymentsOf = paymentsBehind(account);
    return old.map((credit) => ({
      ...stream,
      creditId: credit.creditId,
      cause: credit.cause,
      owner: credit.owner ?? findFee(account, credit.feeId ?? '')?.owner ?? null,
      amount: formatAmount(unused(credit), account.minorDigits),
      currency: account.currency as string,
      issuedAt: credit.issuedAt,
      lastActivityAt,
      idleDays: Math.min(idleDays, idleSince(credit.issuedAt)),
      payments: paymentsOf(credit).map(({ paymentId, method }) => ({ paymentId, method })),
    }));
  };
  const tallies = new Map<string, ReturnType<typeof amountTally>>();
  async function* lines(): AsyncGenerator<UnclaimedCredit> {
    for await (const line of job.eachAccount(work)) {
      const tally = tallies.get(line.currency) ?? amountTally(digitsOf(line.currency));
      tallies.set(line.currency, tally);
      tally.add(line.amount);
      yield line;
    }
  }
  return job.listing(lines, () => ({
    byCurrency: Object.fromEntries([...tallies].map(([currency, tally]) => [currency, tally.result()])),
  }));
}

function checkedForm(form: UnclaimedCreditsForm) {
  const checked = checkedArgument(formSchema, form, 'form');
  return { recordedBefore: endOfDay(localDay(checked.timeZone), checked.asOf), ...checked };
}

/** Events that are no activity of the patron, by any channel. */
const administrative: ReadonlySet<AccountEventType> = new Set([
  'FeeIncreased',
  'AccountMerged',
  'AccountJoined',
  'AccountSeparated',
  'AccountPurged',
]);

/** Returns when a patron was last active; null if never. */
function lastActivity(events: readonly RecordedEvent[]): string | null {
  let last: string | null = null;
  for (const { type, data } of events.map(({ event }) => event)) {
    const channel = data.by?.channel;
    // A patron has paid, although a job found it at the payment provider.
    const isJob = channel === 'job' && type !== 'PaymentReceived';
    if (administrative.has(type) || isJob || channel === 'import') continue;
    if (last === null || compareInstants(data.at, last) > 0) last = data.at;
  }
  return last;
}

const columns: Columns<UnclaimedCredit> = [
  'institution',
  'patronId',
  'creditId',
  'cause',
  'owner',
  'amount',
  'currency',
  'issuedAt',
  'lastActivityAt',
  'idleDays',
  {
    name: 'paymentIds',
    cellOf: ({ payments }) => payments.map(({ paymentId }) => paymentId).join(' '),
    identifies: true,
  },
  {
    name: 'methods',
    cellOf: ({ payments }) => payments.map(({ method }) => method).join(' '),
    identifies: true,
  },
];

/**
 * Formats a list of unclaimed credits as CSV, line by line: a header, then one line for each credit. The ids of its
 * payments are joined by blanks, and so are their methods, in the same order.
 *
 * @param credits - the lines of {@link runUnclaimedCredits}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { unclaimedCreditsCsv } from 'patron-fees/reports';
 *
 * for await (const piece of unclaimedCreditsCsv([])) piece.split(',').slice(1, 3); //=> ['patronId', 'creditId']
 * ```
 */
export function unclaimedCreditsCsv<Report>(
  credits: Lines<UnclaimedCredit, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  return csvText(credits, columns, options);
}
