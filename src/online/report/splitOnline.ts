import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { fillInOrder } from '../../money/split.js';
import {
  amountIn,
  type LeftOfCapture,
  leftOfCapture,
  type OnlinePayment,
  serviceFeeLeft,
  sumOfLeft,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import type {
  CapturedAccount,
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
  ReturnedOfOther,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import { type Entered, noneEntered } from '../record/enteredByStaff.js';

/** An amount of one account. */
type AccountAmount = { readonly patronId: string; readonly amount: string };

/**
 * Divides money that the provider took: first the service fee, as far as it is not kept yet; then the parts in their
 * order, less what earlier captures brought; what is above goes to the payer. Before all that, each account takes what it
 * has recorded of the capture. Depends on the payment's own events, and on what was recorded before it was told.
 *
 * @param amount - what was taken, in minor units
 * @param recorded - what accounts have recorded of it, in minor units
 */
export function splitCapture(
  payment: OnlinePayment,
  amount: number,
  recorded: ReadonlyMap<string, number> = new Map(),
): Pick<OnlinePaymentCaptured['data'], 'serviceFee' | 'accounts'> {
  const money = moneyOf(payment);
  const patrons = [...new Set(payment.parts.map(({ patronId }) => patronId))];
  const isOpen = (patronId: string) => !recorded.has(patronId);
  const known = fillInOrder(
    amount,
    patrons.map((patronId) => recorded.get(patronId) ?? 0),
  );
  const unknown = amount - known.reduce((sum, share) => sum + share, 0);
  const serviceFee = Math.min(unknown, serviceFeeLeft(payment));
  const rest = unknown - serviceFee;
  const limits = payment.parts.map((part) => Math.max(0, units(part.amount) - brought(payment, part)));
  const limitsOf = (isOf: (patronId: string) => boolean) =>
    payment.parts.map(({ patronId }, index) => (isOf(patronId) ? (limits[index] as number) : 0));
  const shares = fillInOrder(rest, limitsOf(isOpen));
  const surplus = rest - shares.reduce((sum, share) => sum + share, 0);
  const payer = patrons.find(isOpen) ?? patrons[0];
  const accounts = patrons.flatMap((patronId, at): CapturedAccount[] => {
    const isOf = (one: string) => one === patronId;
    const ofParts = shares.filter((_, index) => isOf((payment.parts[index] as AccountAmount).patronId));
    const share = ofParts.reduce((sum, one) => sum + one, known[at] as number);
    const allocations = fillInOrder(share, limitsOf(isOf)).flatMap((minor, index) =>
      minor > 0 ? [{ feeId: (payment.parts[index] as { feeId: string }).feeId, amount: money(minor) }] : [],
    );
    const total = share + (patronId === payer ? surplus : 0);
    return total === 0 ? [] : [{ patronId, amount: money(total), allocations }];
  });
  return { serviceFee: money(serviceFee), accounts };
}

/** Returns what captures brought to a part and returns did not take back, in minor units. */
function brought(payment: OnlinePayment, { patronId, feeId }: OnlinePayment['parts'][number]): number {
  return payment.captures.reduce((sum, { externalTransactionId, accounts }) => {
    const account = accounts.find((one) => one.patronId === patronId);
    if (account === undefined) return sum;
    const left = leftOfCapture(payment, externalTransactionId)?.accounts.get(patronId) ?? 0;
    // As in the account: what became a credit goes back first, then the allocations, last to first.
    const limits = account.allocations.map((allocation) => units(allocation.amount));
    const kept = fillInOrder(left, limits);
    const index = account.allocations.findIndex((allocation) => allocation.feeId === feeId);
    return sum + (kept[index] ?? 0);
  }, 0);
}

/** What a return takes of each capture, the service fee and by account. */
type ReturnSplit = Pick<OnlinePaymentReturned['data'], 'serviceFee' | 'accounts' | 'others'>;

/**
 * Divides money that went back: it takes what is left of its capture, and the rest from the payment's other captures,
 * the latest first. Of each capture it takes, in this order: what accounts have recorded of this return, what the caller
 * names, the accounts in which staff entered it or reversed by hand, what became a credit, then the other accounts, last to first. The
 * service fee comes after the accounts of all these captures; what staff entered for returns that were not reported yet
 * comes last. Depends on the payment's own events and on what the accounts have of it.
 *
 * @param returned - the capture, the amount in minor units, the accounts that the caller names, what accounts have of it
 * @returns null if more went back than is left of all captures
 */
export function splitReturn(
  payment: OnlinePayment,
  returned: {
    readonly of: string;
    readonly amount: number;
    readonly accounts?: readonly AccountAmount[];
    readonly entered?: Entered;
  },
): ReturnSplit | null {
  const { of, amount, accounts: named = [], entered = noneEntered } = returned;
  const captures = capturesToReturn(payment, of, amount);
  if (captures === null) return null;
  let rest = amount;
  const taken = captures.map((capture) => {
    const { accounts } = capture.left;
    const shares = new Map<string, number>();
    const take = (patronId: string, most: number) => {
      const before = shares.get(patronId) ?? 0;
      const share = Math.max(0, Math.min(most, (accounts.get(patronId) ?? 0) - before, rest));
      shares.set(patronId, before + share);
      rest -= share;
    };
    return { ...capture, take, shares, lastToFirst: [...accounts.keys()].reverse(), serviceFee: 0 };
  });
  const known = new Map(entered.recorded);
  for (const { take, shares, lastToFirst } of taken)
    for (const patronId of lastToFirst) {
      take(patronId, known.get(patronId) ?? 0);
      known.set(patronId, (known.get(patronId) ?? 0) - (shares.get(patronId) ?? 0));
    }
  // A return that was recorded beside a reversal by hand had used up all of that.
  const byHand = [...entered.byHand.values()].reduce((sum, minor) => sum + minor, 0);
  const usesByHand = !entered.isRestored || (rest < amount && rest >= byHand);
  const kept = (patronId: string) =>
    (entered.untold.get(patronId) ?? 0) + (usesByHand ? 0 : (entered.byHand.get(patronId) ?? 0));
  for (const { externalTransactionId, left, take, shares, lastToFirst } of taken) {
    const isOwn = externalTransactionId === of;
    if (isOwn) {
      const before = new Map(shares);
      const more = (patronId: string) => (shares.get(patronId) ?? 0) - (before.get(patronId) ?? 0);
      for (const one of named) take(one.patronId, units(one.amount) - (before.get(one.patronId) ?? 0));
      for (const patronId of lastToFirst) take(patronId, (entered.own.get(patronId) ?? 0) - more(patronId));
      if (usesByHand) for (const patronId of lastToFirst) take(patronId, entered.byHand.get(patronId) ?? 0);
    }
    const toKeep = (patronId: string) => (isOwn ? kept(patronId) : 0);
    const free = (patronId: string) =>
      (left.accounts.get(patronId) ?? 0) - toKeep(patronId) - (shares.get(patronId) ?? 0);
    for (const patronId of lastToFirst) {
      const credited = creditLeft(payment, externalTransactionId, patronId) - (shares.get(patronId) ?? 0);
      take(patronId, Math.min(credited, free(patronId)));
    }
    for (const patronId of lastToFirst) take(patronId, free(patronId));
  }
  for (const one of taken) {
    one.serviceFee = Math.min(rest, one.left.serviceFee);
    rest -= one.serviceFee;
  }
  for (const { take, lastToFirst } of taken) for (const patronId of lastToFirst) take(patronId, rest);
  const money = moneyOf(payment);
  const [own, ...others]: readonly ReturnedOfOther[] = taken.map(
    ({ externalTransactionId, left, shares, serviceFee }) => ({
      of: externalTransactionId,
      serviceFee: money(serviceFee),
      accounts: [...left.accounts.keys()].flatMap((patronId) => {
        const share = shares.get(patronId) ?? 0;
        return share > 0 ? [{ patronId, amount: money(share) }] : [];
      }),
    }),
  );
  const { serviceFee, accounts } = own as ReturnedOfOther;
  const used = others.filter((one) => one.accounts.length > 0 || units(one.serviceFee) > 0);
  return { serviceFee, accounts, ...(used.length > 0 && { others: used }) };
}

/** Returns the capture of a return, and as many of the others, the latest first, as the amount needs; null if all have less. */
function capturesToReturn(payment: OnlinePayment, of: string, amount: number) {
  if (leftOfCapture(payment, of) === undefined) return null;
  const latestFirst = payment.captures.map((one) => one.externalTransactionId).reverse();
  const found: { readonly externalTransactionId: string; readonly left: LeftOfCapture }[] = [];
  let sum = 0;
  for (const externalTransactionId of new Set([of, ...latestFirst])) {
    if (found.length > 0 && sum >= amount) break;
    const left = leftOfCapture(payment, externalTransactionId) as LeftOfCapture;
    found.push({ externalTransactionId, left });
    sum += sumOfLeft(left);
  }
  return sum < amount ? null : found;
}

/** Returns the part of a capture that became a credit of an account and was not returned, in minor units. */
function creditLeft(payment: OnlinePayment, of: string, patronId: string): number {
  const capture = payment.captures.find((one) => one.externalTransactionId === of);
  const account = capture?.accounts.find((one) => one.patronId === patronId);
  if (account === undefined) return 0;
  const recorded = payment.recorded.find(
    (one) => one.kind === 'capture' && one.externalTransactionId === of && one.patronId === patronId,
  );
  const amount = units(account.amount);
  // What no fee of the payment gets is going to be a credit.
  const credited =
    recorded === undefined ? amount - amountIn(account.allocations) : units(recorded.credited ?? '0');
  const left = leftOfCapture(payment, of)?.accounts.get(patronId) ?? 0;
  return Math.max(0, credited - (amount - left));
}

function moneyOf({ currency }: OnlinePayment): (minor: number) => string {
  const digits = digitsOf(currency);
  return (minor) => formatAmount(minor, digits);
}
