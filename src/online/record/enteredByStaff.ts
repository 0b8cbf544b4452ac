import type { PatronAccount } from '../../account/patronAccount.js';
import type { PaymentReversal } from '../../account/records.js';
import { onlineParts } from '../../office/onlinePayments/onlineParts.js';
import {
  amountIn,
  captureOf,
  type OnlinePayment,
  returnedOf,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
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
  /** What staff reversed of its capture without naming a return, and no other return came up to. */
  readonly byHand: ReadonlyMap<string, number>;
  /** What was reversed or refunded of its capture under ids of returns that nobody has told yet. */
  readonly untold: ReadonlyMap<string, number>;
  /**
   * Whether this library reversed something for returns that nobody has told yet: the office was restored, and what staff
   * reversed by hand may be of them.
   */
  readonly isRestored: boolean;
};

/** No account has anything of it. */
export const noneEntered: Entered = {
  recorded: new Map(),
  own: new Map(),
  byHand: new Map(),
  untold: new Map(),
  isRestored: false,
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
  let isRestored = false;
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
    byHand.set(patronId, reversedOfCapture(accounts, payment, patronId, capture));
    const notTold = enteredOf(account, capture, patronId).filter((one) => !isTold(one));
    untold.set(patronId, sumOf(notTold));
    isRestored ||= notTold.some(({ id }) => isOurs(id));
  }
  return { recorded, own, byHand, untold, isRestored };
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

type Returned = OnlinePaymentReturned['data'];
type Accounts = ReadonlyMap<string, PatronAccount>;

/** Returns the entries of staff in an account that name a return. */
export function namedOf(account: PatronAccount, returned: Returned): readonly EnteredRefund[] {
  return withIdOf(account, returned).filter(({ id }) => !isOurs(id));
}

/**
 * Returns what staff entered as a return in all accounts, in minor units, less what they paid in again under its id, and
 * without what took back something else.
 */
export function enteredAs(accounts: Accounts, payment: OnlinePayment, returned: Returned): number {
  return [...accounts].reduce((sum, [patronId, account]) => {
    const back = takenBack(account, payment, patronId).filter((one) => one.returned === returned);
    return sum + enteredUnder(account, returned) - sumOf(back);
  }, 0);
}

/** Returns what staff entered as a return in an account, less what they paid in again: a reversal cannot be undone. */
export function enteredUnder(account: PatronAccount, returned: Returned): number {
  const again = account.payments.filter((one) => isNamed(one, returned));
  return sumOf(namedOf(account, returned)) - sumOf(again);
}

/** Returns an account's part of a return, in minor units. */
export function partOf(returned: Returned, patronId: string): number {
  const all = returnedOf(returned).flatMap(({ accounts }) => accounts);
  return amountIn(all.filter((one) => one.patronId === patronId));
}

/** Returns what an account has of a capture beyond its part, in minor units: others recorded it. */
export function recordedTooMuch(
  account: PatronAccount,
  payment: OnlinePayment,
  patronId: string,
  externalTransactionId: string,
): number {
  const capture = captureOf(payment, externalTransactionId) as OnlinePaymentCaptured['data'];
  const { all } = paymentsOf(account, capture);
  const part = capture.accounts.find((one) => one.patronId === patronId);
  return Math.max(0, sumOf(all) - (part === undefined ? 0 : units(part.amount)));
}

/**
 * Returns what reversals of staff that name a return took back, in an account, of what others had recorded too much of a
 * capture, beside its part of the return: as if they named none. In minor units, by return and capture.
 */
export function takenBack(account: PatronAccount, payment: OnlinePayment, patronId: string) {
  const captures = payment.captures.map(({ externalTransactionId }) => {
    const capture = captureOf(payment, externalTransactionId) as OnlinePaymentCaptured['data'];
    const reversals = paymentsOf(account, capture).all.flatMap((one) => one.reversals);
    const tooMuch = recordedTooMuch(account, payment, patronId, externalTransactionId);
    const left = Math.max(0, tooMuch - sumOf(reversedByHand(account, payment, capture)));
    return { externalTransactionId, reversals, left };
  });
  return payment.returns.flatMap((returned) => {
    let above = Math.max(0, enteredUnder(account, returned) - partOf(returned, patronId));
    return captures.map((capture) => {
      const ofReturn = capture.reversals.filter((one) => isNamed(one, returned) && !isOurs(one.reversalId));
      const amount = Math.min(above, capture.left, sumOf(ofReturn));
      above -= amount;
      capture.left -= amount;
      return { returned, of: capture.externalTransactionId, amount };
    });
  });
}

/** Whether what is recorded is of a capture or return. */
export function isOf(
  one: OnlinePaymentRecorded['data'],
  of: { readonly externalTransactionId: string },
): boolean {
  return one.externalTransactionId === of.externalTransactionId;
}

/** Returns what each recorded part of a return used of what staff had entered: entries that name it first. */
export function usesOf(payment: OnlinePayment, namedFor: (returned: Returned) => number) {
  const left = new Map<string, number>();
  return payment.recorded
    .filter(({ kind, byOthers }) => kind === 'return' && byOthers !== undefined)
    .map((of) => {
      const returned = payment.returns.find((one) => isOf(of, one)) as Returned;
      const before = left.get(of.externalTransactionId) ?? namedFor(returned);
      const byOthers = units(of.byOthers as string);
      const named = Math.min(before, byOthers);
      left.set(of.externalTransactionId, before - named);
      return { of, named, byHand: byOthers - named };
    });
}

/**
 * Returns what staff reversed by hand in an account, without naming a return, and no return came up to, in minor units.
 * What others had recorded too much is reversed first, and parts of returns that wait are going to use it.
 */
export function reversedNotReturned(accounts: Accounts, payment: OnlinePayment, patronId: string): number {
  const account = accounts.get(patronId) as PatronAccount;
  const ids = payment.captures.map((one) => one.externalTransactionId);
  const byHand = sum(ids, (id) =>
    sumOf(reversedByHand(account, payment, captureOf(payment, id) as Captured)),
  );
  const tooMuch = sum(ids, (id) => recordedTooMuch(account, payment, patronId, id));
  const uses = usesOf(payment, (one) => enteredAs(accounts, payment, one));
  const used = sum(
    uses.filter(({ of }) => of.patronId === patronId),
    (use) => use.byHand,
  );
  const waiting = onlineParts(payment).filter(
    (part) => part.kind === 'return' && part.state === 'waiting' && part.patronId === patronId,
  );
  return Math.max(0, byHand - tooMuch - used - amountIn(waiting));
}

/** As {@link reversedNotReturned}, of one capture. */
function reversedOfCapture(
  accounts: Accounts,
  payment: OnlinePayment,
  patronId: string,
  capture: Captured,
): number {
  const { externalTransactionId: id } = capture;
  const account = accounts.get(patronId) as PatronAccount;
  const entered = sumOf(reversedByHand(account, payment, capture));
  const isOfIt = (one: OnlinePaymentRecorded['data']) =>
    payment.returns.some(
      (returned) => isOf(one, returned) && returnedOf(returned).some(({ of }) => of === id),
    );
  const used = sum(
    usesOf(payment, (one) => enteredAs(accounts, payment, one)).filter(
      ({ of }) => of.patronId === patronId && isOfIt(of),
    ),
    (use) => use.byHand,
  );
  const left = Math.max(0, entered - recordedTooMuch(account, payment, patronId, id) - used);
  return Math.min(left, reversedNotReturned(accounts, payment, patronId));
}

type Captured = OnlinePaymentCaptured['data'];

function sum<One>(all: readonly One[], amountOf: (one: One) => number): number {
  return all.reduce((total, one) => total + amountOf(one), 0);
}

/** Returns what persons settled of {@link reversedNotReturned} in an account, in minor units. */
export function reversedApart({ settled }: OnlinePayment, patronId: string): number {
  return amountIn(settled.filter((one) => one.what === 'reversed' && one.patronId === patronId));
}
