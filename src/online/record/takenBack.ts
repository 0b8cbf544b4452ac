import type { PatronAccount } from '../../account/patronAccount.js';
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
import { type EnteredRefund, isNamed, isOurs, reversedByHand, sumOf, withIdOf } from './enteredByStaff.js';
import { paymentsOf } from './planCapture.js';

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
