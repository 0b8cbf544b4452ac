import type { Command } from '../../account/commands/command.js';
import { decide } from '../../account/decide.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { untilNoConflict } from '../../history/retry.js';
import type { AccountBusy, AccountUnreadable } from '../../job/accountFinding.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import {
  followsCapture,
  isAfterSettled,
  isSamePart,
  type OnlinePart,
  onlineParts,
  type UnrecordedPart,
} from '../../office/onlinePayments/onlineParts.js';
import { captureOf, type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import type {
  CapturedAccount,
  OnlinePaymentCaptured,
  OnlinePaymentEvent,
  OnlinePaymentEventBase,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
  OnlinePaymentSettled,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { appendToPayment, type OnlineContext } from '../loadOnlinePayment.js';
import { accountsOfPayment } from './enteredByStaff.js';
import { type AccountPlan, planCapture, type RecordedInAccount } from './planCapture.js';
import { planReturn } from './planReturn.js';
import { readAccount, unlessUnreadable } from './readAccount.js';
import { recordingPolicy } from './recordingPolicy.js';

/** Another account of the payment cannot be read: staff may have entered the return there. */
export type OtherAccountUnreadable = {
  /** The name of the cause. */
  readonly type: 'OtherAccountUnreadable';
  /** The patron of that account. */
  readonly patronId: string;
};

/**
 * The return belongs to a capture that a person settled for the account: a patron who already got the money back in
 * cash would get it twice. A person decides with `settleOnlinePart`, as `apart` or `record`.
 */
export type AfterSettled = {
  /** The name of the cause. */
  readonly type: 'AfterSettled';
};

/** Money that was taken or went back, and that an account has not recorded. */
export type WaitingPart = UnrecordedPart & {
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** Why it waits: what the account refused, that it or another cannot be read, that others write it, or a settlement. */
  readonly because: Rejection | AccountUnreadable | OtherAccountUnreadable | AccountBusy | AfterSettled;
};

/** Why a part waits. */
export type Waits = Pick<WaitingPart, 'because'>;

/**
 * Records in the accounts what the provider took and gave back, and then in the payment that it is recorded. An account
 * that refuses it or cannot be read does not hold up the others. What was settled as apart is looked at, too: recorded
 * beats settled.
 *
 * @param at - when it is recorded
 * @returns the payment after it, and what waits
 */
export async function recordParts(
  context: OnlineContext,
  given: OnlinePayment,
  at: string,
): Promise<{ readonly payment: OnlinePayment; readonly waiting: readonly WaitingPart[] }> {
  let payment = given;
  const waiting: WaitingPart[] = [];
  const apart: OnlinePart[] = [];
  for (;;) {
    const parts = onlineParts(payment);
    const isDone = (part: OnlinePart) =>
      part.state === 'recorded' || [...waiting, ...apart].some((one) => isSamePart(one, part));
    const part = parts.find((one) => !isDone(one));
    if (part === undefined) return { payment, waiting };
    if (followsCapture(part, parts)) {
      payment = await noteFollows(context, payment, part, at);
      continue;
    }
    const recorded = isAfterSettled(part, parts)
      ? ({ because: { type: 'AfterSettled' } } as const)
      : await recordPart(context, payment, part);
    if (recorded === null) apart.push(part);
    else if ('because' in recorded) {
      if (part.state === 'apart') apart.push(part);
      else waiting.push({ ...unrecorded(part), currency: payment.currency, ...recorded });
    } else payment = await noteRecorded(context, payment, part, { ...recorded, at });
  }
}

/** Returns a part without what became of it. */
export function unrecorded({ kind, externalTransactionId, patronId, amount }: OnlinePart): UnrecordedPart {
  return { kind, externalTransactionId, patronId, amount };
}

/**
 * Records a part in its account, unless it is there. After a crash it is found by its id. Null for a part that is apart and
 * of which the account has nothing.
 */
async function recordPart(
  context: OnlineContext,
  payment: OnlinePayment,
  part: OnlinePart,
): Promise<RecordedInAccount | Waits | null> {
  const { accounts: store, institution, retry } = context;
  const policy = recordingPolicy(context.policy, payment.method);
  const stream = { institution, patronId: part.patronId };
  const isReturn = part.kind === 'return';
  const others = isReturn ? await accountsOfPayment(context, payment, part.patronId) : none;
  const [patronId] = others.unreadable;
  if (patronId !== undefined) return { because: { type: 'OtherAccountUnreadable', patronId } };
  const planOf = (account: PatronAccount) =>
    planPart(payment, part, new Map([...others.accounts, [part.patronId, account]]), policy);
  return unlessUnreadable(() =>
    untilNoConflict<RecordedInAccount | Waits | null, Waits>(
      async (write) => {
        const { version, account } = await readAccount(context, stream);
        const plan = planOf(account);
        if ('done' in plan) return plan.done;
        if (part.state === 'apart' && plan.has === 0) return null;
        const decided = decideFirst(plan.choices, account, policy);
        if ('because' in decided) return decided;
        const { events } = decided;
        await write(() => store.append(stream, events, { expectedVersion: version }), events);
        return (planOf(fold(events, account)) as { readonly done: RecordedInAccount }).done;
      },
      retry,
      (): Waits => ({ because: { type: 'AccountBusy', attempts: retry.attempts } }),
    ),
  );
}

/** Records in its account, under the same id, a part that is recorded and that the account lost; idempotent. */
export async function recordAnew(
  context: OnlineContext,
  payment: OnlinePayment,
  part: OnlinePart,
): Promise<void> {
  const recorded = payment.recorded.filter((one) => !isSamePart(one, part));
  await recordPart(context, { ...payment, recorded }, part);
}

/** No other account is read. */
export const none = { accounts: new Map<string, PatronAccount>(), unreadable: [] as readonly string[] };

/** Plans how an account records its part, from all accounts of the payment. Pure. */
export function planPart(
  payment: OnlinePayment,
  { kind, externalTransactionId, patronId, amount }: UnrecordedPart,
  accounts: ReadonlyMap<string, PatronAccount>,
  { onlinePayments }: FeePolicy,
): AccountPlan<Command | readonly Command[]> {
  const digits = digitsOf(payment.currency);
  if (kind === 'capture') {
    const capture = captureOf(payment, externalTransactionId) as OnlinePaymentCaptured['data'];
    const part = capture.accounts.find((one) => one.patronId === patronId) as CapturedAccount;
    return planCapture(accounts.get(patronId) as PatronAccount, capture, part, digits);
  }
  const returned = payment.returns.find(
    (one) => one.externalTransactionId === externalTransactionId,
  ) as OnlinePaymentReturned['data'];
  const own = onlinePayments === false ? undefined : onlinePayments?.shortfallFee;
  const shortfallFee = own ?? payment.shortfallFee;
  const part = { payment, returned, patronId, amount: units(amount), accounts, shortfallFee };
  return planReturn(part, digits);
}

/**
 * Refusals because others recorded parts of the same transaction in a way that contradicts: then it is recorded beside
 * them.
 */
const contradictions: readonly Rejection['type'][] = [
  'ExternalTransactionAlreadyUsed',
  'ExternalRefundAlreadyUsed',
  'ExceedsTransactionTotal',
  'TransactionAmbiguous',
];

/** Decides the first choice of which every command adds something. Pure. */
export function decideFirst(
  choices: readonly (Command | readonly Command[])[],
  account: PatronAccount,
  policy: FeePolicy,
  decides: (
    command: Command | readonly Command[],
    account: PatronAccount,
    policy: FeePolicy,
  ) => Decision = decide,
): { readonly events: readonly AccountEvent[] } | Waits {
  let because: Rejection | undefined;
  for (const choice of choices) {
    const decision = decides(choice, account, policy);
    const added = new Set(decision.events.map(({ metadata }) => metadata?.commandId));
    const addsAll = [choice].flat().every(({ id }) => added.has(id));
    if (decision.accepted && addsAll) return { events: decision.events };
    // A repeat of what somebody else recorded: this one is other money, beside it.
    if (decision.accepted) continue;
    because = decision.rejection;
    if (!contradictions.includes(because.type)) break;
  }
  return { because: because as Rejection };
}

/** Returns the event that an account has recorded a part. */
export function recordedEvent(
  { onlinePaymentId, currency }: OnlinePayment,
  part: UnrecordedPart,
  { recordedId, credited, byOthers, at }: RecordedInAccount & { readonly at: string },
): OnlinePaymentRecorded {
  const money = (minor: number) => formatAmount(minor, digitsOf(currency));
  const data: OnlinePaymentRecorded['data'] = {
    onlinePaymentId,
    ...part,
    recordedId,
    ...(credited > 0 && { credited: money(credited) }),
    ...(byOthers > 0 && { byOthers: money(byOthers) }),
    currency,
    at,
    by: { channel: 'job' },
  };
  return { type: 'OnlinePaymentRecorded', data };
}

/** Notes in the payment that an account has recorded a part, unless another process did. */
async function noteRecorded(
  context: OnlineContext,
  payment: OnlinePayment,
  part: OnlinePart,
  recorded: RecordedInAccount & { readonly at: string },
): Promise<OnlinePayment> {
  const event = recordedEvent(payment, unrecorded(part), recorded);
  const after = await notePart(context, payment, part, () => event);
  // Another process that noted it called its own.
  if (part.kind === 'capture' && after.recorded.at(-1) === event.data)
    await context.onRecorded?.({ institution: context.institution, payment: after, recorded: event.data });
  return after;
}

/** Notes that a part of a return is apart because all that it is taken from is. */
function noteFollows(
  context: OnlineContext,
  payment: OnlinePayment,
  part: OnlinePart,
  at: string,
): Promise<OnlinePayment> {
  return notePart(context, payment, part, (parts) =>
    parts.some((one) => isSamePart(one, part) && followsCapture(one, parts))
      ? settledEvent(payment, unrecorded(part), {
          what: 'follows',
          reason: FOLLOWS,
          at,
          by: { channel: 'job' },
        })
      : undefined,
  );
}

const FOLLOWS = 'its capture is apart';

/** Adds an event of a part to the payment, unless another process has recorded the part. */
async function notePart(
  context: OnlineContext,
  { onlinePaymentId }: OnlinePayment,
  part: OnlinePart,
  eventOf: (parts: readonly OnlinePart[]) => OnlinePaymentEvent | undefined,
): Promise<OnlinePayment> {
  const done = await appendToPayment(context, onlinePaymentId, (known) => {
    const parts = onlineParts(known as OnlinePayment);
    const isOpen = parts.some((one) => isSamePart(one, part) && one.state !== 'recorded');
    return (isOpen && eventOf(parts)) || { result: known as OnlinePayment };
  });
  return 'payment' in done ? done.payment : done.result;
}

/** Returns the event that something of a payment is settled. */
export function settledEvent(
  { onlinePaymentId, currency }: OnlinePayment,
  about: Omit<OnlinePaymentSettled['data'], keyof OnlinePaymentEventBase | 'what' | 'reason'>,
  how: Pick<OnlinePaymentSettled['data'], 'what' | 'reason' | 'at' | 'by'>,
): OnlinePaymentSettled {
  return { type: 'OnlinePaymentSettled', data: { onlinePaymentId, ...about, ...how, currency } };
}
