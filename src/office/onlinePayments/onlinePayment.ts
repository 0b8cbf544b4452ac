import { minorUnits } from '../../money/money.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentEnded,
  OnlinePaymentPaidOut,
  OnlinePaymentPending,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
  OnlinePaymentSettled,
  OnlinePaymentStarted,
  ReturnedOfOther,
} from './onlinePaymentEvents.js';

/** One online payment: what was begun, taken, given back, recorded and paid out. Amounts are decimal strings. */
export type OnlinePayment = OnlinePaymentStarted['data'] & {
  /** What the provider took, in the order of its reports. */
  readonly captures: readonly OnlinePaymentCaptured['data'][];
  /** What went back to the payer, in the order of the reports. */
  readonly returns: readonly OnlinePaymentReturned['data'][];
  /** What the accounts have recorded of captures and returns. */
  readonly recorded: readonly OnlinePaymentRecorded['data'][];
  /** The rows of the provider's payouts, each as in the last payout that had it. */
  readonly payouts: readonly PaidOutRow[];
  /** What persons settled. */
  readonly settled: readonly OnlinePaymentSettled['data'][];
  /** What the provider said of debits that the payer's bank takes days for. */
  readonly pendings: readonly OnlinePaymentPending['data'][];
  /** When the latest attempt to pay failed; null if none did. */
  readonly failedAt: string | null;
  /** The last end; null if it has not ended. Money may come after it. */
  readonly ended: OnlinePaymentEnded['data'] | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
};

/** A row of a payout. */
export type PaidOutRow = OnlinePaymentPaidOut['data'] & {
  /** The payouts that had it before and failed at the bank; left out if none did. */
  readonly earlierPayouts?: readonly string[];
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

/** Returns a capture or a return of a payment. */
export function transactionOf(
  payment: OnlinePayment,
  kind: 'capture' | 'return',
  externalTransactionId: string,
): OnlinePaymentCaptured['data'] | OnlinePaymentReturned['data'] | undefined {
  if (kind === 'capture') return captureOf(payment, externalTransactionId);
  return payment.returns.find((one) => one.externalTransactionId === externalTransactionId);
}

/** Returns a capture of a payment. */
export function captureOf(
  { captures }: Pick<OnlinePayment, 'captures'>,
  externalTransactionId: string,
): OnlinePaymentCaptured['data'] | undefined {
  return captures.find((one) => one.externalTransactionId === externalTransactionId);
}

/** Returns what a return takes of each capture: of the one that it names first. */
export function returnedOf({
  of,
  serviceFee,
  accounts,
  others = [],
}: Pick<
  OnlinePaymentReturned['data'],
  'of' | 'serviceFee' | 'accounts' | 'others'
>): readonly ReturnedOfOther[] {
  return [{ of, serviceFee, accounts }, ...others];
}

/** Returns the part of the agreed service fee that is not kept, or that went back, in minor units. */
export function serviceFeeLeft({ serviceFee, captures, returns }: OnlinePayment): number {
  const kept = unitsOf(captures.map((one) => one.serviceFee));
  const back = returns.flatMap(returnedOf).map((one) => one.serviceFee);
  return units(serviceFee) - kept + unitsOf(back);
}

/** What did not go back of a capture, in minor units. */
export type LeftOfCapture = {
  readonly serviceFee: number;
  readonly accounts: ReadonlyMap<string, number>;
};

/** Returns what did not go back of a capture; undefined if the payment has no such capture. */
export function leftOfCapture(
  payment: OnlinePayment,
  externalTransactionId: string,
): LeftOfCapture | undefined {
  const capture = captureOf(payment, externalTransactionId);
  if (capture === undefined) return undefined;
  const returned = payment.returns.flatMap(returnedOf).filter(({ of }) => of === externalTransactionId);
  const back = returned.flatMap((one) => one.accounts);
  const accounts = new Map(
    capture.accounts.map(({ patronId, amount }) => {
      const ofAccount = amountIn(back.filter((one) => one.patronId === patronId));
      return [patronId, units(amount) - ofAccount];
    }),
  );
  const serviceFee = units(capture.serviceFee) - unitsOf(returned.map((one) => one.serviceFee));
  return { serviceFee, accounts };
}

/** Returns the sum of what is left of a capture, in minor units. */
export function sumOfLeft({ serviceFee, accounts }: LeftOfCapture): number {
  return [...accounts.values()].reduce((sum, amount) => sum + amount, serviceFee);
}
