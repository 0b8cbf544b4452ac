import * as v from 'valibot';
import { commandActorField, nameField } from '../../account/fieldSchemas.js';
import type { ReadAppendStore } from '../../history/eventStore.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { shardFilter } from '../../history/shard.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { JobOptions } from '../../job/job.js';
import type { JobOrder, JobReport } from '../../job/jobHead.js';
import { openJob } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { tryKept } from '../kept/tryKept.js';
import { type OnlineContext, type OnRecorded, onRecordedField } from '../loadOnlinePayment.js';
import type { OnlineFinding } from '../onlineFinding.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import { type ChangedPayment, changedPayments } from './changedPayments.js';
import { type AskProvider, lookAtPayment } from './lookAtPayment.js';
import { nextCursor, parseCursor, withNamed } from './monitorCursor.js';
import { type OnlineTotals, onlineTotals } from './onlineTotals.js';

/** Which online payments to look at, and when. */
export type OnlinePaymentsForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /**
   * The current time, ISO 8601 with a zone. It decides which payments have expired, and is the time of what is
   * recorded.
   */
  readonly at: string;
  /**
   * The `cursor` of the report of the run before.
   *
   * @defaultValue all online payments
   */
  readonly after?: string | null;
  /**
   * For how many days after its expiry the provider is asked about a payment that is not final: 1 or more.
   *
   * @defaultValue `30`
   */
  readonly askForDays?: number;
};

/** The provider, callbacks, and how the monitor runs. */
export type OnlinePaymentsOptions = JobOptions &
  FindingOptions<OnlineFinding> & {
    /**
     * Asks the provider about a payment that is not final: at its expiry, after 5, 15, 45 minutes, 2 and 6 hours, then
     * every 24 hours for `askForDays`. It finds what reports were lost of.
     *
     * @defaultValue the provider is not asked, and reports that are lost are found by `reconcilePayouts`
     */
    readonly ask?: AskProvider;
    /**
     * How to retry if other writers append first.
     *
     * @defaultValue 50 attempts, with pauses of up to 200 ms
     */
    readonly retry?: RetryOptions;
    /**
     * Called once an account has recorded its part of a capture.
     *
     * @defaultValue nothing is called
     */
    readonly onRecorded?: OnRecorded;
  };

/** The part of a payment that became a credit, and the fees that it was meant for. */
export type OnlineCredit = {
  /** The online payment. */
  readonly onlinePaymentId: string;
  /** The patron. */
  readonly patronId: string;
  /** The credit's amount, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** The fees of the account that the money was taken for. A dispute that ends does not use the credit. */
  readonly feeIds: readonly string[];
};

/** What a run of the monitor found. */
export type OnlinePaymentsReport = JobReport<OnlineFinding> & {
  /**
   * For `after` of the next run. It names the payments that are not finished and what is kept (of each the first 1,000),
   * and has the time of the last run that asked; null for the beginning.
   */
  readonly cursor: string | null;
  /** The number of payments looked at. */
  readonly payments: number;
  /** How many of them the provider was asked about. */
  readonly asked: number;
  /** How many refused parts of reports and rows of payouts are kept and do not fit yet: each is a finding. */
  readonly kept: number;
  /** The money of these payments, by currency; with what is kept, as taken or returned and not recorded. */
  readonly byCurrency: Readonly<Record<string, OnlineTotals>>;
  /** The first 1,000 credits that these payments became. */
  readonly credits: readonly OnlineCredit[];
};

const CREDITS_MAX = 1_000;

const formSchema = onlyFields({
  institution: nameField,
  at: instantField,
  jobId: v.optional(nameField),
  by: v.optional(commandActorField),
  reason: v.optional(nameField),
  after: v.nullish(v.string()),
  askForDays: v.optional(wholeNumber(1), 30),
});

const ask = v.optional(v.custom<AskProvider>((input) => typeof input === 'function', 'a function'));

/**
 * Finishes online payments whose recording was interrupted, and asks the provider about payments past their expiry. Run
 * it every few minutes, with the cursor of the previous report. After a complete run, `takenAndNotRecorded` and
 * `returnedAndNotRecorded` have only the amounts that the findings name.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - the institution, the time, the cursor
 * @param options - the function that asks the provider; callbacks for findings and progress; signal; concurrency
 * @events as {@link reportOnlinePayment}, and {@link OnlinePaymentEnded} for a payment that has expired
 * @returns the money of the payments that it looked at, and what a person must look at
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY`. Later: `CURSOR_UNKNOWN`; `JOB_CANCELLED` with
 * the report so far once the signal is aborted; any error of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { runOnlinePayments, startOnlinePayment } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const stores = { accounts, office };
 * const shortfallFee = { feeType: 'OTHER', owner: 'MAIN' };
 * const policy = definePolicy({ currency: 'USD', onlinePayments: { method: 'ONLINE', shortfallFee } });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12', owner: 'MAIN', at } as const;
 * await execute(accounts, policy, { institution: 'north', patronId: 'dverma' }, fee);
 * const parts = [{ patronId: 'dverma' }];
 * await startOnlinePayment(stores, policy, { institution: 'north', onlinePaymentId: 'o1', parts, at });
 *
 * // The patron closed the window, and the webhook was lost.
 * const ask = () => ({ captures: [{ externalTransactionId: 'ch_1', amount: '12.00', currency: 'USD' }] });
 * const form = { institution: 'north', at: '2026-03-02T10:00:00Z' };
 * const { byCurrency } = await runOnlinePayments(stores, policy, form, { ask });
 * [byCurrency.USD?.recorded, byCurrency.USD?.takenAndNotRecorded]; //=> ['12.00', '0.00']
 * ```
 */
export async function runOnlinePayments(
  stores: OnlineStores,
  policy: FeePolicy,
  form: OnlinePaymentsForm,
  options: OnlinePaymentsOptions = {},
): Promise<OnlinePaymentsReport> {
  const job = openJob<v.InferOutput<typeof formSchema>, never, OfficeStore, OnlineFinding>(
    stores as never,
    policy,
    options,
    {
      form: () => checkedArgument(formSchema, form, 'form'),
      options: { ask, retry: retryField, onRecorded: onRecordedField },
      needsOffice: true,
      anyCurrency: true,
    },
  );
  const { institution, at, after, askForDays } = job.form;
  const { retry: howToRetry, onRecorded } = options;
  const retry = v.parse(retryField, howToRetry);
  const office = job.office as OfficeStore;
  const accounts: ReadAppendStore = job.store;
  const context: OnlineContext = { accounts, office, policy: job.policy, institution, retry, onRecorded };
  const totals = onlineTotals();
  const credits: OnlineCredit[] = [];
  const counts = { payments: 0, asked: 0, kept: 0 };
  const before = parseCursor(after);
  const unfinished = new Set<string>();
  const notAsked: string[] = [];
  const newlyKept: string[] = [];
  let cursor = after ?? null;

  const work = async (changed: ChangedPayment): Promise<readonly OnlineFinding[]> => {
    const { onlinePaymentId } = changed;
    const isAskedAgain = before.notAsked.includes(onlinePaymentId);
    const { askedAt } = before;
    const how = { at, askForDays, ask: options.ask, askedAt, isAskedAgain };
    const look = await lookAtPayment(context, changed, how);
    if (!look.isFinished) unfinished.add(onlinePaymentId);
    if (look.asked !== 'not') counts.asked += 1;
    if (look.asked === 'failed') notAsked.push(onlinePaymentId);
    newlyKept.push(...look.kept);
    if (look.payment !== null) {
      totals.add(look.payment);
      credits.push(...creditsOf(look.payment).slice(0, CREDITS_MAX - credits.length));
      counts.payments += 1;
    }
    return look.findings;
  };
  return job.working(
    async () => {
      const changed = await changedPayments(office, institution, before.after ?? undefined);
      const isMine = shardFilter(options.shard);
      const payments = withNamed(before.payments, changed.payments).filter(({ onlinePaymentId }) =>
        isMine(streamOfKind(institution, 'online', onlinePaymentId)),
      );
      const kept = [...new Set([...before.kept, ...changed.kept.keys()])].filter((keptId) =>
        isMine(streamOfKind(institution, 'onlineKept', keptId)),
      );
      const first = await tryKept(context, kept, at);
      for await (const _ of job.each(each(payments), work));
      const left = [
        ...first.open.map((one) => one.kept.keptId),
        ...first.unreadable.map((one) => one.keptId as string),
      ];
      const last = await tryKept(context, new Set([...left, ...newlyKept]), at);
      counts.kept = last.open.length;
      totals.addKept(last.open.map((one) => one.kept));
      for (const finding of [...last.open.map((one) => one.finding), ...last.unreadable])
        await job.found(finding);
      const keptIds = [
        ...last.open.map((one) => one.kept.keptId),
        ...last.unreadable.map((one) => one.keptId as string),
      ];
      cursor = nextCursor(before, changed, {
        payments: payments.filter(({ onlinePaymentId }) => unfinished.has(onlinePaymentId)),
        kept: keptIds,
        notAsked,
        at: options.ask === undefined ? null : at,
      });
    },
    () => ({ cursor, ...counts, byCurrency: totals.result(), credits }),
  );
}

async function* each<Entry>(entries: Iterable<Entry>): AsyncGenerator<Entry> {
  yield* entries;
}

function creditsOf({ onlinePaymentId, parts, recorded, currency }: OnlinePayment): readonly OnlineCredit[] {
  return recorded
    .filter(({ kind, credited = '0' }) => kind === 'capture' && units(credited) > 0)
    .map(({ patronId, credited = '' }) => ({
      onlinePaymentId,
      patronId,
      amount: credited,
      currency,
      feeIds: parts.filter((part) => part.patronId === patronId).map(({ feeId }) => feeId),
    }));
}
