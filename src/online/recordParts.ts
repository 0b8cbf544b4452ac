import type { Command } from '../account/commands/command.js';
import { decide } from '../account/decide.js';
import type { Decision } from '../account/decision.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { fold } from '../account/fold.js';
import { emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { isPatronFeesError } from '../errors.js';
import { type StreamId, streamName } from '../history/eventStore.js';
import { untilNoConflict } from '../history/retry.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { type UnrecordedPart, unrecordedParts } from '../office/onlinePayments/onlineParts.js';
import { type OnlinePayment, units, withOwnIds } from '../office/onlinePayments/onlinePayment.js';
import type {
  CapturedAccount,
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { appendToPayment, type OnlineContext } from './loadOnlinePayment.js';
import { type AccountPlan, planCapture, type RecordedInAccount } from './planCapture.js';
import { planReturn } from './planReturn.js';
import { recordingPolicy } from './recordingPolicy.js';

/** The account cannot be read. */
export type AccountUnreadable = {
  /** The name of the cause. */
  readonly type: 'AccountUnreadable';
  /** The code of the error. */
  readonly code: 'CORRUPT_HISTORY' | 'INVALID_EVENT';
  /** The message of the error. */
  readonly message: string;
};

/** Other writers were first at every attempt to record something in the account. */
export type AccountBusy = {
  /** The name of the cause. */
  readonly type: 'AccountBusy';
};

/** Money that was taken or went back, and that an account has not recorded. */
export type WaitingPart = UnrecordedPart & {
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** Why it waits: what the account refused, that it cannot be read, or that others write it. */
  readonly because: Rejection | AccountUnreadable | AccountBusy;
};

type Waits = Pick<WaitingPart, 'because'>;

/**
 * Records in the accounts what the provider took and gave back, and then in the payment that it is recorded. An account
 * that refuses it or cannot be read does not hold up the others.
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
  for (;;) {
    const part = unrecordedParts(payment).find((one) => !waiting.some((other) => isSame(one, other)));
    if (part === undefined) return { payment, waiting };
    const recorded = await recordPart(context, payment, part);
    if ('because' in recorded) waiting.push({ ...part, currency: payment.currency, ...recorded });
    else payment = await noteRecorded(context, payment, part, { ...recorded, at });
  }
}

function isSame(one: UnrecordedPart, other: UnrecordedPart): boolean {
  return (
    one.kind === other.kind &&
    one.externalTransactionId === other.externalTransactionId &&
    one.patronId === other.patronId
  );
}

/** Records a part in its account, unless it is there. After a crash it is found by its id. */
async function recordPart(
  context: OnlineContext,
  payment: OnlinePayment,
  part: UnrecordedPart,
): Promise<RecordedInAccount | Waits> {
  const { accounts: store, institution, retry } = context;
  const policy = recordingPolicy(context.policy, payment.method);
  const stream = { institution, patronId: part.patronId };
  const others = part.kind === 'return' ? await otherAccounts(context, payment, part.patronId) : new Map();
  const planOf = (account: PatronAccount) =>
    planPart(payment, part, new Map([...others, [part.patronId, account]]), policy);
  return unlessUnreadable(() =>
    untilNoConflict(
      async (write) => {
        const { version, account } = await readAccount(context, stream);
        const plan = planOf(account);
        if ('done' in plan) return plan.done;
        const decided = decideFirst(plan.choices, account, policy);
        if ('because' in decided) return decided;
        const { events } = decided;
        await write(() => store.append(stream, events, { expectedVersion: version }), events);
        return (planOf(fold(events, account)) as { readonly done: RecordedInAccount }).done;
      },
      retry,
      (): Waits => ({ because: { type: 'AccountBusy' } }),
    ),
  );
}

/** Does some work, unless an account that it reads cannot be read: then says why. */
export async function unlessUnreadable<Result>(work: () => Promise<Result>): Promise<Result | Waits> {
  try {
    return await work();
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    const { code, message } = error;
    if (code !== 'CORRUPT_HISTORY' && code !== 'INVALID_EVENT') throw error;
    return { because: { type: 'AccountUnreadable', code, message } };
  }
}

/** Reads an account, with its version. */
export async function readAccount({ accounts }: OnlineContext, stream: StreamId) {
  const { version, events } = await accounts.read(stream);
  const history = events.map(({ event }) => event);
  return { version, account: fold(history, undefined, { stream: streamName(stream) }) };
}

/** Reads the other accounts of a payment. One that cannot be read does not hold up this one. */
async function otherAccounts(
  context: OnlineContext,
  { parts }: OnlinePayment,
  own: string,
): Promise<ReadonlyMap<string, PatronAccount>> {
  const found = new Map<string, PatronAccount>();
  for (const { patronId } of parts) {
    if (patronId === own || found.has(patronId)) continue;
    const { institution } = context;
    const read = await unlessUnreadable(() => readAccount(context, { institution, patronId }));
    found.set(patronId, 'account' in read ? read.account : emptyAccount());
  }
  return found;
}

/** Plans how an account records its part, from all accounts of the payment. Pure. */
export function planPart(
  payment: OnlinePayment,
  { kind, externalTransactionId, patronId, amount }: UnrecordedPart,
  accounts: ReadonlyMap<string, PatronAccount>,
  { onlinePayments }: FeePolicy,
): AccountPlan<Command | readonly Command[]> {
  const digits = digitsOf(payment.currency);
  const captureOf = (id: string) => withOwnIds(payment, id) as OnlinePaymentCaptured['data'];
  if (kind === 'capture') {
    const capture = captureOf(externalTransactionId);
    const part = capture.accounts.find((one) => one.patronId === patronId) as CapturedAccount;
    return planCapture(accounts.get(patronId) as PatronAccount, capture, part, digits);
  }
  const returned = payment.returns.find(
    (one) => one.externalTransactionId === externalTransactionId,
  ) as OnlinePaymentReturned['data'];
  const own = onlinePayments === false ? undefined : onlinePayments?.shortfallFee;
  const shortfallFee = own ?? payment.shortfallFee;
  const capture = captureOf(returned.of);
  const part = { payment, capture, returned, patronId, amount: units(amount), accounts, shortfallFee };
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

/** Decides the first choice that adds something. Pure. */
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
    if (decision.accepted && decision.events.length > 0) return { events: decision.events };
    // A repeat of a part that somebody else recorded: this one is other money, beside it.
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
  part: UnrecordedPart,
  recorded: RecordedInAccount & { readonly at: string },
): Promise<OnlinePayment> {
  const done = await appendToPayment(context, payment.onlinePaymentId, (known) =>
    unrecordedParts(known as OnlinePayment).some((one) => isSame(one, part))
      ? recordedEvent(payment, part, recorded)
      : { result: known as OnlinePayment },
  );
  return 'payment' in done ? done.payment : done.result;
}
