import type { ReceivePayment } from '../../account/commands/paymentCommands.js';
import { digestOf } from '../../account/digest.js';
import { externalTransactionPositions } from '../../account/ids.js';
import { findFee, findPayment, type PatronAccount } from '../../account/patronAccount.js';
import type { Payment } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { fillInOrder } from '../../money/split.js';
import { units } from '../../office/onlinePayments/onlinePayment.js';
import type {
  CapturedAccount,
  OnlinePaymentCaptured,
} from '../../office/onlinePayments/onlinePaymentEvents.js';

/** A capture or a return, in a provider's terms. */
export type ProviderTransaction = Pick<OnlinePaymentCaptured['data'], 'method' | 'externalTransactionId'>;

/**
 * What is recorded of a part of a capture or of a return: the record, and how much others had recorded, in minor units.
 */
export type RecordedInAccount = {
  readonly recordedId: string;
  readonly credited: number;
  readonly byOthers: number;
};

/** What an account has recorded, or the commands to record what is missing, the first choice first. */
export type AccountPlan<Command> =
  | { readonly done: RecordedInAccount }
  | {
      readonly choices: readonly Command[];
      /** The amount of the part that the account has already, in minor units. */
      readonly has: number;
    };

/** How the ids begin under which accounts record captures. */
const RECORDED = 'online-capture-';

/** Returns the id under which an account records a capture or a return. */
export function recordIdOf(
  kind: 'capture' | 'return',
  { method, externalTransactionId }: ProviderTransaction,
): string {
  return `online-${kind}-${digestOf([kind, method, externalTransactionId])}`;
}

/** The payments of an account that recorded a capture. */
export type PaymentsOfCapture = {
  /** The first payment of this library; undefined if it has none. */
  readonly own: Payment | undefined;
  /** Its payments: the first, and what was missing beside it after a restore. */
  readonly ours: readonly Payment[];
  /** The payments of others. */
  readonly others: readonly Payment[];
  /** Those of this library, then those of others. */
  readonly all: readonly Payment[];
};

/** Returns the payments of an account that recorded a capture. */
export function paymentsOf(account: PatronAccount, capture: ProviderTransaction): PaymentsOfCapture {
  const { method, externalTransactionId } = capture;
  const own = ownPayment(account, capture);
  const ours = own === undefined ? [] : [own, ...restsOf(account, own)];
  const others = externalTransactionPositions(account.ids, method, externalTransactionId)
    .map((position) => account.payments[position] as Payment)
    .filter(({ paymentId }) => !paymentId.startsWith(RECORDED));
  return { own, ours, others, all: [...ours, ...others] };
}

function restsOf(account: PatronAccount, own: Payment): readonly Payment[] {
  const rests: Payment[] = [];
  for (;;) {
    const rest = findPayment(account, restIdOf(own, rests.length));
    if (rest === undefined) return rests;
    rests.push(rest);
  }
}

function restIdOf({ paymentId }: Payment, before: number): string {
  return `${paymentId}-rest-${before + 1}`;
}

/**
 * Returns what an account has of a capture, in minor units. What others recorded after this library is too much, whatever
 * it is: this library had recorded all that was missing.
 */
export function recordedAmount(account: PatronAccount, capture: ProviderTransaction): number {
  const { own, ours, others } = paymentsOf(account, capture);
  const counted =
    own === undefined
      ? others
      : others.filter((one) => account.payments.indexOf(one) < account.payments.indexOf(own));
  return [...ours, ...counted].reduce((sum, { amount }) => sum + amount, 0);
}

function ownPayment(account: PatronAccount, capture: ProviderTransaction): Payment | undefined {
  const found = findPayment(account, recordIdOf('capture', capture));
  // Beside parts of another total it is recorded with the transaction as its reference.
  const isOwn =
    found?.method === capture.method &&
    (found.externalTransactionId ?? found.reference) === capture.externalTransactionId;
  return isOwn ? found : undefined;
}

/**
 * Plans how an account records its part of a capture. What others recorded of the transaction counts. An account that has
 * recorded less than its part, since the office was restored and has divided anew, records the rest beside it.
 */
export function planCapture(
  account: PatronAccount,
  capture: OnlinePaymentCaptured['data'],
  part: CapturedAccount,
  digits: number,
): AccountPlan<ReceivePayment> {
  const { own, ours, others, all } = paymentsOf(account, capture);
  const total = units(part.amount);
  const sum = others.reduce((all, { amount }) => all + amount, 0);
  const has = own === undefined ? sum : recordedAmount(account, capture);
  const missing = Math.max(0, total - has);
  if (missing === 0) {
    const [first] = all as [Payment];
    const counted = own === undefined ? others : ours;
    const credited = counted.reduce((all, { overpayment }) => all + (overpayment?.amount ?? 0), 0);
    return { done: { recordedId: first.paymentId, credited: Math.min(credited, total), byOthers: sum } };
  }
  const money = (minor: number) => formatAmount(minor, digits);
  const { method, externalTransactionId, at, by } = capture;
  const command = {
    type: 'ReceivePayment',
    id: own === undefined ? recordIdOf('capture', capture) : restIdOf(own, ours.length - 1),
    amount: money(missing),
    method,
    overpayment: 'credit',
    at,
    by,
  } as const;
  const limits = part.allocations.map(({ feeId, amount }) =>
    findFee(account, feeId) === undefined ? 0 : Math.max(0, units(amount) - paidBy(all, feeId)),
  );
  const allocations = fillInOrder(missing, limits).flatMap((share, index) =>
    share > 0 ? [{ feeId: (part.allocations[index] as { feeId: string }).feeId, amount: money(share) }] : [],
  );
  const sameId = others.filter((one) => one.externalTransactionId === externalTransactionId);
  const said = sameId.find((one) => one.externalTransactionTotal !== null)?.externalTransactionTotal;
  const known = sameId.reduce((all, { amount }) => all + amount, 0);
  const beside = { ...command, allocations, reference: externalTransactionId };
  if (own !== undefined) return { choices: [beside], has };
  // A total that another program said too low has no room for all that is missing.
  if (said != null && said < known + missing) return { choices: [beside], has };
  const identity = { externalTransactionId, externalTransactionTotal: money(said ?? known + missing) };
  const rest = sameId.length > 0 ? ({ part: 'rest' } as const) : {};
  return { choices: [{ ...command, allocations, ...identity, ...rest }, beside], has };
}

function paidBy(payments: readonly Payment[], feeId: string): number {
  return payments
    .flatMap(({ allocations }) => allocations)
    .filter((allocation) => allocation.feeId === feeId)
    .reduce((sum, { amount }) => sum + amount, 0);
}
