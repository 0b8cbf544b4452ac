import type { PatronAccount } from '../../account/patronAccount.js';
import { type Payment, reversedOf } from '../../account/records.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
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
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineFinding } from '../onlineFinding.js';
import {
  enteredAs,
  isOurs,
  recordedTooMuch,
  reversedApart,
  reversedByHand,
  reversedNotReturned,
  sumOf,
  takenBack,
  usesOf,
} from '../record/enteredByStaff.js';
import { paymentsOf } from '../record/planCapture.js';

type Accounts = ReadonlyMap<string, PatronAccount>;

/** What an account has recorded of a capture or of a return, or should have. */
type Part = Pick<
  OnlinePaymentRecorded['data'],
  'kind' | 'recordedId' | 'externalTransactionId' | 'patronId' | 'amount' | 'byOthers'
>;

/**
 * Returns the findings for transactions of which others recorded more in an account than its part, and for returns of
 * which more was entered than went back, until somebody has undone that by hand. Pure.
 */
export function tooMuchFindings(
  institution: string,
  payment: OnlinePayment,
  accounts: Accounts,
): readonly OnlineFinding[] {
  const findings: OnlineFinding[] = [];
  const { onlinePaymentId, currency } = payment;
  const money = (minor: number) => formatAmount(minor, digitsOf(currency));
  for (const one of [...payment.recorded, ...withoutPart(payment, accounts, money(0))]) {
    const { patronId, externalTransactionId, amount } = one;
    if (one.kind !== 'capture') continue;
    const account = accounts.get(patronId);
    const left = account === undefined ? excessOf(one) : leftToReverse(accounts, payment, one);
    if (left <= 0) continue;
    const excess =
      account === undefined ? left : recordedTooMuch(account, payment, patronId, externalTransactionId);
    const what = `${money(units(amount) + excess)} ${currency} of ${externalTransactionId} is recorded by another program, and ${amount} belongs to the account`;
    const reversed = account === undefined ? undefined : paymentToReverse(account, payment, one);
    const paymentId = reversed?.paymentId ?? one.recordedId;
    // The rest of it is found once that is reversed.
    const least = reversed === undefined ? left : Math.min(left, leftOf([reversed]));
    const undo = `reverse ${money(least)} of the payment ${paymentId}`;
    const message = `${what}: ${account === undefined ? `once the account can be read, and unless somebody has, ${undo}` : undo}`;
    const of = { institution, onlinePaymentId, patronId, externalTransactionId };
    findings.push({ ...of, code: 'RECORDED_TOO_MUCH', message });
  }
  for (const returned of payment.returns) {
    const { externalTransactionId, amount } = returned;
    const entered = enteredAs(accounts, payment, returned) + recordedByUs(payment, externalTransactionId);
    // The service fee is in no account.
    const fee = amountIn(returnedOf(returned).map(({ serviceFee }) => ({ amount: serviceFee })));
    const most = units(amount) - fee;
    if (entered <= most) continue;
    const service = fee === 0 ? '' : `, ${money(fee)} of it as the service fee`;
    const what = `${money(entered)} ${currency} is entered as ${externalTransactionId}, and ${amount} went back${service}`;
    const message = `${what}: undo ${money(entered - most)} of what is entered`;
    const of = { institution, onlinePaymentId, externalTransactionId };
    findings.push({ ...of, code: 'RETURNED_TOO_MUCH', message });
  }
  return findings;
}

/** Returns the findings for what staff reversed by hand in an account, no return came up to, and nobody settled. Pure. */
export function reversedFindings(
  institution: string,
  payment: OnlinePayment,
  accounts: Accounts,
): readonly OnlineFinding[] {
  const { onlinePaymentId, currency } = payment;
  return [...accounts.keys()].flatMap((patronId): OnlineFinding[] => {
    const left = reversedNotReturned(accounts, payment, patronId) - reversedApart(payment, patronId);
    if (left <= 0) return [];
    const externalTransactionId = lastReversedByHand(accounts.get(patronId) as PatronAccount, payment);
    const amount = `${formatAmount(left, digitsOf(currency))} ${currency}`;
    const message = `${amount} of ${externalTransactionId} was reversed by hand in the account ${patronId}, and no return came up to it: report the return once the provider says so; if none will come, settle it (reversed)`;
    return [
      {
        institution,
        onlinePaymentId,
        code: 'REVERSED_NOT_RETURNED',
        patronId,
        externalTransactionId,
        message,
      },
    ];
  });
}

/** Returns the latest capture of which staff reversed something by hand in an account. */
function lastReversedByHand(account: PatronAccount, payment: OnlinePayment): string {
  const captures = payment.captures.filter((one) => reversedByHand(account, payment, one).length > 0);
  return (captures.at(-1) as OnlinePaymentCaptured['data']).externalTransactionId;
}

/** Returns the parts, of nothing, of accounts that a capture pays nothing in: another program may have recorded it there. */
function withoutPart({ captures }: OnlinePayment, accounts: Accounts, amount: string): readonly Part[] {
  return captures.flatMap(({ externalTransactionId, accounts: parts }) =>
    [...accounts.keys()]
      .filter((patronId) => parts.every((part) => part.patronId !== patronId))
      .map((patronId) => ({ kind: 'capture', recordedId: '', externalTransactionId, patronId, amount })),
  );
}

/** Returns what was recorded too much when it was recorded, of an account that cannot be read. */
function excessOf({ amount, byOthers = '0' }: Part): number {
  return units(byOthers) - units(amount);
}

/** Returns what this library reversed in the accounts for a return, in minor units. */
function recordedByUs({ recorded }: OnlinePayment, externalTransactionId: string): number {
  return recorded
    .filter((one) => one.kind === 'return' && one.externalTransactionId === externalTransactionId)
    .reduce((sum, { amount, byOthers = '0' }) => sum + units(amount) - units(byOthers), 0);
}

/** Returns what is to be reversed of what was recorded too much: nothing where the payments are reversed or purged. */
function leftToReverse(
  accounts: Accounts,
  payment: OnlinePayment,
  { patronId, externalTransactionId: id }: Part,
): number {
  const account = accounts.get(patronId) as PatronAccount;
  const transaction = captureOf(payment, id) as OnlinePaymentCaptured['data'];
  const { others } = paymentsOf(account, transaction);
  if (others.length === 0) return 0;
  const byHand = sumOf(reversedByHand(account, payment, transaction));
  const named = sumOf(takenBack(account, payment, patronId).filter(({ of }) => of === id));
  const excess = Math.max(leftOf(others), aboveParts(accounts, payment, patronId));
  return Math.min(recordedTooMuch(account, payment, patronId, id) - byHand - named, excess);
}

const leftOf = (payments: readonly Payment[]): number =>
  payments.reduce((sum, one) => sum + one.amount - reversedOf(one), 0);

/** Returns the payments of an account that recorded the captures of an online payment. */
function paymentsIn(account: PatronAccount, payment: OnlinePayment): readonly Payment[] {
  const all = payment.captures.flatMap(
    ({ externalTransactionId: id }) =>
      paymentsOf(account, captureOf(payment, id) as OnlinePaymentCaptured['data']).all,
  );
  return [...new Set(all)];
}

/**
 * Returns what an account has of all captures beyond its parts, less what staff reversed of it: returns may have reversed
 * what was too much instead. What staff entered of a return, too much or not, takes back nothing of it.
 */
function aboveParts(accounts: Accounts, payment: OnlinePayment, patronId: string): number {
  const account = accounts.get(patronId) as PatronAccount;
  const payments = paymentsIn(account, payment);
  const taken = payment.recorded.filter((one) => one.patronId === patronId && one.kind === 'capture');
  const byHand = payments
    .flatMap(({ reversals }) => reversals)
    .filter((one) => one.externalTransactionId === null && !isOurs(one.reversalId));
  // A refund may be entered anew without the id of its return.
  const refunded = account.refunds.filter(
    (one) => one.method === payment.method && one.externalTransactionId === null && !one.reversed,
  );
  const used = usesOf(payment, (one) => enteredAs(accounts, payment, one))
    .filter(({ of }) => of.patronId === patronId)
    .reduce((sum, use) => sum + use.byHand, 0);
  const ofReturns = Math.max(0, used - sumOf(refunded));
  return sumOf(payments) - amountIn(taken) - Math.max(0, sumOf(byHand) - ofReturns);
}

/** Returns the payment of another program that is to be reversed, or what is left of another capture's. */
function paymentToReverse(
  account: PatronAccount,
  payment: OnlinePayment,
  { externalTransactionId, recordedId }: Part,
): Payment | undefined {
  const transaction = captureOf(payment, externalTransactionId) as OnlinePaymentCaptured['data'];
  const isLeft = (one: Payment) => leftOf([one]) > 0;
  const here = paymentsOf(account, transaction).others.filter(isLeft);
  const named = here.find(({ paymentId }) => paymentId === recordedId);
  return named ?? here[0] ?? paymentsIn(account, payment).find(isLeft);
}
