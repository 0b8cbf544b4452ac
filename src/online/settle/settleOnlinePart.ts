import * as v from 'valibot';
import type { Approver } from '../../account/circumstances.js';
import { type GivenCommand, givenFor } from '../../account/duties.js';
import { approvedAmountField, approverField, nameField, textField } from '../../account/fieldSchemas.js';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { actorOf, type JobActor, jobActorField } from '../../job/jobHead.js';
import { assertBothStores } from '../../job/jobStores.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { isSamePart, onlineParts } from '../../office/onlinePayments/onlineParts.js';
import { amountIn, type OnlinePayment, transactionOf } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineSettlement } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import {
  appendToPayment,
  type OnlineContext,
  type OnRecorded,
  onRecordedField,
  readOnlinePayment,
} from '../loadOnlinePayment.js';
import type { OnlinePaymentUnknown } from '../onlineRejections.js';
import { accountsOfPayment, reversedApart, reversedNotReturned } from '../record/enteredByStaff.js';
import { isLost } from '../record/lostParts.js';
import { readAccount, unlessUnreadable } from '../record/readAccount.js';
import { recordAnew, recordParts, settledEvent } from '../record/recordParts.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import { approverOf, roleRefusal, type SettlePartRejection, settlingRefusal } from './settling.js';

/** What to settle, why, and by whom. */
export type SettlePartForm = {
  /** The institution. */
  readonly institution: string;
  /** The payment. */
  readonly onlinePaymentId: string;
  /** Whether it is about a capture or a return. */
  readonly kind: 'capture' | 'return';
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /**
   * The patron of the part; required for `apart`, `record` and `reversed`.
   *
   * @defaultValue `rows` and `aboveTotal` are about the whole transaction
   */
  readonly patronId?: string;
  /**
   * - `apart`: a part that waits is not recorded by its account: it was settled otherwise, in cash for example.
   * - `record`: a part that waits because of what was settled (`AfterSettled`), or that is apart, is recorded after all; one
   *   that its account lost (`RECORD_LOST`) is recorded anew, under the same id.
   * - `rows`: the rows of the transaction are correct (`AMOUNT_DIFFERS`, `PAID_OUT_TWICE`), or it has none and needs none
   *   (`NOT_PAID_OUT`).
   * - `aboveTotal`: more was really taken than was asked for (`CAPTURED_ABOVE_TOTAL`).
   * - `reversed`: no return will come up to what staff reversed by hand in the account (`REVERSED_NOT_RETURNED`).
   */
  readonly what: Exclude<OnlineSettlement, 'follows'>;
  /** Why: it is kept in the books. */
  readonly reason: string;
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

/** How settling is retried. */
export type SettleOptions = {
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

/** The result of {@link settleOnlinePart}. */
export type SettlePartResult =
  | {
      /** Whether it is settled, or was before. */
      readonly accepted: true;
      /** The payment after it. */
      readonly payment: OnlinePayment;
      /** Whether it was settled before. */
      readonly isRepeat: boolean;
    }
  | NotAccepted<SettlePartRejection>;

const formSchema = v.pipe(
  v.strictObject({
    institution: nameField,
    onlinePaymentId: nameField,
    kind: v.picklist(['capture', 'return']),
    externalTransactionId: nameField,
    patronId: v.exactOptional(nameField),
    what: v.picklist(['apart', 'record', 'rows', 'aboveTotal', 'reversed']),
    reason: v.pipe(textField, v.regex(/\S/, 'a reason')),
    at: instantField,
    by: jobActorField,
    approvedBy: v.exactOptional(approverField(approvedAmountField)),
  }),
  v.forward(
    v.check(
      ({ what, patronId }) => (what === 'rows' || what === 'aboveTotal') === (patronId === undefined),
      'a patron for `apart`, `record` and `reversed`, and none otherwise',
    ),
    ['patronId'],
  ),
);

/** The schema of {@link SettleOptions}. */
export const settleOptionsSchema = v.strictObject({ retry: retryField, onRecorded: onRecordedField });

/**
 * Settles, with a reason, a waiting part of an online payment, or a finding that only a person can end. First, the part
 * is tried once more. If an account records the part later, the settlement no longer counts.
 *
 * Refused: {@link MayNotSettle}, {@link index.NotPermitted | NotPermitted}, {@link index.ApprovalRequired | ApprovalRequired}, {@link index.SameUser | SameUser}, {@link OnlinePaymentUnknown}, {@link PartUnknown}, {@link PartRecorded}.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - what to settle, why, and by whom
 * @param options - how to retry if other writers are first
 * @events {@link OnlinePaymentSettled}; {@link OnlinePaymentRecorded} for what can be recorded after all
 * @returns the payment, or why it is not settled
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`; `INVALID_ARGUMENT`; `VERSION_CONFLICT` if
 * other writers were first at every attempt; `CORRUPT_HISTORY`; errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { settleOnlinePart } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const policy = definePolicy({ currency: 'USD' });
 * const part = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'dverma', what: 'apart' } as const;
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { institution: 'north', onlinePaymentId: 'o1', ...part, reason: 'given back in cash', at, by };
 * const result = await settleOnlinePart({ accounts, office }, policy, form);
 * result.accepted ? null : result.rejection.type; //=> 'OnlinePaymentUnknown'
 * ```
 */
export async function settleOnlinePart(
  stores: OnlineStores,
  policy: FeePolicy,
  form: SettlePartForm,
  options: SettleOptions = {},
): Promise<SettlePartResult> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const settling = checkedArgument(settleOptionsSchema, options, 'options');
  const read = checkedArgument(formSchema, form, 'form');
  const { institution, onlinePaymentId, kind, externalTransactionId, patronId, what, reason, at } = read;
  const missing = roleRefusal(read.by);
  if (missing !== undefined) return refused(missing);
  const context: OnlineContext = { ...stores, policy: rules, institution, ...settling };
  const given = await readOnlinePayment(context, onlinePaymentId);
  if (given === null) return refused({ type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId });
  const by = actorOf(read.by);
  const about = { kind, externalTransactionId };
  if (transactionOf(given, kind, externalTransactionId) === undefined)
    return refused({ type: 'PartUnknown', kind: 'notFound', externalTransactionId });
  if (what === 'apart' || what === 'reversed') await recordParts(context, given, at);
  const before = await givenInAccount(context, given, patronId);
  const lost =
    what === 'record' && patronId !== undefined && (await isLost(context, given, { ...about, patronId }));
  const inAccounts = what === 'reversed' ? await accountsOfPayment(context, given) : undefined;
  const done = await appendToPayment<SettlePartResult>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    const how = { what, reason, at, by, ...approverOf(read.approvedBy) } as const;
    const settles = (amount: string) => {
      const { currency } = payment;
      const refusal = settlingRefusal('SettleOnlinePart', read, rules, { amount, currency, before });
      return refusal && { result: refused(refusal) };
    };
    if (patronId === undefined) {
      const amount = what === 'rows' ? sumOfRows(payment, about) : takenAbove(payment);
      const isRepeat = isSettled(payment, { ...about, what, amount });
      if (isRepeat) return repeat(payment);
      return settles(amount) ?? settledEvent(payment, { ...about, amount }, how);
    }
    if (inAccounts !== undefined) {
      const { accounts, unreadable } = inAccounts;
      const isKnown = unreadable.length === 0 && accounts.has(patronId);
      const posted = reversedApart(payment, patronId);
      const left = isKnown ? reversedNotReturned(accounts, payment, patronId) - posted : 0;
      if (left > 0) {
        const amount = formatAmount(left, digitsOf(payment.currency));
        return settles(amount) ?? settledEvent(payment, { ...about, patronId, amount }, how);
      }
      if (isKnown && posted > 0) return repeat(payment);
      return { result: refused({ type: 'PartUnknown', kind: 'notFound', externalTransactionId }) };
    }
    const part = onlineParts(payment).find((one) => isSamePart(one, { ...about, patronId }));
    if (part === undefined)
      return { result: refused({ type: 'PartUnknown', kind: 'notFound', externalTransactionId }) };
    if (part.state === 'recorded' && !lost)
      return { result: refused({ type: 'PartRecorded', kind: 'conflict', externalTransactionId, patronId }) };
    const isRepeat = !lost && part.what === what && (what === 'record' || part.state === 'apart');
    if (isRepeat) return repeat(payment);
    return settles(part.amount) ?? settledEvent(payment, { ...about, patronId, amount: part.amount }, how);
  });
  if ('result' in done && !done.result.accepted) return done.result;
  const payment = 'payment' in done ? done.payment : (done.result as { payment: OnlinePayment }).payment;
  if (lost && patronId !== undefined) {
    const part = onlineParts(payment).find((one) => isSamePart(one, { ...about, patronId }));
    if (part !== undefined) await recordAnew(context, payment, part);
  }
  // What is settled now may let others be recorded, or follow.
  const { payment: after } = await recordParts(context, payment, at);
  return { accepted: true, payment: after, isRepeat: 'result' in done };
}

/** Returns the commands that staff gave for the fees of a payment in an account, if the policy has duties. */
async function givenInAccount(
  context: OnlineContext,
  { parts }: OnlinePayment,
  patronId: string | undefined,
): Promise<readonly GivenCommand[]> {
  const { institution, policy } = context;
  if (patronId === undefined || policy.duties === undefined) return [];
  const read = await unlessUnreadable(() => readAccount(context, { institution, patronId }));
  if (!('account' in read)) return [];
  const feeIds = new Set(parts.filter((part) => part.patronId === patronId).map(({ feeId }) => feeId));
  const fees = read.account.fees.filter(({ feeId }) => feeIds.has(feeId));
  return fees.flatMap((fee) => givenFor(fee, fee.transactions, policy));
}

function repeat(payment: OnlinePayment): { readonly result: SettlePartResult } {
  return { result: { accepted: true, payment, isRepeat: true } };
}

function refused(rejection: SettlePartRejection): SettlePartResult {
  return { accepted: false, rejection };
}

type Transaction = { readonly kind: 'capture' | 'return'; readonly externalTransactionId: string };

/** Whether a finding is settled, for the sum as it is now. */
export function isSettled(
  { settled }: OnlinePayment,
  about: Transaction & { readonly what: OnlineSettlement; readonly amount: string },
): boolean {
  return settled.some(
    (one) =>
      one.what === about.what &&
      one.amount === about.amount &&
      (one.what === 'aboveTotal' ||
        (one.kind === about.kind && one.externalTransactionId === about.externalTransactionId)),
  );
}

/** Returns the sum of the rows of a transaction, as charged. */
export function sumOfRows(
  { payouts, currency }: OnlinePayment,
  { kind, externalTransactionId }: Transaction,
): string {
  const rows = payouts.filter(
    (one) => one.kind === kind && one.externalTransactionId === externalTransactionId,
  );
  return formatAmount(amountIn(rows), digitsOf(currency));
}

/** Returns what was taken less what was returned. */
export function takenAbove({ captures, returns, currency }: OnlinePayment): string {
  return formatAmount(amountIn(captures) - amountIn(returns), digitsOf(currency));
}
