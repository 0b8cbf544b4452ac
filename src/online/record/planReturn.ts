import type { ReversePayment } from '../../account/commands/paymentCommands.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { type Payment, type PaymentReversal, reversedOf } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { captureOf, type OnlinePayment, returnedOf } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineShortfallFee } from '../../policy/onlinePayments.js';
import {
  enteredAs,
  enteredUnder,
  isOf,
  namedOf,
  partOf,
  recordedTooMuch,
  reversedByHand,
  sumOf,
  usesOf,
  withIdOf,
} from './enteredByStaff.js';
import { type AccountPlan, paymentsOf, recordIdOf } from './planCapture.js';

/** A part of a return, with what it is decided from. */
export type ReturnToRecord = {
  readonly payment: OnlinePayment;
  readonly returned: OnlinePaymentReturned['data'];
  readonly patronId: string;
  /** The amount of the account's part, in minor units. */
  readonly amount: number;
  /** All accounts of the payment. */
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  /** The fee for a credit that is used; undefined if the policy names none. */
  readonly shortfallFee: OnlineShortfallFee | undefined;
};

/**
 * Plans how an account records its part of a return. What staff entered counts: refunds of credits with the return's id
 * in any account of the payment, and reversals by hand with the payment's method.
 */
export function planReturn(part: ReturnToRecord, digits: number): AccountPlan<readonly ReversePayment[]> {
  const { payment, returned, patronId, amount } = part;
  const account = part.accounts.get(patronId) as PatronAccount;
  const id = recordIdOf('return', returned);
  const payments = paymentsToReverse(account, payment, returned);
  const isOwn = ({ reversalId }: PaymentReversal) => reversalId === id || reversalId.startsWith(`${id}-`);
  const reversals = payments.flatMap((one) => one.reversals);
  const own = reversals.filter(isOwn);
  const recorded = sumOf(own);
  const entered = enteredByStaff(part);
  const byOthers = Math.min(amount - recorded, entered.amount);
  const missing = amount - recorded - byOthers;
  if (missing === 0) {
    const recordedId = recorded > 0 ? id : (entered.id as string);
    return { done: { recordedId, credited: 0, byOthers } };
  }
  const money = (minor: number) => formatAmount(minor, digits);
  const { externalTransactionId, at, by } = returned;
  const { shortfallFee } = part;
  let left = missing;
  let named = 0;
  const isTaken = (one: string) => own.some(({ reversalId }) => reversalId === one);
  // Some of them are in an account that was restored to a moment between them.
  const newId = (): string => {
    const one = named === 0 ? id : `${id}-${named}`;
    named += 1;
    return isTaken(one) ? newId() : one;
  };
  const commands = payments.flatMap((one, index): ReversePayment[] => {
    // What does not fit into any payment is asked of the last one, and refused: staff handed it back otherwise.
    const isLast = index === payments.length - 1;
    const share = isLast ? left : Math.min(left, one.amount - reversedOf(one));
    left -= share;
    if (share === 0) return [];
    const commandId = newId();
    const fee = shortfallFee && { shortfallFee: { feeId: `${commandId}-fee`, ...shortfallFee } };
    const what = { paymentId: one.paymentId, amount: money(share), method: payment.method };
    return [{ type: 'ReversePayment', id: commandId, ...what, ...fee, at, by }];
  });
  if (commands.length === 0) {
    // The account was purged: refused, and reported.
    const paymentId = recordIdOf('capture', { method: payment.method, externalTransactionId: returned.of });
    commands.push({ type: 'ReversePayment', id, paymentId, amount: money(missing), at, by });
  }
  const identity = {
    externalTransactionId,
    externalTransactionTotal: money(totalOf(part, account, missing)),
  };
  const has = recorded + byOthers;
  return { choices: [commands.map((command) => ({ ...command, ...identity })), commands], has };
}

/**
 * Returns the payments of an account that a return reverses: those of the captures that it is taken from, then those of
 * the payment's other captures, if the first have not that much any more.
 */
function paymentsToReverse(
  account: PatronAccount,
  payment: OnlinePayment,
  returned: OnlinePaymentReturned['data'],
): readonly Payment[] {
  const taken = returnedOf(returned).map(({ of }) => of);
  const latestFirst = payment.captures.map((one) => one.externalTransactionId).reverse();
  const captures = [...new Set([...taken, ...latestFirst])].map((id) => captureOf(payment, id) as Capture);
  return [...new Set(captures.flatMap((capture) => paymentsOf(account, capture).all))];
}

type Capture = OnlinePaymentCaptured['data'];

/** Returns what the whole return pays back in an account, in minor units: as said before, else what is known of it. */
function totalOf({ returned }: ReturnToRecord, account: PatronAccount, missing: number): number {
  const known = withIdOf(account, returned);
  const said = known.find((one) => one.externalTransactionTotal !== null)?.externalTransactionTotal;
  return said ?? sumOf(known) + missing;
}

/** Returns what staff entered of a return and no other part of a return has used, and the id of one of the entries. */
function enteredByStaff({ payment, returned, patronId, accounts }: ReturnToRecord): {
  readonly amount: number;
  readonly id: string | undefined;
} {
  const account = accounts.get(patronId) as PatronAccount;
  const captures = returnedOf(returned).map(({ of }) => captureOf(payment, of) as Capture);
  const isOfThem = (id: string) => captures.some((one) => one.externalTransactionId === id);
  const byHand = captures.flatMap((capture) => reversedByHand(account, payment, capture));
  // What staff entered in an account counts for its own part first.
  const ownOf = (id: string) =>
    Math.min(enteredUnder(accounts.get(id) as PatronAccount, returned), partOf(returned, id));
  const uses = usesOf(payment, (one) => enteredAs(accounts, payment, one));
  const ofCaptures = payment.returns.filter((one) => returnedOf(one).some(({ of }) => isOfThem(of)));
  let namedLeft = enteredAs(accounts, payment, returned);
  for (const other of accounts.keys()) if (other !== patronId) namedLeft -= ownOf(other);
  // What others had recorded too much of the capture is reversed by hand first, and is no return.
  const tooMuch = captures.reduce(
    (sum, one) => sum + recordedTooMuch(account, payment, patronId, one.externalTransactionId),
    0,
  );
  let byHandLeft = Math.max(0, sumOf(byHand) - tooMuch);
  for (const use of uses) {
    const isOwn = use.of.patronId === patronId;
    if (isOf(use.of, returned))
      namedLeft -= isOwn ? use.named : Math.max(0, use.named - ownOf(use.of.patronId));
    if (isOwn && ofCaptures.some((one) => isOf(use.of, one))) byHandLeft -= use.byHand;
  }
  const [first] = [account, ...accounts.values()].flatMap((one) => namedOf(one, returned));
  const id = namedLeft > 0 ? first?.id : byHand[0]?.reversalId;
  return { amount: Math.max(0, namedLeft) + Math.max(0, byHandLeft), id };
}
