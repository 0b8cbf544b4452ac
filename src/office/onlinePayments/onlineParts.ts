import { formatAmount } from '../../money/money.js';
import { amountIn, type OnlinePayment, returnedOf, units } from './onlinePayment.js';
import type { OnlinePaymentSettled } from './onlinePaymentEvents.js';

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

/** A part of a capture or of a return, and what became of it. */
export type OnlinePart = UnrecordedPart & {
  /**
   * - `recorded`: its account has it.
   * - `apart`: a person settled that the account does not record it, or it follows its capture.
   * - `waiting`: neither.
   */
  readonly state: 'recorded' | 'apart' | 'waiting';
  /** The last settlement; undefined if nobody settled it. */
  readonly what: OnlinePaymentSettled['data']['what'] | undefined;
  /** Whether it is posted to `onlineApart`, until it is recorded. */
  readonly isPosted: boolean;
  /** The captures that it is of: itself, or those that a part of a return is taken from. */
  readonly of: readonly string[];
};

type PartKey = Pick<UnrecordedPart, 'kind' | 'externalTransactionId'> & { readonly patronId?: string };

/** Whether two parts are the same account's part of the same capture or return. */
export function isSamePart(one: PartKey, other: PartKey): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ kind, externalTransactionId, patronId }: PartKey): string {
  return JSON.stringify([kind, externalTransactionId, patronId]);
}

/** Returns all parts of captures, then those of returns, in the order of the reports. */
export function onlineParts(payment: OnlinePayment): readonly OnlinePart[] {
  const recorded = new Set(payment.recorded.map(keyOf));
  const settled = new Map<string, OnlinePaymentSettled['data']['what']>();
  const posted = new Set<string>();
  for (const one of payment.settled) {
    if (one.what === 'reversed') continue;
    settled.set(keyOf(one), one.what);
    if (one.what !== 'record') posted.add(keyOf(one));
  }
  const parts: OnlinePart[] = [];
  const add = (part: UnrecordedPart, of: readonly string[]): void => {
    const key = keyOf(part);
    const what = settled.get(key);
    const isApart = what === 'apart' || (what === 'follows' && of.every((id) => isCaptureApart(id, part)));
    const state = recorded.has(key) ? 'recorded' : isApart ? 'apart' : 'waiting';
    parts.push({ ...part, state, what, isPosted: posted.has(key) && state !== 'recorded', of });
  };
  const isCaptureApart = (externalTransactionId: string, { patronId }: UnrecordedPart): boolean =>
    parts.some(
      (one) => isSamePart(one, { kind: 'capture', externalTransactionId, patronId }) && one.state === 'apart',
    );
  for (const { externalTransactionId, accounts } of payment.captures) {
    for (const { patronId, amount } of accounts)
      add({ kind: 'capture', externalTransactionId, patronId, amount }, [externalTransactionId]);
  }
  for (const returned of payment.returns) {
    const { externalTransactionId } = returned;
    const all = returnedOf(returned).flatMap(({ of, accounts }) => accounts.map((one) => ({ of, ...one })));
    for (const patronId of new Set(all.map((one) => one.patronId))) {
      const own = all.filter((one) => one.patronId === patronId);
      // An account's part may be of several captures.
      const digits = own[0]?.amount.split('.')[1]?.length ?? 0;
      const amount = own.length === 1 ? (own[0]?.amount as string) : formatAmount(amountIn(own), digits);
      const of = own.map((one) => one.of);
      add({ kind: 'return', externalTransactionId, patronId, amount }, of);
    }
  }
  return parts;
}

/**
 * Returns whether a part of a return is set apart because every capture that it is taken from is set apart in its
 * account: then the account has nothing to give back, whatever a person decided about the part.
 */
export function followsCapture(part: OnlinePart, parts: readonly OnlinePart[]): boolean {
  return (
    part.kind === 'return' &&
    part.state === 'waiting' &&
    part.of.every((id) => captureIn(parts, id, part)?.state === 'apart')
  );
}

/** Returns an account's part of a capture. */
function captureIn(
  parts: readonly OnlinePart[],
  externalTransactionId: string,
  { patronId }: UnrecordedPart,
): OnlinePart | undefined {
  return parts.find((one) => isSamePart(one, { kind: 'capture', externalTransactionId, patronId }));
}

/**
 * Returns whether a waiting part depends on what a person settled, who must say what becomes of it: a capture of an
 * account of whose returns more is apart than of its captures, since who had the money back in cash would get it again;
 * or a return of captures of which one is apart and another is not.
 */
export function isAfterSettled(part: OnlinePart, parts: readonly OnlinePart[]): boolean {
  if (part.what === 'record' || part.state !== 'waiting') return false;
  if (part.kind === 'return') {
    const states = part.of.map((id) => captureIn(parts, id, part)?.state);
    return states.includes('apart') && states.some((state) => state !== 'apart');
  }
  const apart = parts.filter((one) => one.patronId === part.patronId && one.state === 'apart');
  const sum = (kind: OnlinePart['kind']) =>
    apart.filter((one) => one.kind === kind).reduce((total, { amount }) => total + units(amount), 0);
  return sum('return') > sum('capture');
}

/**
 * Returns what the accounts have not recorded yet, without what a person settled: captures first, then returns.
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
 * const rest = { returns: [], recorded: [], payouts: [], settled: [], pendings: [] };
 * const state = { captures: [capture], ...rest, failedAt: null, ended: null, eventCount: 2 };
 * const payment = { ...common, ...amounts, parts, expiresAt: at, ...state };
 * unrecordedParts(payment)[0]?.amount; //=> '5.00'
 * ```
 */
export function unrecordedParts(payment: OnlinePayment): readonly UnrecordedPart[] {
  return onlineParts(payment)
    .filter(({ state }) => state === 'waiting')
    .map(({ kind, externalTransactionId, patronId, amount }) => ({
      kind,
      externalTransactionId,
      patronId,
      amount,
    }));
}
