import type { PatronAccount } from '../account/patronAccount.js';
import { reversedOf } from '../account/records.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { type OnlinePayment, withOwnIds } from '../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
} from '../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from './loadOnlinePayment.js';
import type { OnlineFinding } from './onlineFinding.js';
import { paymentsOf } from './planCapture.js';
import { recordedTooMuch, reversedByHand } from './planReturn.js';
import { readAccount, unlessUnreadable } from './recordParts.js';

/**
 * Returns the findings for transactions of which others recorded more in an account than its part, until somebody has
 * reversed that by hand.
 */
export async function tooMuchFindings(
  context: OnlineContext,
  payment: OnlinePayment,
): Promise<readonly OnlineFinding[]> {
  const findings: OnlineFinding[] = [];
  const { institution } = context;
  const { onlinePaymentId, currency, recorded } = payment;
  for (const one of recorded) {
    const excess = recordedTooMuch(one);
    if (excess === 0) continue;
    const { patronId, externalTransactionId, byOthers, amount, recordedId } = one;
    const read = await unlessUnreadable(() => readAccount(context, { institution, patronId }));
    const left = 'account' in read ? leftToReverse(read.account, payment, one) : excess;
    if (left <= 0) continue;
    const what = `${byOthers} ${currency} of ${externalTransactionId} is recorded by another program, and ${amount} belongs to the account`;
    const message = `${what}: reverse ${formatAmount(left, digitsOf(currency))} of the payment ${recordedId}`;
    const of = { institution, onlinePaymentId, patronId, externalTransactionId };
    findings.push({ ...of, code: 'RECORDED_TOO_MUCH', message });
  }
  return findings;
}

/** Returns what is to be reversed of what was recorded too much: nothing where the payments are reversed or purged. */
function leftToReverse(
  account: PatronAccount,
  payment: OnlinePayment,
  part: OnlinePaymentRecorded['data'],
): number {
  const transaction = withOwnIds(payment, part.externalTransactionId) as OnlinePaymentCaptured['data'];
  const byHand = reversedByHand(account, payment, transaction).reduce((sum, { amount }) => sum + amount, 0);
  const { others } = paymentsOf(account, transaction);
  const kept = others.reduce((sum, one) => sum + one.amount - reversedOf(one), 0);
  return Math.min(recordedTooMuch(part) - byHand, kept);
}
