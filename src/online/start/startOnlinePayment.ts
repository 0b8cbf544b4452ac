import * as v from 'valibot';
import type { RecordedActor } from '../../account/circumstances.js';
import { actorField, nameField } from '../../account/fieldSchemas.js';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import type { ReadAppendStore } from '../../history/eventStore.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { checkedArgument, parsed } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertBothStores } from '../../job/jobStores.js';
import { amountSchema } from '../../money/amountSchema.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentPart,
  OnlinePaymentStarted,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import { onlinePaymentStatus } from '../../office/onlinePayments/onlinePaymentStatus.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { accountsOf, type JoinedAccount } from '../../patron/accountsOf.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { expiryMinutes } from '../../policy/onlinePayments.js';
import { type OnlineContext, readOnlinePayment, withoutPatron } from '../loadOnlinePayment.js';
import type { StartRejection } from '../onlineRejections.js';
import { amountChanged, holdAgain, holdFees, inProgress } from './holdFees.js';
import { amountsToPay, type ServiceFeeFunction, type StartPart } from './startRules.js';

/** The stores of online payments. */
export type OnlineStores = {
  /** The store with the events of patron accounts. */
  readonly accounts: ReadAppendStore;
  /** The store with the events of the office, opened with the codec `officeEvents`. */
  readonly office: OfficeStore;
};

/** What to pay, by whom and when. */
export type StartForm = {
  /** The institution. */
  readonly institution: string;
  /**
   * The id of the payment, 1 to 200 characters: random, and nothing of the patron, since the provider gets it as its
   * reference. The same form with the same id starts nothing again: it returns the payment, or once that has ended,
   * nothing. A start that was refused because of another payment is tried again with a new id.
   */
  readonly onlinePaymentId: string;
  /** The fees, each named once; the first patron is the payer, who gets as a credit what is paid too much. */
  readonly parts: readonly StartPart[];
  /** When it is started: ISO 8601 with a zone. */
  readonly at: string;
  /**
   * Who starts it.
   *
   * @defaultValue the patron: `{ channel: 'online' }`. A user id of the channels `online` and `selfCheck` is not
   * recorded
   */
  readonly by?: RecordedActor;
  /**
   * Whether payments in progress for the same fees are ended first, unless money was taken or a debit is under way. Closing the provider's page
   * of those is the caller's.
   *
   * @defaultValue `false`
   */
  readonly replace?: boolean;
  /**
   * What the page showed, a decimal string: with another total nothing is started ({@link AmountChanged}).
   *
   * @defaultValue any total
   */
  readonly expectedTotal?: string;
  /**
   * After how many minutes the fees are free again: from 1 to 525,600, a year.
   *
   * @defaultValue `expiresAfterMinutes` of the policy
   */
  readonly expiresAfterMinutes?: number;
};

/** Options of {@link startOnlinePayment}. */
export type StartOptions = {
  /**
   * Computes the service fee, a decimal string.
   *
   * @defaultValue the policy's service fee
   */
  readonly serviceFee?: ServiceFeeFunction;
  /**
   * How to retry if other writers append first.
   *
   * @defaultValue 50 attempts, with pauses of up to 200 ms
   */
  readonly retry?: RetryOptions;
};

/** The result of {@link startOnlinePayment}. */
export type StartResult =
  | {
      /** Whether it is started, or was before. Only a payment without `captures` is sent to the provider. */
      readonly accepted: true;
      /**
       * The payment: its `total` is what the provider is asked to take, its `onlinePaymentId` the provider's reference.
       * The form of a payment from which money was taken returns that one, with its `captures`.
       */
      readonly payment: OnlinePayment;
      /** Whether it was started before: by the same call, or in another window with the same parts. */
      readonly isRepeat: boolean;
    }
  | NotAccepted<StartRejection>;

function formSchema(digits: number) {
  const part = v.pipe(
    onlyFields({
      patronId: nameField,
      feeId: v.exactOptional(nameField),
      amount: v.exactOptional(amountSchema(digits)),
    }),
    v.check(({ feeId, amount }) => feeId !== undefined || amount === undefined, 'an amount only with a fee'),
  );
  return onlyFields({
    institution: nameField,
    onlinePaymentId: nameField,
    parts: v.pipe(v.array(part), v.nonEmpty('at least one part')),
    at: instantField,
    by: v.optional(actorField),
    replace: v.optional(v.boolean(), false),
    expectedTotal: v.exactOptional(amountSchema(digits)),
    expiresAfterMinutes: v.optional(expiryMinutes),
  });
}

const optionsSchema = v.strictObject({
  serviceFee: v.optional(v.custom<ServiceFeeFunction>((input) => typeof input === 'function', 'a function')),
  retry: retryField,
});

/**
 * Starts an online payment: stores it before the payment provider is called. Then send the patron to the provider with
 * its `total` and its `onlinePaymentId` as the reference, and pass whatever the provider reports to
 * {@link reportOnlinePayment}.
 *
 * Refused: {@link NoOnlinePayments}, {@link OnlineFeeNotFound}, {@link FeeNotPayableOnline},
 * {@link OnlineAmountExceedsPayable}, {@link NothingPayableOnline}, {@link BelowMinimumAmount},
 * {@link NotExactBalance}, {@link AmountChanged}, {@link PaymentInProgress}, {@link OnlinePaymentIdUsed},
 * {@link OnlinePaymentHasEnded}, {@link OnlineAccountInOtherCurrency}, {@link InvalidOnlinePayment}. If a payment with
 * the same parts is in progress, nothing was taken of it and no debit is under way, that payment is returned.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy, with `onlinePayments`
 * @param form - what to pay, by whom and when
 * @param options - a function for the service fee; how to retry if other writers are first
 * @events {@link OnlinePaymentStarted}; {@link OnlinePaymentEnded} for a payment that it replaces
 * @returns the payment, or why it is not started
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`; `INVALID_ARGUMENT` for options, and for a
 * service fee that is no amount; `VERSION_CONFLICT` if other writers were first at every attempt; `CORRUPT_HISTORY`;
 * errors of the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { startOnlinePayment } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const shortfallFee = { feeType: 'OTHER', owner: 'MAIN' };
 * const policy = definePolicy({
 *   currency: 'USD',
 *   onlinePayments: { method: 'ONLINE', serviceFee: { amount: '0.50' }, shortfallFee },
 * });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '12', owner: 'MAIN', at } as const;
 * await execute(accounts, policy, patron, fee);
 *
 * const form = { institution: 'north', onlinePaymentId: 'o1', parts: [{ patronId: 'dverma' }], at };
 * const started = await startOnlinePayment({ accounts, office }, policy, form);
 * started.accepted && started.payment.total; //=> '12.50'
 * ```
 */
export async function startOnlinePayment(
  stores: OnlineStores,
  policy: FeePolicy,
  form: StartForm,
  options: StartOptions = {},
): Promise<StartResult> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const { serviceFee, retry } = checkedArgument(optionsSchema, options, 'options');
  const read = parsed(formSchema(digitsOf(rules.currency)), form);
  if ('faults' in read)
    return refused({ type: 'InvalidOnlinePayment', kind: 'invalid', faults: read.faults });
  const { institution, onlinePaymentId, parts, at, by, replace, expiresAfterMinutes } = read.output;
  const expectedTotal = canonicalTotal(read.output.expectedTotal, digitsOf(rules.currency));
  const how = { replace, at, ...(expectedTotal !== undefined && { expectedTotal }) };
  const { onlinePayments } = rules;
  const context: OnlineContext = { ...stores, policy: rules, institution, retry };
  const known = await readOnlinePayment(context, onlinePaymentId);
  const groups = new Map<string, readonly JoinedAccount[]>();
  for (const { patronId } of parts)
    groups.set(patronId, await accountsOf(stores.accounts, { institution, patronId }));
  if (known !== null) {
    const result = repeated(known, parts, groups, how);
    return result.accepted && known.captures.length === 0 ? holdAgain(context, known, how) : result;
  }
  if (onlinePayments === undefined || onlinePayments === false)
    return refused({ type: 'NoOnlinePayments', kind: 'forbidden' });
  const before = await interrupted(context, onlinePaymentId, [...groups.values()].flat());
  if (before !== undefined) {
    const changed = amountChanged(before.data, expectedTotal);
    if (changed !== undefined) return refused(changed);
    const again = await holdFees(context, before, how);
    return again.accepted ? repeated(again.payment, parts, groups, how) : again;
  }
  const amounts = amountsToPay(parts, groups, { ...rules, onlinePayments }, serviceFee);
  if ('type' in amounts) return refused(amounts);
  const changed = amountChanged(amounts, expectedTotal);
  if (changed !== undefined) return refused(changed);
  const minutes = expiresAfterMinutes ?? onlinePayments.expiresAfterMinutes;
  const data: OnlinePaymentStarted['data'] = {
    onlinePaymentId,
    ...amounts,
    currency: rules.currency,
    method: onlinePayments.method,
    shortfallFee: onlinePayments.shortfallFee,
    expiresAt: new Date(Date.parse(at) + minutes * 60_000).toISOString(),
    at,
    by: withoutPatron(by ?? { channel: 'online' }),
  };
  return holdFees(context, { type: 'OnlinePaymentStarted', data }, how);
}

/** Returns a start of this id that was recorded for a patron, but not by itself, because the process died. */
async function interrupted(
  { office, institution }: OnlineContext,
  onlinePaymentId: string,
  accounts: readonly JoinedAccount[],
): Promise<OnlinePaymentStarted | undefined> {
  for (const { patronId } of accounts) {
    const { events } = await office.read(streamOfKind(institution, 'onlinePatron', patronId));
    const started = events.map(({ event }) => event as OnlinePaymentStarted);
    const found = started.find(({ data }) => data.onlinePaymentId === onlinePaymentId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Returns a payment that was started before with this id, if it fits the parts; they are not decided on again. A patron
 * named without a fee may have had nothing to pay.
 */
function repeated(
  payment: OnlinePayment,
  parts: readonly StartPart[],
  groups: ReadonlyMap<string, readonly JoinedAccount[]>,
  { at, expectedTotal }: { readonly at: string; readonly expectedTotal?: string },
): StartResult {
  const { onlinePaymentId } = payment;
  const names = (part: StartPart, { patronId, feeId }: OnlinePaymentPart) =>
    part.feeId === undefined
      ? groups.get(part.patronId)?.some((member) => member.patronId === patronId)
      : part.feeId === feeId && part.patronId === patronId;
  const fits = parts.every(
    (part) =>
      part.feeId === undefined ||
      payment.parts.some((one) => names(part, one) && (part.amount ?? one.amount) === one.amount),
  );
  const isCovered = payment.parts.every((one) => parts.some((part) => names(part, one)));
  if (!fits || !isCovered) return refused({ type: 'OnlinePaymentIdUsed', kind: 'conflict', onlinePaymentId });
  const status = onlinePaymentStatus(payment, at);
  if (status === 'pending') return inProgress(payment);
  // Sent to the provider, it would be taken beside the payment that holds its fees now.
  if (status === 'ended')
    return refused({ type: 'OnlinePaymentHasEnded', kind: 'conflict', onlinePaymentId });
  const changed = amountChanged(payment, expectedTotal);
  return changed === undefined ? { accepted: true, payment, isRepeat: true } : refused(changed);
}

function canonicalTotal(text: string | undefined, digits: number): string | undefined {
  return text && formatAmount(parseLooseAmount(text, digits), digits);
}

function refused(rejection: StartRejection): StartResult {
  return { accepted: false, rejection };
}
