import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentRecorded } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { lostFinding, type OnlineFinding } from '../onlineFinding.js';
import { accountsOfPayment } from '../record/enteredByStaff.js';
import { lostParts } from '../record/lostParts.js';
import { tooMuchFindings } from './tooMuchFindings.js';

/** What the accounts of a payment have too much of it, and what they lost. */
export type AccountFindings = {
  readonly tooMuch: readonly OnlineFinding[];
  readonly lost: readonly {
    readonly finding: OnlineFinding;
    readonly part: OnlinePaymentRecorded['data'];
  }[];
  /** The accounts that cannot be read: what is in them is not known. */
  readonly unreadable: readonly string[];
};

/** Compares a payment with its accounts. */
export async function accountFindings(
  context: OnlineContext,
  payment: OnlinePayment,
): Promise<AccountFindings> {
  if (payment.captures.length === 0) return { tooMuch: [], lost: [], unreadable: [] };
  const { institution } = context;
  const { onlinePaymentId } = payment;
  const read = await accountsOfPayment(context, payment);
  return {
    tooMuch: tooMuchFindings(institution, payment, read.accounts),
    lost: lostParts(payment, read).map((part) => ({
      finding: lostFinding({ institution, onlinePaymentId }, part),
      part,
    })),
    unreadable: read.unreadable,
  };
}
