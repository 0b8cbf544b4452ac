import * as v from 'valibot';
import type { Approver } from '../../account/circumstances.js';
import type { GivenCommand } from '../../account/duties.js';
import { approvedAmountField, approverField, nameField, textField } from '../../account/fieldSchemas.js';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { actorOf, type JobActor, jobActorField } from '../../job/jobHead.js';
import { assertBothStores } from '../../job/jobStores.js';
import type {
  KeptPosting,
  KeptReport,
  OnlineReportSettled,
  ToldAndKept,
} from '../../office/onlinePayments/keptReport.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { appendToKept, keep, methodOf, readKept, reopened } from '../kept/keptReports.js';
import { keptBeside, tryOne } from '../kept/tryKept.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import { type SettleOptions, settleOptionsSchema } from './settleOnlinePart.js';
import {
  approverOf,
  type KeptRecorded,
  roleRefusal,
  type SettleReportRejection,
  settlingRefusal,
} from './settling.js';

/** Which refused part to settle, why, and by whom. */
export type SettleReportForm = {
  /** The institution. */
  readonly institution: string;
  /** What was kept, as a report, a payout or a finding names it. */
  readonly keptId: string;
  /** Why: it is kept in the books. */
  readonly reason: string;
  /**
   * Tells it anew with this payment, and tries it at once.
   *
   * @defaultValue it is tried once more as it was told, and then settled
   */
  readonly onlinePaymentId?: string;
  /**
   * Reports it again with this capture: for a return, or for money that came back. Only with a payment.
   *
   * @defaultValue as it was told
   */
  readonly of?: string;
  /**
   * Takes back that it is settled: it is tried again.
   *
   * @defaultValue `false`
   */
  readonly reopen?: boolean;
  /** The present time, ISO 8601 with a zone. */
  readonly at: string;
  /** Who settles it: `USER_MANAGER` must be among the roles; the policy's permissions may ask for more. */
  readonly by: JobActor;
  /**
   * Who approved it, and up to which amount: needed above the amount of the policy's `approvals`.
   *
   * @defaultValue nobody
   */
  readonly approvedBy?: Approver;
};

/** The result of {@link settleOnlineReport}. */
export type SettleReportResult =
  | {
      /** Whether it is as the form says. */
      readonly accepted: true;
      /** What became of it: `recorded` with the payment of the form, `open` if it is reopened. */
      readonly status: 'open' | 'settled' | 'recorded';
      /** Whether it was so before. */
      readonly isRepeat: boolean;
    }
  | NotAccepted<SettleReportRejection>;

const formSchema = v.pipe(
  v.strictObject({
    institution: nameField,
    keptId: nameField,
    reason: v.pipe(textField, v.regex(/\S/, 'a reason')),
    onlinePaymentId: v.exactOptional(nameField),
    of: v.exactOptional(nameField),
    reopen: v.optional(v.boolean(), false),
    at: instantField,
    by: jobActorField,
    approvedBy: v.exactOptional(approverField(approvedAmountField)),
  }),
  v.forward(
    v.check(
      ({ onlinePaymentId, of }) => of === undefined || onlinePaymentId !== undefined,
      'only with a payment',
    ),
    ['of'],
  ),
  v.forward(
    v.check(({ onlinePaymentId, reopen }) => !reopen || onlinePaymentId === undefined, 'not with a payment'),
    ['reopen'],
  ),
);

/**
 * Settles a refused part of a report or a payout, with a reason: either reports it again with the payment that it
 * belongs to, or marks it as settled without recording it. First, it is tried once more. If it is a row of a payout,
 * its money is in the payout in any case: it is posted to `onlineApart`, for a person to explain.
 *
 * Refused: {@link MayNotSettle}, {@link index.NotPermitted | NotPermitted}, {@link index.ApprovalRequired | ApprovalRequired}, {@link index.SameUser | SameUser}, {@link KeptUnknown}, {@link KeptRecorded}, {@link KeptNotRecorded}.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - what is settled, why, and by whom
 * @param options - how to retry if other writers are first
 * @events {@link OnlineReportSettled}, {@link OnlineReportKept}; as {@link reportOnlinePayment} for what fits
 * @returns what became of it, or why it is not settled
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`; `INVALID_ARGUMENT`; `VERSION_CONFLICT` if
 * other writers were first at every attempt; `CORRUPT_HISTORY`; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { reportOnlinePayment, settleOnlineReport } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const stores = { accounts, office };
 * const policy = definePolicy({ currency: 'USD' });
 * const captures = [{ externalTransactionId: 'ch_9', amount: '5.00', currency: 'USD' }];
 * const report = { institution: 'north', onlinePaymentId: 'unknown', captures, at };
 * const [kept] = (await reportOnlinePayment(stores, policy, report)).kept;
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { institution: 'north', keptId: kept?.keptId ?? '', reason: 'a test of the provider', at, by };
 * await settleOnlineReport(stores, policy, form); //=> { accepted: true, status: 'settled', isRepeat: false }
 * ```
 */
export async function settleOnlineReport(
  stores: OnlineStores,
  policy: FeePolicy,
  form: SettleReportForm,
  options: SettleOptions = {},
): Promise<SettleReportResult> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const how = checkedArgument(settleOptionsSchema, options, 'options');
  const read = checkedArgument(formSchema, form, 'form');
  const { institution, keptId, reason, onlinePaymentId, of, reopen, at, by } = read;
  const missing = roleRefusal(by);
  if (missing !== undefined) return refused(missing);
  const context: OnlineContext = { ...stores, policy: rules, institution, ...how };
  const told = { at, by: actorOf(by), reason, ...approverOf(read.approvedBy) };
  const kept = await readKept(context, keptId);
  if (kept === null) return refused({ type: 'KeptUnknown', kind: 'notFound', keptId });
  if (kept.state === 'recorded') return refused(recorded(keptId));
  const isAsked = reopen ? kept.state === 'settled' : onlinePaymentId !== undefined || kept.state === 'open';
  const { amount, currency } = kept.told;
  const before = isAsked ? await settledBefore(context, kept) : [];
  const refusal = isAsked
    ? settlingRefusal('SettleOnlineReport', read, rules, { amount, currency, before })
    : undefined;
  if (refusal !== undefined) return refused(refusal);
  if (reopen) {
    const after = await appendToKept(context, keptId, (known) => reopened(known, told));
    return { accepted: true, status: 'open', isRepeat: after?.eventCount === kept.eventCount };
  }
  if (onlinePaymentId !== undefined) {
    const entry = toldAnew(kept, onlinePaymentId, of);
    const named = { ...kept, ...entry, names: [{ onlinePaymentId, of }] } as KeptReport;
    const because = await tryOne(context, named, at, [named, ...(await keptBeside(context, kept))]);
    if (because === null) return { accepted: true, status: 'recorded', isRepeat: false };
    // Of what is settled nothing is added.
    if (kept.state === 'open') await keep(context, entry, because.code, told);
    return refused({ type: 'KeptNotRecorded', kind: 'conflict', keptId, because });
  }
  if (kept.state === 'settled') return { accepted: true, status: 'settled', isRepeat: true };
  const together = [kept, ...(await keptBeside(context, kept))];
  if ((await tryOne(context, kept, at, together)) === null) return refused(recorded(keptId));
  return settle(context, kept, told);
}

/** Returns who settled parts of the transaction, in the payments that it was told of, if the policy has duties. */
async function settledBefore(context: OnlineContext, kept: KeptReport): Promise<readonly GivenCommand[]> {
  if (context.policy.duties === undefined) return [];
  const id = kept.kind === 'row' ? kept.told.transaction : kept.told.externalTransactionId;
  const given: GivenCommand[] = [];
  for (const { onlinePaymentId } of kept.names) {
    const payment = onlinePaymentId === null ? null : await readOnlinePayment(context, onlinePaymentId);
    for (const { externalTransactionId, by } of payment?.settled ?? [])
      if (externalTransactionId === id) given.push({ commandType: 'SettleOnlinePart', userId: by.userId });
  }
  return given;
}

async function settle(
  context: OnlineContext,
  { keptId }: KeptReport,
  told: Pick<OnlineReportSettled['data'], 'at' | 'by' | 'approvedBy'> & { readonly reason: string },
): Promise<SettleReportResult> {
  let isRepeat = true;
  const after = await appendToKept(context, keptId, (known) => {
    isRepeat = known?.state !== 'open';
    if (known?.state !== 'open') return [];
    const posted = postingOf(context, known);
    const { currency } = known.told;
    const data = { keptId, currency, how: 'settled', ...told, ...(posted && { posted }) } as const;
    return [{ type: 'OnlineReportSettled', data }];
  });
  if (after?.state === 'recorded') return refused(recorded(keptId));
  // A payout that was read meanwhile may have recorded it.
  const isRow = !isRepeat && after?.kind === 'row';
  if (isRow && (await tryOne(context, after, told.at)) === null) return refused(recorded(keptId));
  return { accepted: true, status: 'settled', isRepeat };
}

/** Returns what is posted of a row that is settled: its money is in a payout. A changed row is posted already. */
function postingOf(context: OnlineContext, kept: KeptReport): KeptPosting | undefined {
  if (kept.kind !== 'row' || kept.because === 'ROW_CHANGED') return undefined;
  const { amount, currency, payoutCurrency, gross, fee, method } = kept.told;
  const own = { method: method ?? methodOf(context) ?? 'unknown', currency };
  // As a payout in another currency: as it was charged, without the fee.
  if (payoutCurrency === currency) return { ...own, gross, fee };
  return { ...own, gross: amount, fee: amount.replace(/[1-9]/g, '0').replace(/^-?0+(?=\d)/, '') };
}

function toldAnew(kept: KeptReport, onlinePaymentId: string, of: string | undefined): ToldAndKept {
  const capture = of === undefined ? {} : { of };
  if (kept.kind === 'row')
    return { kind: 'row', told: { ...kept.told, reference: onlinePaymentId, ...capture } };
  if (kept.kind === 'return') return { kind: 'return', told: { ...kept.told, onlinePaymentId, ...capture } };
  return { kind: 'capture', told: { ...kept.told, onlinePaymentId } };
}

function recorded(keptId: string): KeptRecorded {
  return { type: 'KeptRecorded', kind: 'conflict', keptId };
}

function refused(rejection: SettleReportRejection): SettleReportResult {
  return { accepted: false, rejection };
}
