import { formatAmount, minorDigits } from 'patron-fees';
import type { OnlineReport } from 'patron-fees/online';
import type Stripe from 'stripe';

/** What an event of Stripe says of an online payment; null if it says nothing of one. */
export function stripeReport(
  event: Stripe.Event,
): { readonly onlinePaymentId: string; readonly report: OnlineReport } | null {
  switch (event.type) {
    case 'payment_intent.succeeded': {
      const { id, amount_received, currency, metadata } = event.data.object;
      const captures = [{ externalTransactionId: id, ...money(amount_received, currency) }];
      return reportOf(metadata, { captures, ended: { cause: 'completed', final: true } });
    }
    case 'payment_intent.canceled': {
      return reportOf(event.data.object.metadata, { ended: { cause: 'cancelled', final: true } });
    }
    case 'refund.updated': {
      const { id, amount, currency, payment_intent, status, metadata } = event.data.object;
      if (status !== 'succeeded') return null;
      const about = { externalTransactionId: id, of: idOf(payment_intent), kind: 'refund' } as const;
      return reportOf(metadata, { returns: [{ ...about, ...money(amount, currency) }] });
    }
    case 'charge.dispute.funds_withdrawn': {
      const { id, amount, currency, payment_intent } = event.data.object;
      const about = { externalTransactionId: id, of: idOf(payment_intent), kind: 'chargeback' } as const;
      // A dispute has no metadata of the payment: a return goes to the payment of its capture, whatever is named.
      return { onlinePaymentId: id, report: { returns: [{ ...about, ...money(amount, currency) }] } };
    }
    // A dispute that was won names no payment: it is reported from its row in the payout (reconcilePayouts).
    default:
      return null;
  }
}

function reportOf(metadata: Stripe.Metadata | null, report: OnlineReport) {
  const { onlinePaymentId } = metadata ?? {};
  // A payment that was not begun here, e.g. of another shop with the same Stripe account.
  return onlinePaymentId === undefined ? null : { onlinePaymentId, report };
}

function idOf(intent: string | Stripe.PaymentIntent | null): string {
  return typeof intent === 'string' ? intent : (intent?.id ?? 'unknown');
}

function money(minor: number, currency: string) {
  const code = currency.toUpperCase();
  return { amount: formatAmount(minor, minorDigits(code) ?? 2), currency: code };
}
