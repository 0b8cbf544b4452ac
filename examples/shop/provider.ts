import type Stripe from 'stripe';

/** A page of the provider on which a patron pays. */
export type Checkout = {
  readonly onlinePaymentId: string;
  /** The amount in the smallest unit of the currency, as Stripe writes it. */
  readonly amount: number;
  readonly currency: string;
  /** The charge that paid it; null until then. */
  charge: string | null;
};

/** A message of the provider: the body and its signature. */
export type Webhook = { readonly body: string; readonly signature: string };

/** A stand-in for Stripe: pages to pay on, and signed webhooks that wait until they are delivered. */
export type Provider = ReturnType<typeof sampleProvider>;

export function sampleProvider(stripe: Stripe, secret: string, now: () => string) {
  const checkouts = new Map<string, Checkout>();
  const waiting: Webhook[] = [];
  let events = 0;
  const send = (type: string, object: object) => {
    const created = Math.floor(Date.parse(now()) / 1_000);
    const body = JSON.stringify({ id: `evt_${++events}`, object: 'event', type, created, data: { object } });
    waiting.push({ body, signature: stripe.webhooks.generateTestHeaderString({ payload: body, secret }) });
  };
  return {
    checkouts,
    /** The webhooks that were not delivered yet, the oldest first. */
    waiting,
    /** Opens a page to pay on. The same payment always has the same page: it is the provider's idempotency key. */
    open(onlinePaymentId: string, amount: number, currency: string): Checkout {
      const known = checkouts.get(onlinePaymentId);
      const checkout = known ?? { onlinePaymentId, amount, currency, charge: null };
      checkouts.set(onlinePaymentId, checkout);
      return checkout;
    },
    /** Takes the money, once for each page. */
    pay(checkout: Checkout): void {
      if (checkout.charge !== null) return;
      const { onlinePaymentId, amount, currency } = checkout;
      const latest_charge = `ch_${onlinePaymentId}`;
      checkout.charge = latest_charge;
      const intent = { id: `pi_${onlinePaymentId}`, latest_charge, metadata: { onlinePaymentId } };
      send('payment_intent.succeeded', { ...intent, amount_received: amount, currency });
    },
    /** Gives money back. Stripe does not copy the metadata of the payment to a refund. */
    refund({ charge, currency }: Checkout, id: string, amount: number): void {
      const metadata = {};
      send('refund.created', { id, charge, amount, currency, status: 'succeeded', metadata });
    },
    /** The bank of the patron takes the money back. */
    dispute({ charge, currency, amount }: Checkout, id: string): void {
      send('charge.dispute.funds_withdrawn', { id, charge, amount, currency });
    },
  };
}
