import type { NotAccepted } from '../../account/rejections/refusal.js';
import type { NamedStream } from '../../history/eventStore.js';
import { untilNoConflict } from '../../history/retry.js';
import { foldOnlinePayment } from '../../office/onlinePayments/foldOnlinePayment.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlineEndCause,
  OnlinePaymentStarted,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import {
  holdsItsFees,
  onlinePaymentStatus,
  pendingUntil,
} from '../../office/onlinePayments/onlinePaymentStatus.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import type { AmountChanged, OnlinePaymentHasEnded, PaymentInProgress } from '../onlineRejections.js';
import type { Amounts } from './startRules.js';

/** A payment that holds its fees, or why another one does. */
export type Held =
  | { readonly accepted: true; readonly payment: OnlinePayment; readonly isRepeat: boolean }
  | NotAccepted<AmountChanged | PaymentInProgress | OnlinePaymentHasEnded>;

/** How payments in progress for the same fees are treated, and when. */
type How = { readonly replace: boolean; readonly at: string; readonly expectedTotal?: string };

/** Records a payment for each patron, in the order of their ids, so that two that cross meet, and then by itself. */
export async function holdFees(context: OnlineContext, event: OnlinePaymentStarted, how: How): Promise<Held> {
  const { data } = event;
  const { institution } = context;
  const patrons = [...new Set(data.parts.map(({ patronId }) => patronId))].sort();
  for (const [index, patronId] of patrons.entries()) {
    const stream = streamOfKind(institution, 'onlinePatron', patronId);
    const other = await copyUnlessInProgress(context, stream, event, how);
    if (other === null) continue;
    // Not left in the streams of the patrons before, where it would hold their fees.
    if (index > 0) {
      await begin(context, event);
      await end(context, data.onlinePaymentId, 'cancelled', how.at);
    }
    if (!hasSameParts(other, data) || other.captures.length > 0 || pendingUntil(other, how.at) !== null)
      return inProgress(other);
    const changed = amountChanged(other, how.expectedTotal);
    return changed === undefined
      ? holdAgain(context, other, { ...how, replace: false })
      : { accepted: false, rejection: changed };
  }
  const payment = await begin(context, event);
  const { onlinePaymentId } = data;
  // Another process may have begun and ended it meanwhile.
  const status = onlinePaymentStatus(payment, how.at);
  if (status === 'pending') return inProgress(payment);
  return status === 'ended'
    ? { accepted: false, rejection: { type: 'OnlinePaymentHasEnded', kind: 'conflict', onlinePaymentId } }
    : { accepted: true, payment, isRepeat: false };
}

/** Returns that a payment holds fees: sent to the provider again, it would be taken twice. */
export function inProgress({ onlinePaymentId }: OnlinePayment): Held {
  return { accepted: false, rejection: { type: 'PaymentInProgress', kind: 'conflict', onlinePaymentId } };
}

/** Returns the refusal of a payment whose total is not what the page showed. */
export function amountChanged(
  { total }: Pick<OnlinePayment, 'total'>,
  expectedTotal: string | undefined,
): AmountChanged | undefined {
  if (expectedTotal === undefined || expectedTotal === total) return undefined;
  return { type: 'AmountChanged', kind: 'conflict', expectedTotal, total };
}

/**
 * Holds the fees of a payment that was begun before: a process that died, or the monitor after it, may not have
 * recorded it for every patron.
 */
export async function holdAgain(context: OnlineContext, payment: OnlinePayment, how: How): Promise<Held> {
  const held = await holdFees(context, startOf(payment), how);
  return held.accepted ? { ...held, isRepeat: true } : held;
}

/** Adds a payment to those of a patron. Returns the payment in progress that holds one of its fees, if there is one. */
function copyUnlessInProgress(
  context: OnlineContext,
  stream: NamedStream,
  event: OnlinePaymentStarted,
  { replace, at }: How,
): Promise<OnlinePayment | null> {
  const { data } = event;
  return untilNoConflict(async (write) => {
    const { version, events } = await context.office.read(stream);
    const started = events.map((one) => one.event as OnlinePaymentStarted);
    for (const one of started) {
      if (one.data.onlinePaymentId === data.onlinePaymentId || !overlaps(one.data, data)) continue;
      const stored = await readOnlinePayment(context, one.data.onlinePaymentId);
      // After a crash it is only here.
      const other = stored ?? (foldOnlinePayment([one]) as OnlinePayment);
      if (!holdsItsFees(other, at)) continue;
      if (!replace || isBegun(other, at)) return other;
      await begin(context, one);
      const left = await end(context, other.onlinePaymentId, 'replaced', at);
      if (isBegun(left, at)) return left;
    }
    const isThere = started.some((one) => one.data.onlinePaymentId === data.onlinePaymentId);
    if (!isThere)
      await write(() => context.office.append(stream, [event], { expectedVersion: version }), event);
    return null;
  }, context.retry);
}

/** Whether money was taken or is under way, so that a payment cannot be replaced. */
function isBegun(payment: OnlinePayment, at: string): boolean {
  return payment.captures.length > 0 || pendingUntil(payment, at) !== null;
}

/** Records a payment by itself, unless it is there. */
export async function begin(context: OnlineContext, event: OnlinePaymentStarted): Promise<OnlinePayment> {
  const { onlinePaymentId } = event.data;
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (payment) =>
    payment === null ? event : { result: payment },
  );
  return 'payment' in done ? done.payment : done.result;
}

/** Ends a payment so that its fees are free, unless it has ended, or money was taken or is under way. */
export async function end(
  context: OnlineContext,
  onlinePaymentId: string,
  cause: OnlineEndCause,
  at: string,
): Promise<OnlinePayment> {
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    if (payment.ended !== null || isBegun(payment, at)) return { result: payment };
    const { currency } = payment;
    const data = { onlinePaymentId, cause, final: false, currency, at, by: { channel: 'job' } } as const;
    return { type: 'OnlinePaymentEnded', data };
  });
  return 'payment' in done ? done.payment : done.result;
}

function startOf(payment: OnlinePayment): OnlinePaymentStarted {
  const {
    captures: _c,
    returns: _r,
    recorded: _d,
    payouts: _p,
    settled: _s,
    pendings: _u,
    failedAt: _f,
    ended: _e,
    eventCount: _n,
    ...data
  } = payment;
  return { type: 'OnlinePaymentStarted', data };
}

function overlaps(one: Amounts, other: Amounts): boolean {
  return one.parts.some(({ patronId, feeId }) =>
    other.parts.some((part) => part.patronId === patronId && part.feeId === feeId),
  );
}

function keysOf({ parts }: Amounts): readonly string[] {
  return parts.map(({ patronId, feeId, amount }) => JSON.stringify([patronId, feeId, amount])).sort();
}

function hasSameParts(one: Amounts, other: Amounts): boolean {
  return keysOf(one).join() === keysOf(other).join();
}
