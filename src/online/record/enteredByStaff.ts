import type { PatronAccount } from '../../account/patronAccount.js';
import type { PaymentReversal } from '../../account/records.js';
import { captureOf, type OnlinePayment, unitsOf } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { type ProviderTransaction, paymentsOf, recordedAmount, recordIdOf } from './planCapture.js';
import { readAccount, unlessUnreadable } from './readAccount.js';

/** The amounts of a return that the accounts of a payment have when the return is told, in minor units. */
export type Entered = {
  /** What this library reversed for the return. Then the office was restored from an older backup, and does not know it. */
  readonly recorded: ReadonlyMap<string, number>;
  /** What staff entered under the id of the return. */
  readonly own: ReadonlyMap<string, number>;
  /** What staff reversed of its capture without naming a return, less what other returns have used. */
  readonly byHand: ReadonlyMap<string, number>;
  /** What was reversed or refunded of its capture under ids of returns that nobody has told yet. */
  readonly untold: ReadonlyMap<string, number>;
};

/** No account has anything of it. */
export const noneEntered: Entered = {
  recorded: new Map(),
  own: new Map(),
  byHand: new Map(),
  untold: new Map(),
};

/** A refund or reversal that names a return. */
export type EnteredRefund = {
  readonly id: string;
  readonly amount: number;
  readonly externalTransactionTotal: number | null;
};

type ReturnIds = Pick<OnlinePaymentReturned['data'], 'externalTransactionId' | 'of'>;

/** Reads what the accounts have of a return. An account that cannot be read does not hold it up: its part waits. */
export async function enteredFor(
  context: OnlineContext,
  payment: OnlinePayment,
  returned: ReturnIds,
): Promise<Entered> {
  const { accounts } = await accountsOfPayment(context, payment);
  return enteredIn(accounts, payment, returned);
}

/**
 * Returns what each account has recorded of a capture that is told now, and what others had recorded of it before that, in
 * minor units. An office that was restored from an older backup does not know how it divided the capture.
 */
export async function recordedBefore(
  context: OnlineContext,
  payment: OnlinePayment,
  capture: Omit<ProviderTransaction, 'method'>,
): Promise<ReadonlyMap<string, number>> {
  const { accounts } = await accountsOfPayment(context, payment);
  const recorded = new Map<string, number>();
  for (const [patronId, account] of accounts) {
    const named = { ...capture, method: payment.method };
    if (paymentsOf(account, named).own !== undefined) recorded.set(patronId, recordedAmount(account, named));
  }
  return recorded;
}

/** Reads the accounts of a payment, save some. */
export async function accountsOfPayment(
  context: OnlineContext,
  { parts }: OnlinePayment,
  except?: string,
): Promise<{
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  /** The accounts that cannot be read. */
  readonly unreadable: readonly string[];
  /** When accounts were purged. */
  readonly purgedAt: ReadonlyMap<string, string>;
}> {
  const accounts = new Map<string, PatronAccount>();
  const purgedAt = new Map<string, string>();
  const unreadable: string[] = [];
  const { institution } = context;
  for (const patronId of new Set(parts.map((part) => part.patronId))) {
    if (patronId === except) continue;
    const read = await unlessUnreadable(() => readAccount(context, { institution, patronId }));
    if (!('account' in read)) {
      unreadable.push(patronId);
      continue;
    }
    accounts.set(patronId, read.account);
    if (read.purgedAt !== undefined) purgedAt.set(patronId, read.purgedAt);
  }
  return { accounts, unreadable, purgedAt };
}

/** Returns what some accounts have of a return. Pure. */
export function enteredIn(
  accounts: ReadonlyMap<string, PatronAccount>,
  payment: OnlinePayment,
  { externalTransactionId, of }: ReturnIds,
): Entered {
  const { method } = payment;
  const capture = captureOf(payment, of);
  const recorded = new Map<string, number>();
  const own = new Map<string, number>();
  const byHand = new Map<string, number>();
  const untold = new Map<string, number>();
  const told = [externalTransactionId, ...payment.returns.map((one) => one.externalTransactionId)];
  const isTold = (one: EnteredOf) =>
    isOurs(one.id)
      ? told.some((id) => isRecordOf(one.id, { method, externalTransactionId: id }))
      : one.externalTransactionId === null || told.includes(one.externalTransactionId);
  for (const [patronId, account] of accounts) {
    const returned = { method, externalTransactionId };
    recorded.set(patronId, sumOf(recordedOf(account, returned)));
    own.set(patronId, sumOf(withIdOf(account, returned).filter(({ id }) => !isOurs(id))));
    if (capture === undefined) continue;
    const used = payment.recorded.filter((one) => one.kind === 'return' && one.patronId === patronId);
    const entered = sumOf(reversedByHand(account, payment, capture));
    byHand.set(patronId, entered - unitsOf(used.map(({ byOthers = '0' }) => byOthers)));
    untold.set(patronId, sumOf(enteredOf(account, capture, patronId).filter((one) => !isTold(one))));
  }
  return { recorded, own, byHand, untold };
}

/** Returns what this library reversed in an account for a return. */
export function recordedOf({ payments }: PatronAccount, returned: Named): readonly PaymentReversal[] {
  return payments
    .flatMap(({ reversals }) => reversals)
    .filter(({ reversalId }) => isRecordOf(reversalId, returned));
}

function isRecordOf(reversalId: string, returned: Named): boolean {
  const id = recordIdOf('return', returned);
  return reversalId === id || reversalId.startsWith(`${id}-`);
}

type EnteredOf = {
  readonly id: string;
  readonly externalTransactionId: string | null;
  readonly amount: number;
};

/** Returns the refunds and reversals of a capture in an account, of its method. */
function enteredOf(
  account: PatronAccount,
  capture: OnlinePaymentCaptured['data'],
  patronId: string,
): readonly EnteredOf[] {
  const payments = paymentsOf(account, capture).all;
  const part = capture.accounts.find((one) => one.patronId === patronId);
  const feeIds = new Set(part?.allocations.map(({ feeId }) => feeId));
  const overpaid = new Set(payments.map(({ overpayment }) => overpayment?.creditId));
  // A credit of the payment, or of a fee that it paid.
  const creditIds = new Set(
    account.credits
      .filter(({ creditId, feeId }) => overpaid.has(creditId) || (feeId !== null && feeIds.has(feeId)))
      .map(({ creditId }) => creditId),
  );
  return [
    ...payments
      .flatMap(({ reversals }) => reversals)
      .map(({ reversalId, ...reversal }) => ({ id: reversalId, ...reversal })),
    ...account.refunds
      .filter(({ creditId, reversed }) => creditIds.has(creditId) && !reversed)
      .map(({ refundId, ...refund }) => ({ id: refundId, ...refund })),
  ].filter(({ method }) => method === capture.method);
}

/** Returns the refunds and reversals of an account that name a return. */
export function withIdOf({ refunds, payments }: PatronAccount, returned: Named): readonly EnteredRefund[] {
  return [
    ...refunds
      .filter((refund) => isNamed(refund, returned) && !refund.reversed)
      .map(({ refundId, ...refund }) => ({ id: refundId, ...refund })),
    ...payments
      .flatMap(({ reversals }) => reversals)
      .filter((reversal) => isNamed(reversal, returned))
      .map(({ reversalId, ...reversal }) => ({ id: reversalId, ...reversal })),
  ];
}

type Named = Pick<ProviderTransaction, 'method' | 'externalTransactionId'>;

/** Returns whether a refund or reversal has the id of a return. */
export function isNamed(
  one: { readonly method: string; readonly externalTransactionId: string | null },
  { method, externalTransactionId }: Named,
): boolean {
  return one.method === method && one.externalTransactionId === externalTransactionId;
}

/** Returns what staff reversed by hand of a capture, with the method of the payment. */
export function reversedByHand(
  account: PatronAccount,
  { method }: OnlinePayment,
  capture: ProviderTransaction,
): readonly PaymentReversal[] {
  return paymentsOf(account, capture)
    .all.flatMap((one) => one.reversals)
    .filter((one) => one.externalTransactionId === null && one.method === method && !isOurs(one.reversalId));
}

/** Whether a reversal was made by this library for a return. */
export function isOurs(id: string): boolean {
  return id.startsWith('online-return-');
}

export function sumOf(entries: readonly { readonly amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + amount, 0);
}
