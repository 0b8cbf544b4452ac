import { compareInstants } from '../../history/instants.js';
import { type FailOfEvent, foldOffice } from '../foldOffice.js';
import { isSamePart, onlineParts, type UnrecordedPart } from './onlineParts.js';
import {
  amountIn,
  leftOfCapture,
  type OnlinePayment,
  returnedOf,
  serviceFeeLeft,
  transactionOf,
  units,
  unitsOf,
} from './onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentEvent,
  OnlinePaymentReturned,
  OnlinePaymentSettled,
  OnlinePaymentStarted,
} from './onlinePaymentEvents.js';

/**
 * Folds the events of an online payment.
 *
 * @param events - all events of the stream of one online payment, or those after `payment`
 * @param payment - the payment so far; null for none
 * @returns the payment; null without events
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` for events that cannot follow each other;
 * `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for another value in it
 *
 * @example
 * ```ts
 * import { foldOnlinePayment, type OnlinePaymentStarted } from 'patron-fees/online';
 *
 * const started: OnlinePaymentStarted = {
 *   type: 'OnlinePaymentStarted',
 *   data: {
 *     onlinePaymentId: 'o1',
 *     parts: [{ patronId: 'dverma', feeId: 'f1', amount: '5.00' }],
 *     amount: '5.00',
 *     serviceFee: '0.50',
 *     total: '5.50',
 *     currency: 'USD',
 *     method: 'ONLINE',
 *     expiresAt: '2026-03-02T10:00:00Z',
 *     at: '2026-03-02T09:00:00Z',
 *     by: { channel: 'online' },
 *   },
 * };
 * foldOnlinePayment([started])?.total; //=> '5.50'
 * foldOnlinePayment([started, started]); //=> throws CORRUPT_HISTORY
 * ```
 */
export function foldOnlinePayment(
  events: Iterable<OnlinePaymentEvent>,
  payment: OnlinePayment | null = null,
): OnlinePayment | null {
  let state = payment;
  foldOffice(events, payment?.eventCount ?? 0, (event, fail) => {
    state = applied(state, event, fail);
  });
  return state;
}

function applied(state: OnlinePayment | null, event: OnlinePaymentEvent, fail: FailOfEvent): OnlinePayment {
  const { onlinePaymentId, currency } = event.data;
  if (state === null) {
    return event.type === 'OnlinePaymentStarted'
      ? started(event.data, fail)
      : fail('the payment has not started');
  }
  if (onlinePaymentId !== state.onlinePaymentId)
    fail(`expected payment ${state.onlinePaymentId}, found ${onlinePaymentId}`);
  if (currency !== state.currency) fail(`expected ${state.currency}, found ${currency}`);
  const next = { ...state, eventCount: state.eventCount + 1 };
  switch (event.type) {
    case 'OnlinePaymentStarted':
      return fail('the payment has started already');
    case 'OnlinePaymentCaptured':
      assertCapture(state, event.data, fail);
      return { ...next, captures: [...state.captures, event.data] };
    case 'OnlinePaymentReturned':
      assertReturn(state, event.data, fail);
      return { ...next, returns: [...state.returns, event.data] };
    case 'OnlinePaymentRecorded':
      assertPart(state, event.data, fail);
      return { ...next, recorded: [...state.recorded, event.data] };
    case 'OnlinePaymentSettled':
      assertSettled(state, event.data, fail);
      return { ...next, settled: [...state.settled, event.data] };
    case 'OnlinePaymentPending':
      return { ...next, pendings: [...state.pendings, event.data] };
    case 'OnlinePaymentEnded': {
      const { cause, at } = event.data;
      if (state.ended?.final === true) fail('the end was final');
      const isLatest = state.failedAt === null || compareInstants(at, state.failedAt) > 0;
      const failedAt = cause === 'failed' && isLatest ? at : state.failedAt;
      return { ...next, ended: event.data, failedAt };
    }
    case 'OnlinePaymentPaidOut': {
      const { rowId, kind, externalTransactionId } = event.data;
      const before = state.payouts.find((one) => one.rowId === rowId);
      if (before?.payoutId !== event.data.instead) fail(`the row ${rowId} is recorded already`);
      if (transactionOf(state, kind, externalTransactionId) === undefined)
        fail(`no ${kind} ${externalTransactionId}`);
      if (before === undefined) return { ...next, payouts: [...state.payouts, event.data] };
      const earlierPayouts = [...(before.earlierPayouts ?? []), before.payoutId];
      const moved = { ...event.data, earlierPayouts };
      return { ...next, payouts: state.payouts.map((one) => (one === before ? moved : one)) };
    }
  }
}

function started(data: OnlinePaymentStarted['data'], fail: FailOfEvent): OnlinePayment {
  if (amountIn(data.parts) !== units(data.amount)) fail('the parts do not add up to the amount');
  if (unitsOf([data.amount, data.serviceFee]) !== units(data.total))
    fail('amount and service fee do not add up to the total');
  const none = { captures: [], returns: [], recorded: [], payouts: [], settled: [], pendings: [] };
  return { ...data, ...none, failedAt: null, ended: null, eventCount: 1 };
}

function assertCapture(
  state: OnlinePayment,
  { externalTransactionId, amount, serviceFee, accounts }: OnlinePaymentCaptured['data'],
  fail: FailOfEvent,
): void {
  if (transactionOf(state, 'capture', externalTransactionId) !== undefined)
    fail(`capture ${externalTransactionId} is recorded already`);
  if (units(serviceFee) + amountIn(accounts) !== units(amount))
    fail('service fee and accounts do not add up to the amount');
  if (units(serviceFee) > serviceFeeLeft(state)) fail(`no service fee of ${serviceFee} is left to keep`);
  for (const account of accounts) {
    if (!state.parts.some(({ patronId }) => patronId === account.patronId))
      fail(`the payment has no part of ${account.patronId}`);
    if (amountIn(account.allocations) > units(account.amount)) fail('the allocations exceed the amount');
  }
}

function assertReturn(
  state: OnlinePayment,
  { externalTransactionId, amount, ...returned }: OnlinePaymentReturned['data'],
  fail: FailOfEvent,
): void {
  if (transactionOf(state, 'return', externalTransactionId) !== undefined)
    fail(`return ${externalTransactionId} is recorded already`);
  const all = returnedOf(returned);
  if (new Set(all.map(({ of }) => of)).size < all.length) fail('a capture is named twice');
  const sum = all.reduce(
    (total, { serviceFee, accounts }) => total + units(serviceFee) + amountIn(accounts),
    0,
  );
  if (sum !== units(amount)) fail('service fee and accounts do not add up to the amount');
  for (const { of, serviceFee, accounts } of all) {
    const left = leftOfCapture(state, of) ?? fail(`no capture ${of}`);
    if (units(serviceFee) > left.serviceFee) fail('the service fee exceeds what is left of it');
    for (const account of accounts) {
      if (units(account.amount) > (left.accounts.get(account.patronId) ?? 0))
        fail(`the amount of ${account.patronId} exceeds what is left of it`);
    }
  }
}

/** Asserts that an account has not recorded a part of a capture or of a return, and that it has this amount. */
function assertPart(
  state: OnlinePayment,
  { amount, ...part }: Omit<UnrecordedPart, 'patronId'> & { readonly patronId?: string },
  fail: FailOfEvent,
): void {
  const found = onlineParts(state).find((one) => isSamePart(one, part) && one.state !== 'recorded');
  if (found?.amount !== amount)
    fail(`expected ${found?.amount ?? 'nothing'} to record for ${part.patronId}, found ${amount}`);
}

function assertSettled(state: OnlinePayment, data: OnlinePaymentSettled['data'], fail: FailOfEvent): void {
  const { what, kind, externalTransactionId } = data;
  if (transactionOf(state, kind, externalTransactionId) === undefined)
    fail(`no ${kind} ${externalTransactionId}`);
  // What an account lost is recorded anew.
  const isLost =
    what === 'record' && state.recorded.some((one) => isSamePart(one, data) && one.amount === data.amount);
  const isOfPart = what === 'apart' || what === 'follows' || what === 'record';
  if (isOfPart && !isLost) assertPart(state, data, fail);
}
