import { formatAmount, minorDigits } from 'patron-fees';
import type { OnlineReport } from 'patron-fees/online';
import type Stripe from 'stripe';

/** How long a debit may take: 14 business days with SEPA, and some more. */
const DEBIT_DAYS = 28;

/** What an event of Stripe says of an online payment; null if it says nothing of one. */
export function stripeReport(
  event: Stripe.Event,
): { readonly onlinePaymentId: string; readonly report: OnlineReport } | null {
  switch (event.type) {
    case 'payment_intent.succeeded': {
      const { latest_charge, amount_received, currency, metadata } = event.data.object;
      if (latest_charge === null) return null;
      const captures = [{ externalTransactionId: idOf(latest_charge), ...money(amount_received, currency) }];
      return reportOf(metadata, { captures, ended: { cause: 'completed', final: true } });
    }
    case 'payment_intent.processing': {
      const until = new Date((event.created + DEBIT_DAYS * 86_400) * 1_000).toISOString();
      return reportOf(event.data.object.metadata, { pending: { until } });
    }
    case 'payment_intent.payment_failed': {
      const { metadata, last_payment_error } = event.data.object;
      // A declined card is no end: the patron tries another one on the same page.
      if (last_payment_error?.payment_method?.type === 'card') return null;
      return reportOf(metadata, { ended: { cause: 'failed', final: false } });
    }
    case 'payment_intent.canceled': {
      return reportOf(event.data.object.metadata, { ended: { cause: 'cancelled', final: true } });
    }
    // Of a refund that succeeds at once there may be no update.
    case 'refund.created':
    case 'refund.updated':
      return event.data.object.status === 'succeeded' ? returnOf(event.data.object, 'refund') : null;
    case 'charge.dispute.funds_withdrawn':
      return returnOf(event.data.object, 'chargeback');
    // A dispute that was won names no payment: it is reported from its row in the payout (reconcilePayouts).
    default:
      return null;
  }
}

/**
 * Reports a return. Refunds and disputes have no metadata of the payment: a return goes to the payment of its capture,
 * whatever is named.
 */
function returnOf(
  { id, amount, currency, charge }: Stripe.Refund | Stripe.Dispute,
  kind: 'refund' | 'chargeback',
) {
  if (charge === null) return null;
  const returned = { externalTransactionId: id, of: idOf(charge), kind, ...money(amount, currency) };
  return { onlinePaymentId: id, report: { returns: [returned] } };
}

const idOf = (one: string | { readonly id: string }) => (typeof one === 'string' ? one : one.id);

function reportOf(metadata: Stripe.Metadata | null, report: OnlineReport) {
  const { onlinePaymentId } = metadata ?? {};
  // A payment that was not begun here, e.g. of another shop with the same Stripe account.
  return onlinePaymentId === undefined ? null : { onlinePaymentId, report };
}

/** Currencies whose amounts Stripe's API gives with other decimals than ISO 4217: https://docs.stripe.com/currencies. */
const decimalsAtStripe: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

function money(minor: number, currency: string) {
  const code = currency.toUpperCase();
  const amount = formatAmount(minor, decimalsAtStripe[code] ?? minorDigits(code) ?? 2);
  // Without decimals of zeros, which a currency may not have here.
  return { amount: amount.replace(/\.0+$/, ''), currency: code };
}
