import type { ReversePayment } from '../account/commands/paymentCommands.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { type PaymentReversal, reversedOf } from '../account/records.js';
import { formatAmount } from '../money/money.js';
import { type OnlinePayment, units } from '../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineShortfallFee } from '../policy/onlinePayments.js';
import { type AccountPlan, type ProviderTransaction, paymentsOf, recordIdOf } from './planCapture.js';

/** A part of a return, with what it is decided from. */
export type ReturnToRecord = {
  readonly payment: OnlinePayment;
  readonly capture: OnlinePaymentCaptured['data'];
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
  const { payment, capture, returned, patronId, amount } = part;
  const account = part.accounts.get(patronId) as PatronAccount;
  const id = recordIdOf('return', returned);
  const { own, others } = paymentsOf(account, capture);
  const payments = [...(own === undefined ? [] : [own]), ...others];
  const isOwn = ({ reversalId }: PaymentReversal) => reversalId === id || reversalId.startsWith(`${id}-`);
  const reversals = payments.flatMap((one) => one.reversals);
  const recorded = sum(reversals.filter(isOwn));
  const entered = enteredByStaff(part, reversedByHand(account, payment, capture));
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
  const commands = payments.flatMap((one, index): ReversePayment[] => {
    // What does not fit into any payment is asked of the last one, and refused: staff handed it back otherwise.
    const isLast = index === payments.length - 1;
    const share = isLast ? left : Math.min(left, one.amount - reversedOf(one));
    left -= share;
    const commandId = index === 0 ? id : `${id}-${index}`;
    const fee = shortfallFee && { shortfallFee: { feeId: `${commandId}-fee`, ...shortfallFee } };
    return share === 0
      ? []
      : [
          {
            type: 'ReversePayment',
            id: commandId,
            paymentId: one.paymentId,
            amount: money(share),
            method: payment.method,
            ...fee,
            at,
            by,
          },
        ];
  });
  if (commands.length === 0) {
    // The account was purged: refused, and reported.
    const paymentId = recordIdOf('capture', capture);
    commands.push({ type: 'ReversePayment', id, paymentId, amount: money(missing), at, by });
  }
  const identity = {
    externalTransactionId,
    externalTransactionTotal: money(totalOf(part, account, missing)),
  };
  return { choices: [commands.map((command) => ({ ...command, ...identity })), commands] };
}

/** Returns what the whole return pays back in an account, in minor units: as said before, else what is known of it. */
function totalOf({ returned }: ReturnToRecord, account: PatronAccount, missing: number): number {
  const known = withIdOf(account, returned);
  const said = known.find((one) => one.externalTransactionTotal !== null)?.externalTransactionTotal;
  return said ?? sum(known) + missing;
}

type EnteredRefund = {
  readonly id: string;
  readonly amount: number;
  readonly externalTransactionTotal: number | null;
};

/** Returns the refunds and reversals of an account that name a return. */
function withIdOf(
  { refunds, payments }: PatronAccount,
  { method, externalTransactionId }: OnlinePaymentReturned['data'],
): readonly EnteredRefund[] {
  const isNamed = (one: { readonly method: string; readonly externalTransactionId: string | null }) =>
    one.method === method && one.externalTransactionId === externalTransactionId;
  return [
    ...refunds
      .filter((refund) => isNamed(refund) && !refund.reversed)
      .map(({ refundId, ...refund }) => ({ id: refundId, ...refund })),
    ...payments
      .flatMap(({ reversals }) => reversals)
      .filter(isNamed)
      .map(({ reversalId, ...reversal }) => ({ id: reversalId, ...reversal })),
  ];
}

/** Returns what staff entered of a return and no other part of a return has used, and the id of one of the entries. */
function enteredByStaff(
  { payment, returned, patronId, accounts, capture }: ReturnToRecord,
  byHand: readonly PaymentReversal[],
): { readonly amount: number; readonly id: string | undefined } {
  const named = namedIn(accounts, returned);
  const uses = usesOf(payment, (one) => sum(namedIn(accounts, one)));
  const ofCapture = payment.returns.filter(({ of }) => of === capture.externalTransactionId);
  let namedLeft = sum(named);
  // What others had recorded too much of the capture is reversed by hand first, and is no return.
  const ofPart = payment.recorded.filter((one) => isOf(one, capture) && one.patronId === patronId);
  let byHandLeft = Math.max(0, sum(byHand) - ofPart.reduce((total, one) => total + recordedTooMuch(one), 0));
  for (const use of uses) {
    if (isOf(use.of, returned)) namedLeft -= use.named;
    if (use.of.patronId === patronId && ofCapture.some((one) => isOf(use.of, one))) byHandLeft -= use.byHand;
  }
  const id = namedLeft > 0 ? named[0]?.id : byHand[0]?.reversalId;
  return { amount: Math.max(0, namedLeft) + Math.max(0, byHandLeft), id };
}

/** Returns what staff reversed by hand of a capture, with the method of the payment. */
export function reversedByHand(
  account: PatronAccount,
  { method }: OnlinePayment,
  capture: ProviderTransaction,
): readonly PaymentReversal[] {
  const { own, others } = paymentsOf(account, capture);
  return [own, ...others]
    .flatMap((one) => one?.reversals ?? [])
    .filter((one) => one.externalTransactionId === null && one.method === method && !isOurs(one.reversalId));
}

/** Returns what others recorded of a capture beyond the part of the account, in minor units. */
export function recordedTooMuch({ kind, amount, byOthers = '0' }: OnlinePaymentRecorded['data']): number {
  return kind === 'capture' ? Math.max(0, units(byOthers) - units(amount)) : 0;
}

/** Whether a reversal was made by this library for a return. */
function isOurs(id: string): boolean {
  return id.startsWith('online-return-');
}

function isOf(one: OnlinePaymentRecorded['data'], of: { readonly externalTransactionId: string }): boolean {
  return one.externalTransactionId === of.externalTransactionId;
}

/** Returns the entries of staff that name a return, in all accounts of its payment. */
function namedIn(
  accounts: ReadonlyMap<string, PatronAccount>,
  returned: OnlinePaymentReturned['data'],
): readonly EnteredRefund[] {
  return [...accounts.values()]
    .flatMap((account) => withIdOf(account, returned))
    .filter(({ id }) => !isOurs(id));
}

/** Returns what each recorded part of a return used of what staff had entered: entries that name it first. */
function usesOf(payment: OnlinePayment, namedFor: (returned: OnlinePaymentReturned['data']) => number) {
  const left = new Map<string, number>();
  return payment.recorded
    .filter(({ kind, byOthers }) => kind === 'return' && byOthers !== undefined)
    .map((of) => {
      const returned = payment.returns.find((one) => isOf(of, one)) as OnlinePaymentReturned['data'];
      const before = left.get(of.externalTransactionId) ?? namedFor(returned);
      const byOthers = units(of.byOthers as string);
      const named = Math.min(before, byOthers);
      left.set(of.externalTransactionId, before - named);
      return { of, named, byHand: byOthers - named };
    });
}

function sum(entries: readonly { readonly amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + amount, 0);
}
