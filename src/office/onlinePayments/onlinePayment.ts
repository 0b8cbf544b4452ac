import { minorUnits } from '../../money/money.js';
import { type FailOfEvent, foldOffice } from '../foldOffice.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentEnded,
  OnlinePaymentEvent,
  OnlinePaymentPaidOut,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
  OnlinePaymentStarted,
} from './onlinePaymentEvents.js';
import { type TransactionIds, transactionNamed } from './transactionIds.js';

/** One online payment: what was begun, taken, given back, recorded and paid out. Amounts are decimal strings. */
export type OnlinePayment = OnlinePaymentStarted['data'] & {
  /** What the provider took, in the order of its reports. */
  readonly captures: readonly OnlinePaymentCaptured['data'][];
  /** What went back to the payer, in the order of the reports. */
  readonly returns: readonly OnlinePaymentReturned['data'][];
  /** What the accounts have recorded of captures and returns. */
  readonly recorded: readonly OnlinePaymentRecorded['data'][];
  /** The rows of the provider's payouts. */
  readonly payouts: readonly OnlinePaymentPaidOut['data'][];
  /** The last end; null if it has not ended. Money may come after it. */
  readonly ended: OnlinePaymentEnded['data'] | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
};

/** A part of a capture or of a return that its account has not recorded yet. */
export type UnrecordedPart = {
  /** Whether it is a part of a capture or of a return. */
  readonly kind: 'capture' | 'return';
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /** The patron. */
  readonly patronId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** Returns the minor units of a canonical amount. */
export function units(amount: string): number {
  return Number(minorUnits(amount));
}

/** Returns the sum of some amounts, in minor units. */
export function unitsOf(amounts: readonly string[]): number {
  return amounts.reduce((sum, amount) => sum + units(amount), 0);
}

/** Returns the sum of the amounts of some records, in minor units. */
export function amountIn(records: readonly { readonly amount: string }[]): number {
  return unitsOf(records.map(({ amount }) => amount));
}

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
    case 'OnlinePaymentRecorded': {
      const { kind, externalTransactionId, patronId, amount } = event.data;
      const part = unrecordedParts(state).find(
        (one) =>
          one.kind === kind &&
          one.externalTransactionId === externalTransactionId &&
          one.patronId === patronId,
      );
      if (part?.amount !== amount)
        fail(`expected ${part?.amount ?? 'nothing'} to record for ${patronId}, found ${amount}`);
      return { ...next, recorded: [...state.recorded, event.data] };
    }
    case 'OnlinePaymentEnded':
      if (state.ended?.final === true) fail('the end was final');
      return { ...next, ended: event.data };
    case 'OnlinePaymentPaidOut': {
      const { rowId, kind, externalTransactionId } = event.data;
      if (state.payouts.some((one) => one.rowId === rowId)) fail(`the row ${rowId} is recorded already`);
      if (transactionOf(state, kind, externalTransactionId) === undefined)
        fail(`no ${kind} ${externalTransactionId}`);
      return { ...next, payouts: [...state.payouts, event.data] };
    }
  }
}

function started(data: OnlinePaymentStarted['data'], fail: FailOfEvent): OnlinePayment {
  if (amountIn(data.parts) !== units(data.amount)) fail('the parts do not add up to the amount');
  if (unitsOf([data.amount, data.serviceFee]) !== units(data.total))
    fail('amount and service fee do not add up to the total');
  return { ...data, captures: [], returns: [], recorded: [], payouts: [], ended: null, eventCount: 1 };
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
  { externalTransactionId, of, amount, serviceFee, accounts }: OnlinePaymentReturned['data'],
  fail: FailOfEvent,
): void {
  if (transactionOf(state, 'return', externalTransactionId) !== undefined)
    fail(`return ${externalTransactionId} is recorded already`);
  const left = leftOfCapture(state, of) ?? fail(`no capture ${of}`);
  if (units(serviceFee) + amountIn(accounts) !== units(amount))
    fail('service fee and accounts do not add up to the amount');
  if (units(serviceFee) > left.serviceFee) fail('the service fee exceeds what is left of it');
  for (const account of accounts) {
    if (units(account.amount) > (left.accounts.get(account.patronId) ?? 0))
      fail(`the amount of ${account.patronId} exceeds what is left of it`);
  }
}

/** Returns a capture or a return of a payment. */
export function transactionOf(
  payment: OnlinePayment,
  kind: 'capture' | 'return',
  externalTransactionId: string,
): OnlinePaymentCaptured['data'] | OnlinePaymentReturned['data'] | undefined {
  const all = kind === 'capture' ? payment.captures : payment.returns;
  return all.find((one) => one.externalTransactionId === externalTransactionId);
}

/** Returns a capture of a payment by any of its ids. */
export function captureOf(
  { captures }: OnlinePayment,
  ids: TransactionIds,
): OnlinePaymentCaptured['data'] | undefined {
  return transactionNamed(captures, ids);
}

/** Returns a capture of a payment, without other ids that several of its captures have: they name none of them. */
export function withOwnIds(
  { captures }: OnlinePayment,
  externalTransactionId: string,
): OnlinePaymentCaptured['data'] | undefined {
  const capture = captures.find((one) => one.externalTransactionId === externalTransactionId);
  if (capture?.otherIds === undefined) return capture;
  const isShared = (id: string) =>
    captures.some((one) => one !== capture && one.otherIds?.includes(id) === true);
  return { ...capture, otherIds: capture.otherIds.filter((id) => !isShared(id)) };
}

/** Returns the part of the agreed service fee that is not kept, or that went back, in minor units. */
export function serviceFeeLeft({ serviceFee, captures, returns }: OnlinePayment): number {
  const kept = unitsOf(captures.map((one) => one.serviceFee));
  return units(serviceFee) - kept + unitsOf(returns.map((one) => one.serviceFee));
}

/** Returns what did not go back of a capture, in minor units; undefined if the payment has no such capture. */
export function leftOfCapture(
  payment: OnlinePayment,
  externalTransactionId: string,
): { readonly serviceFee: number; readonly accounts: ReadonlyMap<string, number> } | undefined {
  const capture = payment.captures.find((one) => one.externalTransactionId === externalTransactionId);
  if (capture === undefined) return undefined;
  const returns = payment.returns.filter(({ of }) => of === externalTransactionId);
  const back = returns.flatMap((one) => one.accounts);
  const accounts = new Map(
    capture.accounts.map(({ patronId, amount }) => {
      const returned = amountIn(back.filter((one) => one.patronId === patronId));
      return [patronId, units(amount) - returned];
    }),
  );
  const serviceFee = units(capture.serviceFee) - unitsOf(returns.map((one) => one.serviceFee));
  return { serviceFee, accounts };
}

/**
 * Returns what the accounts have not recorded yet: captures first, then returns.
 *
 * @param payment - the online payment
 * @returns the parts, in the order of the reports
 *
 * @example
 * ```ts
 * import { unrecordedParts } from 'patron-fees/online';
 *
 * const by = { channel: 'online' } as const;
 * const at = '2026-03-02T09:00:00Z';
 * const common = { onlinePaymentId: 'o1', currency: 'USD', method: 'ONLINE', at, by };
 * const accounts = [{ patronId: 'dverma', amount: '5.00', allocations: [] }];
 * const capture = { ...common, externalTransactionId: 'ch_1', amount: '5.00', serviceFee: '0.00', accounts };
 * const amounts = { amount: '5.00', serviceFee: '0.00', total: '5.00' };
 * const parts = [{ patronId: 'dverma', feeId: 'f1', amount: '5.00' }];
 * const rest = { returns: [], recorded: [], payouts: [], ended: null, eventCount: 2 };
 * const payment = { ...common, ...amounts, parts, expiresAt: at, captures: [capture], ...rest };
 * unrecordedParts(payment)[0]?.amount; //=> '5.00'
 * ```
 */
export function unrecordedParts({ captures, returns, recorded }: OnlinePayment): readonly UnrecordedPart[] {
  const done = new Set(recorded.map((one) => keyOf(one)));
  const partsOf =
    (kind: 'capture' | 'return') =>
    ({ externalTransactionId, accounts }: OnlinePaymentCaptured['data'] | OnlinePaymentReturned['data']) =>
      accounts.map(({ patronId, amount }) => ({ kind, externalTransactionId, patronId, amount }));
  return [...captures.flatMap(partsOf('capture')), ...returns.flatMap(partsOf('return'))].filter(
    (part) => !done.has(keyOf(part)),
  );
}

function keyOf({ kind, externalTransactionId, patronId }: Omit<UnrecordedPart, 'amount'>): string {
  return JSON.stringify([kind, externalTransactionId, patronId]);
}
