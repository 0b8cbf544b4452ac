import * as v from 'valibot';
import type { RecordedActor } from '../../account/circumstances.js';
import { actorField, nameField, textField } from '../../account/fieldSchemas.js';
import { compareInstants } from '../../history/instants.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { checkedArgument, parsed } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertBothStores } from '../../job/jobStores.js';
import type { ToldAndKept } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { isNewPending } from '../../office/onlinePayments/onlinePaymentStatus.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { isRecorded, keep } from '../kept/keptReports.js';
import {
  appendToPayment,
  type OnlineContext,
  type OnRecorded,
  onRecordedField,
  readOnlinePayment,
  withoutPatron,
} from '../loadOnlinePayment.js';
import type { ReportRejection } from '../onlineRejections.js';
import { recordParts, type WaitingPart } from '../record/recordParts.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import type { OnlineReport } from './onlineReport.js';
import { type InReport, type ReadReport, readReport, reportFields } from './readReport.js';
import { type CaptureOfRow, reportCapture } from './reportCapture.js';
import { reportReturn } from './reportReturn.js';

/** A report of a payment, with when and by whom. */
export type OnlineReportForm = OnlineReport & {
  /** The institution. */
  readonly institution: string;
  /** The payment that the provider names: its reference. */
  readonly onlinePaymentId: string;
  /** When it happened, or is reported: ISO 8601 with a zone. */
  readonly at: string;
  /**
   * Who reports it.
   *
   * @defaultValue `{ channel: 'online' }`
   */
  readonly by?: RecordedActor;
  /**
   * Why, if a person reports it: recorded with returns and an end.
   *
   * @defaultValue none
   */
  readonly reason?: string;
};

/** Options of {@link reportOnlinePayment}. */
export type ReportOptions = {
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

/** The result of {@link reportOnlinePayment}. */
export type ReportResult = {
  /** Whether every part of the report is recorded, or was before. */
  readonly accepted: boolean;
  /** Why parts of the report are refused; empty if none is. The other parts are recorded all the same. */
  readonly rejections: readonly ReportRejection[];
  /** The payment after it: of a return, that of its capture. Null if it is unknown. */
  readonly payment: OnlinePayment | null;
  /** What was taken or went back and an account has not recorded, with the reason. The monitor tries again. */
  readonly waiting: readonly WaitingPart[];
  /**
   * What is refused and kept: the monitor tries it again until it fits or a person settles it. What is malformed is not
   * kept, nor what is recorded with its amount in another payment.
   */
  readonly kept: readonly KeptInReport[];
};

/** A part of a report that is kept. */
export type KeptInReport = {
  /** Names it for `settleOnlineReport`. */
  readonly keptId: string;
  /** `settled` if a person settled it before, `recorded` if it fits meanwhile. */
  readonly status: 'open' | 'settled' | 'recorded';
};

const formSchema = onlyFields({
  institution: nameField,
  onlinePaymentId: nameField,
  at: instantField,
  by: v.optional(actorField, { channel: 'online' }),
  reason: v.exactOptional(textField),
  ...reportFields,
});

const optionsSchema = v.strictObject({ retry: retryField, onRecorded: onRecordedField });

/**
 * Records what the provider reports about an online payment, in the payment and in the accounts. Call it for every
 * webhook, in any order and as often as it comes; what was reported before is a repeat. Money is recorded in every
 * state of the payment, even after it has ended, and even if the fees or the policy have changed: what no fee can take
 * becomes a credit.
 *
 * A part of the report may be refused: {@link OnlinePaymentUnknown}, {@link ReportInOtherCurrency},
 * {@link ReportDiffers}, {@link PerhapsReported}, {@link TransactionOfOtherPayment}, {@link CaptureUnknown},
 * {@link ReturnExceedsCapture}, {@link InvalidOnlinePayment}. A refused capture or return is kept. The monitor tries it
 * again until it can be recorded or a person settles it (`settleOnlineReport`).
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - what the provider reports
 * @param options - how to retry if other writers are first
 * @events {@link OnlinePaymentCaptured}, {@link OnlinePaymentReturned}, {@link OnlinePaymentRecorded},
 * {@link OnlinePaymentPending}, {@link OnlinePaymentEnded}, {@link OnlineReportKept}; in the accounts {@link index.PaymentReceived | PaymentReceived} and
 * {@link index.PaymentReversed | PaymentReversed}
 * @returns the payment, what is refused, and what waits
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`; `INVALID_ARGUMENT` for options;
 * `VERSION_CONFLICT` if other writers were first at every attempt; `CORRUPT_HISTORY` for a payment that cannot be read;
 * errors of the stores. Report it again
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { reportOnlinePayment, startOnlinePayment } from 'patron-fees/online';
 * import { summary } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const stores = { accounts, office };
 * const shortfallFee = { feeType: 'OTHER', owner: 'MAIN' };
 * const policy = definePolicy({ currency: 'USD', onlinePayments: { method: 'ONLINE', shortfallFee } });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12', owner: 'MAIN', at } as const;
 * await execute(accounts, policy, patron, fee);
 * const payment = { institution: 'north', onlinePaymentId: 'o1', at };
 * await startOnlinePayment(stores, policy, { ...payment, parts: [{ patronId: 'dverma' }] });
 *
 * const captures = [{ externalTransactionId: 'ch_1', amount: '12.00', currency: 'USD' }];
 * (await reportOnlinePayment(stores, policy, { ...payment, captures })).accepted; //=> true
 * (await reportOnlinePayment(stores, policy, { ...payment, captures })).accepted; //=> true
 * summary((await loadAccount(accounts, patron)).account, policy).active; //=> '0.00'
 * ```
 */
export async function reportOnlinePayment(
  stores: OnlineStores,
  policy: FeePolicy,
  form: OnlineReportForm,
  options: ReportOptions = {},
): Promise<ReportResult> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const how = checkedArgument(optionsSchema, options, 'options');
  const read = parsed(formSchema, form);
  if ('faults' in read) {
    const rejection = { type: 'InvalidOnlinePayment', kind: 'invalid', faults: read.faults } as const;
    return { accepted: false, rejections: [rejection], payment: null, waiting: [], kept: [] };
  }
  const { institution, captures, returns, pending, ended, ...head } = read.output;
  const { malformed, ...parts } = readReport({ captures, returns, pending, ended, at: head.at });
  const context: OnlineContext = { ...stores, policy: rules, institution, ...how };
  const { refused, ...result } = await applyReport(context, { ...head, ...parts });
  const told = { at: head.at, by: withoutPatron(head.by) };
  const kept: KeptInReport[] = [];
  for (const { rejection, entry } of refused) {
    if (rejection.type === 'InvalidOnlinePayment' || (await isRecorded(context, entry))) continue;
    const { keptId, state } = await keep(context, entry, rejection.type, told);
    kept.push({ keptId, status: state });
  }
  const rejections = [...malformed, ...result.rejections];
  return { ...result, accepted: rejections.length === 0, rejections, kept };
}

/** A part of a report that is refused, as it is kept. */
type RefusedPart = { readonly rejection: ReportRejection; readonly entry: ToldAndKept };

type CheckedReport = Pick<v.InferOutput<typeof formSchema>, 'onlinePaymentId' | 'at' | 'by' | 'reason'> &
  Omit<ReadReport, 'malformed' | 'captures'> & {
    readonly captures: readonly (CaptureOfRow & InReport)[];
  };

/** Records a checked report: captures first, since returns need them, and the end last. */
export async function applyReport(
  context: OnlineContext,
  report: CheckedReport,
): Promise<Omit<ReportResult, 'kept'> & { readonly refused: readonly RefusedPart[] }> {
  const { onlinePaymentId, captures, returns, pending, ended, at } = report;
  const by = withoutPatron(report.by);
  const told = { at, by, ...(report.reason !== undefined && { reason: report.reason }) };
  const rejections: ReportRejection[] = [];
  const refused: RefusedPart[] = [];
  const touched = new Map<string, OnlinePayment>();
  const note = (result: OnlinePayment | ReportRejection, entry?: ToldAndKept): void => {
    if (!('type' in result)) touched.set(result.onlinePaymentId, result);
    else {
      rejections.push(result);
      if (entry !== undefined) refused.push({ rejection: result, entry });
    }
  };
  for (const capture of captures) {
    const { path: _path, rowId: _rowId, of: _of, ...told } = capture;
    const result = await reportCapture(context, onlinePaymentId, { ...capture, at, by }, captures);
    note(result, { kind: 'capture', told: { onlinePaymentId, ...told } });
  }
  for (const returned of returns) {
    const { path: _path, ...reported } = returned;
    const result = await reportReturn(context, onlinePaymentId, { ...returned, ...told });
    note(result, { kind: 'return', told: { onlinePaymentId, ...reported } });
  }
  if (pending !== undefined) note(await reportPending(context, onlinePaymentId, { ...pending, at, by }));
  if (ended !== undefined) note(await reportEnd(context, onlinePaymentId, { ...ended, ...told }));
  const waiting: WaitingPart[] = [];
  for (const payment of touched.values()) {
    const recorded = await recordParts(context, payment, at);
    touched.set(payment.onlinePaymentId, recorded.payment);
    waiting.push(...recorded.waiting);
  }
  const [last] = [...touched.values()].reverse();
  const payment = touched.get(onlinePaymentId) ?? last ?? (await readOnlinePayment(context, onlinePaymentId));
  return { accepted: rejections.length === 0, rejections, payment, waiting, refused };
}

async function reportPending(
  context: OnlineContext,
  onlinePaymentId: string,
  pending: NonNullable<OnlineReport['pending']> & { readonly at: string; readonly by: RecordedActor },
): Promise<OnlinePayment | ReportRejection> {
  const done = await appendToPayment<OnlinePayment | null>(context, onlinePaymentId, (payment) => {
    if (payment === null || !isNewPending(payment, pending)) return { result: payment };
    const { currency } = payment;
    return { type: 'OnlinePaymentPending', data: { onlinePaymentId, ...pending, currency } };
  });
  const payment = 'payment' in done ? done.payment : done.result;
  return payment ?? { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
}

async function reportEnd(
  context: OnlineContext,
  onlinePaymentId: string,
  end: NonNullable<OnlineReport['ended']> & {
    readonly at: string;
    readonly by: RecordedActor;
    readonly reason?: string;
  },
): Promise<OnlinePayment | ReportRejection> {
  const done = await appendToPayment<OnlinePayment | null>(context, onlinePaymentId, (payment) => {
    if (payment === null) return { result: null };
    const { ended, currency, failedAt } = payment;
    // A debit that failed later than another ended is not under way any more.
    const isLaterFailure =
      end.cause === 'failed' && (failedAt === null || compareInstants(end.at, failedAt) > 0);
    const isNew = ended === null || (!ended.final && (end.final || isLaterFailure));
    if (!isNew) return { result: payment };
    return { type: 'OnlinePaymentEnded', data: { onlinePaymentId, ...end, currency } };
  });
  const payment = 'payment' in done ? done.payment : done.result;
  return payment ?? { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
}
