import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentRecorded } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { appendToPayment, type OnlineContext } from '../loadOnlinePayment.js';
import { lostFinding, type OnlineFinding } from '../onlineFinding.js';
import { accountsOfPayment, reversedApart, reversedNotReturned } from '../record/enteredByStaff.js';
import { lostParts } from '../record/lostParts.js';
import { settledEvent } from '../record/recordParts.js';
import { reversedFindings, tooMuchFindings } from './tooMuchFindings.js';

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
    tooMuch: [
      ...tooMuchFindings(institution, payment, read.accounts),
      ...reversedFindings(institution, payment, read.accounts),
    ],
    lost: lostParts(payment, read).map((part) => ({
      finding: lostFinding({ institution, onlinePaymentId }, part),
      part,
    })),
    unreadable: read.unreadable,
  };
}

/** Takes back what persons settled of reversals by hand, as far as returns came up to them after all. */
export async function takeBackReversed(
  context: OnlineContext,
  given: OnlinePayment,
  at: string,
): Promise<OnlinePayment> {
  let payment = given;
  const patrons = new Set(
    given.settled.flatMap((one) => (one.what === 'reversed' ? [one.patronId as string] : [])),
  );
  if (patrons.size === 0) return payment;
  const { accounts, unreadable } = await accountsOfPayment(context, payment);
  if (unreadable.length > 0) return payment;
  for (const patronId of patrons) {
    const done = await appendToPayment<OnlinePayment>(context, payment.onlinePaymentId, (known) => {
      const now = known as OnlinePayment;
      const above = reversedApart(now, patronId) - reversedNotReturned(accounts, now, patronId);
      if (above <= 0) return { result: now };
      const last = now.settled.filter((one) => one.what === 'reversed' && one.patronId === patronId).at(-1);
      const { kind, externalTransactionId } = last as OnlinePayment['settled'][number];
      const amount = formatAmount(-above, digitsOf(now.currency));
      const how = {
        what: 'reversed',
        reason: 'a return came after all',
        at,
        by: { channel: 'job' },
      } as const;
      return settledEvent(now, { kind, externalTransactionId, patronId, amount }, how);
    });
    payment = 'payment' in done ? done.payment : done.result;
  }
  return payment;
}
