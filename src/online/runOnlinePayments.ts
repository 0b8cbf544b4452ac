import * as v from 'valibot';
import { commandActorField, nameField } from '../account/fieldSchemas.js';
import { isPatronFeesError } from '../errors.js';
import type { ReadAppendStore } from '../history/eventStore.js';
import { type RetryOptions, retryField } from '../history/retry.js';
import { shardFilter } from '../history/shard.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { DAY_MS, instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { shown } from '../input/shown.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { JobOptions } from '../job/job.js';
import type { JobOrder, JobReport } from '../job/jobHead.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { type OnlinePayment, units } from '../office/onlinePayments/onlinePayment.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type ChangedPayment, changedPayments, complete } from './changedPayments.js';
import { end } from './holdFees.js';
import { type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import { type OnlineFinding, refusedFinding, waitingFinding } from './onlineFinding.js';
import type { OnlineReport } from './onlineReport.js';
import { type OnlineTotals, onlineTotals } from './onlineTotals.js';
import { recordParts } from './recordParts.js';
import { reportOnlinePayment } from './reportOnlinePayment.js';
import type { OnlineStores } from './startOnlinePayment.js';
import { tooMuchFindings } from './tooMuchFindings.js';

/** Which online payments to look at, and when. */
export type OnlinePaymentsForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /** The present time, ISO 8601 with a zone: which payments have expired, and the time of what is recorded. */
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

/** Asks the provider about a payment. Returns what it says, in full or in part; null if it knows nothing. */
export type AskProvider = (payment: OnlinePayment) => OnlineReport | null | Promise<OnlineReport | null>;

/** The provider, callbacks, and how the monitor runs. */
export type OnlinePaymentsOptions = JobOptions &
  FindingOptions<OnlineFinding> & {
    /**
     * Asks the provider about a payment past its expiry, once a run: it finds what reports were lost of.
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
  };

/** What of a payment became a credit, and for which fees it was meant. */
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
   * For `after` of the next run: before the earliest event of a payment that is not finished; null for the beginning.
   */
  readonly cursor: string | null;
  /** The number of payments looked at. */
  readonly payments: number;
  /** How many of them the provider was asked about. */
  readonly asked: number;
  /** The money of these payments, by currency. */
  readonly byCurrency: Readonly<Record<string, OnlineTotals>>;
  /** The first 1,000 credits that these payments became. */
  readonly credits: readonly OnlineCredit[];
};

const CREDITS_MAX = 1_000;

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    institution: nameField,
    at: instantField,
    jobId: v.optional(nameField),
    by: v.optional(commandActorField),
    reason: v.optional(nameField),
    after: v.nullish(v.string()),
    askForDays: v.optional(wholeNumber(1), 30),
  }),
);

const ask = v.optional(v.custom<AskProvider>((input) => typeof input === 'function', 'a function'));

/**
 * Finishes what died, and asks the provider about payments past their expiry: run it every few minutes, with the cursor
 * of the report before. When it is through, `takenAndNotRecorded` and `returnedAndNotRecorded` are 0, but for what the
 * findings name.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - the institution, the time, the cursor
 * @param options - the function that asks the provider; callbacks for findings and progress; signal; concurrency
 * @events as {@link reportOnlinePayment}, and {@link OnlinePaymentEnded} for a payment that has expired
 * @returns the money of the payments that it looked at, and what a person must look at
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY`. Later: `CURSOR_UNKNOWN`; `JOB_CANCELLED` with
 * the report so far once the signal is aborted; any error of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/institution';
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
export function runOnlinePayments(
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
      options: { ask, retry: retryField },
      needsOffice: true,
      anyCurrency: true,
    },
  );
  const { institution, at, after, askForDays } = job.form;
  const { retry: howToRetry } = options;
  const retry = v.parse(retryField, howToRetry);
  const office = job.office as OfficeStore;
  const accounts: ReadAppendStore = job.store;
  const context: OnlineContext = { accounts, office, policy: job.policy, institution, retry };
  const totals = onlineTotals();
  const credits: OnlineCredit[] = [];
  const counts = { payments: 0, asked: 0 };
  const unfinished = new Set<string | undefined>();
  let cursor = after ?? null;

  const askAbout = async (payment: OnlinePayment): Promise<readonly OnlineFinding[]> => {
    const { onlinePaymentId } = payment;
    const of = { institution, onlinePaymentId };
    counts.asked += 1;
    let answer: OnlineReport | null;
    try {
      answer = await (options.ask as AskProvider)(payment);
      if (typeof answer !== 'object') throw new Error(`expected a report or null, found ${shown(answer)}`);
    } catch (error) {
      const message = `the provider could not be asked: ${error instanceof Error ? error.message : String(error)}`;
      return [{ ...of, code: 'ASK_FAILED', message }];
    }
    if (answer === null) return [];
    const { captures, returns, pending, ended } = answer;
    const report = {
      ...(captures && { captures }),
      ...(returns && { returns }),
      ...(pending && { pending }),
      ...(ended && { ended }),
    };
    const given = { ...of, at, ...report, by: { channel: 'job' } } as const;
    const { rejections } = await reportOnlinePayment({ accounts, office }, job.policy, given, {
      ...(howToRetry && { retry: howToRetry }),
    });
    return rejections.map((rejection) => refusedFinding(of, rejection));
  };
  const work = async (changed: ChangedPayment): Promise<readonly OnlineFinding[]> => {
    const { onlinePaymentId, before } = changed;
    const of = { institution, onlinePaymentId };
    const findings: OnlineFinding[] = [];
    try {
      const { payment: completed, refused } = await complete(context, changed);
      if (completed === null) return [];
      findings.push(...refused.map((rejection) => refusedFinding(of, rejection)));
      let payment = completed;
      const overdueMs = Date.parse(at) - Date.parse(payment.expiresAt);
      const isLong = overdueMs > askForDays * DAY_MS;
      if (overdueMs >= 0) payment = await end(context, onlinePaymentId, 'expired', at);
      const isOpen = payment.ended?.final !== true;
      if (overdueMs >= 0 && isOpen && !isLong && options.ask !== undefined) {
        findings.push(...(await askAbout(payment)));
        payment = (await readOnlinePayment(context, onlinePaymentId)) as OnlinePayment;
      }
      const recorded = await recordParts(context, payment, at);
      payment = recorded.payment;
      findings.push(...recorded.waiting.map((part) => waitingFinding(of, part)));
      findings.push(...(await tooMuchFindings(context, payment)));
      if (isLong && isOpen && options.ask !== undefined) {
        const message = `the provider has not said within ${askForDays} days that nothing more will be taken: look at its page, and report the end as final`;
        findings.push({ ...of, code: 'NEVER_FINAL', message });
      }
      const mayChange =
        overdueMs < 0 || (options.ask !== undefined && payment.ended?.final !== true && !isLong);
      if (recorded.waiting.length > 0 || mayChange) unfinished.add(before);
      totals.add(payment);
      credits.push(...creditsOf(payment).slice(0, CREDITS_MAX - credits.length));
      counts.payments += 1;
    } catch (error) {
      if (!isPatronFeesError(error)) throw error;
      const { code, message } = error;
      if (code !== 'CORRUPT_HISTORY' && code !== 'INVALID_EVENT') throw error;
      unfinished.add(before);
      findings.push({ ...of, code, message });
    }
    return findings;
  };
  return job.working(
    async () => {
      const changed = await changedPayments(office, institution, after ?? undefined);
      const order = [...new Set(changed.payments.map(({ before }) => before))];
      const isMine = shardFilter(options.shard);
      const mine = changed.payments.filter((one) =>
        isMine(streamOfKind(institution, 'online', one.onlinePaymentId)),
      );
      for await (const _ of job.each(each(mine), work));
      // Pages are in order, so the first one with an unfinished payment is the earliest.
      const earliest = order.find((before) => unfinished.has(before));
      cursor = unfinished.size === 0 ? changed.cursor : (earliest ?? null);
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
