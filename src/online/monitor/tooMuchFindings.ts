import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf } from '../../account/records.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { type OnlinePayment, units, withOwnIds } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import type { OnlineFinding } from '../onlineFinding.js';
import { accountsOfPayment, reversedByHand, sumOf } from '../record/enteredByStaff.js';
import { paymentsOf } from '../record/planCapture.js';
import { namedIn, recordedTooMuch } from '../record/planReturn.js';

/**
 * Returns the findings for transactions of which others recorded more in an account than its part, and for returns of
 * which more was entered than went back, until somebody has undone that by hand.
 */
export async function tooMuchFindings(
  context: OnlineContext,
  payment: OnlinePayment,
): Promise<readonly OnlineFinding[]> {
  if (payment.recorded.length === 0 && payment.returns.length === 0) return [];
  const findings: OnlineFinding[] = [];
  const { institution } = context;
  const { onlinePaymentId, currency } = payment;
  const money = (minor: number) => formatAmount(minor, digitsOf(currency));
  const { accounts } = await accountsOfPayment(context, payment);
  for (const one of payment.recorded) {
    const { patronId, externalTransactionId, amount } = one;
    if (one.kind !== 'capture') continue;
    const account = accounts.get(patronId);
    const left = account === undefined ? excessOf(one) : leftToReverse(account, payment, one);
    if (left <= 0) continue;
    const excess = account === undefined ? left : recordedTooMuch(account, payment, one);
    const what = `${money(units(amount) + excess)} ${currency} of ${externalTransactionId} is recorded by another program, and ${amount} belongs to the account`;
    const paymentId = account === undefined ? one.recordedId : paymentToReverse(account, payment, one);
    const message = `${what}: reverse ${money(left)} of the payment ${paymentId}`;
    const of = { institution, onlinePaymentId, patronId, externalTransactionId };
    findings.push({ ...of, code: 'RECORDED_TOO_MUCH', message });
  }
  for (const returned of payment.returns) {
    const { externalTransactionId, amount } = returned;
    const entered = sumOf(namedIn(accounts, returned)) + recordedByUs(payment, externalTransactionId);
    if (entered <= units(amount)) continue;
    const what = `${money(entered)} ${currency} is entered as ${externalTransactionId}, and ${amount} went back`;
    const message = `${what}: undo ${money(entered - units(amount))} of it`;
    const of = { institution, onlinePaymentId, externalTransactionId };
    findings.push({ ...of, code: 'RETURNED_TOO_MUCH', message });
  }
  return findings;
}

/** Returns what was recorded too much when it was recorded, of an account that cannot be read. */
function excessOf({ amount, byOthers = '0' }: OnlinePaymentRecorded['data']): number {
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
  account: PatronAccount,
  payment: OnlinePayment,
  part: OnlinePaymentRecorded['data'],
): number {
  const transaction = withOwnIds(payment, part.externalTransactionId) as OnlinePaymentCaptured['data'];
  const { others } = paymentsOf(account, transaction);
  if (others.length === 0) return 0;
  const byHand = sumOf(reversedByHand(account, payment, transaction));
  const kept = others.reduce((sum, one) => sum + one.amount - reversedOf(one), 0);
  return Math.min(recordedTooMuch(account, payment, part) - byHand, kept);
}

/** Returns the payment of another program that is to be reversed. */
function paymentToReverse(
  account: PatronAccount,
  payment: OnlinePayment,
  { externalTransactionId, recordedId }: OnlinePaymentRecorded['data'],
): string {
  const transaction = withOwnIds(payment, externalTransactionId) as OnlinePaymentCaptured['data'];
  const { others } = paymentsOf(account, transaction);
  const isHere = others.some(({ paymentId }) => paymentId === recordedId);
  return isHere ? recordedId : (others.find((one) => reversedOf(one) < one.amount)?.paymentId ?? recordedId);
}
