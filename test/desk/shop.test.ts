import { loadAccount } from 'patron-fees/history';
import { loadOnlinePayment, payableOnline, runOnlinePayments } from 'patron-fees/online';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Checkout, Webhook } from '../../examples/shop/provider.js';
import { institution, policy } from '../../examples/shop/shop.js';
import { stripeReport } from '../../examples/shop/stripeReport.js';
import { deliver, sampleShop } from './support/shopClient.js';

type Opened = Awaited<ReturnType<typeof sampleShop>>;

let shop: Opened['shop'];
let app: Opened['app'];
let alarms: Opened['alarms'];

beforeEach(async () => {
  ({ shop, app, alarms } = await sampleShop());
});

const figures = async (patronId = 'dverma') => {
  const { account } = await loadAccount(shop.stores.accounts, { institution, patronId });
  const credit = account.credits.reduce((sum, { amount }) => sum + amount, 0);
  return { payable: payableOnline(account, policy).payable, credit, payments: account.payments.length };
};
const begin = (onlinePaymentId: string, ...feeIds: readonly string[]) => {
  const body = new URLSearchParams({ onlinePaymentId });
  for (const feeId of feeIds) body.append('feeId', feeId);
  return app.request('/patrons/dverma/pay', { method: 'POST', body });
};
/** Begins a payment of both fees, and pays it at the provider. */
const pay = async (id = 'op-a') => {
  expect((await begin(id, 'f1', 'f2')).status).toBe(303);
  const checkout = shop.provider.checkouts.get(id) as Checkout;
  shop.provider.pay(checkout);
  return checkout;
};
const monitor = () => runOnlinePayments(shop.stores, shop.policy, { institution, at: shop.now() });
const next = () => shop.provider.waiting.shift() as Webhook;
const signed = (event: object): Webhook => {
  const created = Math.floor(Date.parse(shop.now()) / 1_000);
  const body = JSON.stringify({ id: 'evt_x', object: 'event', created, ...event });
  const header = { payload: body, secret: shop.webhookSecret };
  return { body, signature: shop.stripe.webhooks.generateTestHeaderString(header) };
};

describe('a shop page', () => {
  it('offers what can be paid online with its service fee, and says why the rest cannot', async () => {
    const page = await (await app.request('/patrons/dverma')).text();
    expect(page).toContain('Pay 12.50 (+ 0.50)');
    expect(page).toContain('You have disputed this fee.');
  });

  it('asks the provider for fees and service fee, under the id of the payment', async () => {
    expect(await pay()).toMatchObject({ onlinePaymentId: 'op-a', amount: 1300, currency: 'usd' });
    expect(await figures()).toEqual({ payable: '12.50', credit: 0, payments: 0 });
    expect(await deliver(app, next())).toBe(200);
    expect(await figures()).toEqual({ payable: '0.00', credit: 0, payments: 1 });
    const payment = await loadOnlinePayment(shop.stores.office, { institution, onlinePaymentId: 'op-a' });
    // Otherwise the monitor would ask about it for a month, and the account would never be purged.
    expect(payment?.ended).toMatchObject({ cause: 'completed', final: true });
    expect(await (await app.request('/payments/op-a')).text()).toContain('Paid. Thank you!');
  });

  it('records once a webhook that comes twice, and also one that comes after a cancellation', async () => {
    await pay();
    await app.request('/payments/op-a/cancel', { method: 'POST' });
    expect(await (await app.request('/payments/op-a')).text()).toContain('Nothing was paid.');
    const webhook = next();
    expect([await deliver(app, webhook), await deliver(app, webhook)]).toEqual([200, 200]);
    expect(await figures()).toEqual({ payable: '0.00', credit: 0, payments: 1 });
    expect(alarms).toEqual([]);
  });

  it('records money whose fees were paid in the meantime as a credit', async () => {
    await pay('op-a');
    await app.request('/payments/op-a/cancel', { method: 'POST' });
    await pay('op-b');
    for (const _ of ['op-a', 'op-b']) expect(await deliver(app, next())).toBe(200);
    expect(await figures()).toEqual({ payable: '0.00', credit: 1250, payments: 2 });
  });

  it('keeps a refund that came before its capture; the monitor records it once', async () => {
    const checkout = await pay();
    shop.provider.refund(checkout, 're_1', 500);
    const [capture, refund] = [next(), next()];
    for (const one of [refund, capture, refund]) expect(await deliver(app, one)).toBe(200);
    expect((await monitor()).findings.count).toBe(0);
    expect(await deliver(app, refund)).toBe(200);
    expect((await figures()).payable).toBe('5.00');
    expect(alarms).toEqual([]);
  });

  it('finds the payment of a refund by its capture, for Stripe copies no metadata to refunds', async () => {
    const checkout = await pay();
    shop.provider.refund(checkout, 're_1', 500);
    const [capture, created] = [next(), next()];
    const { data, ...event } = JSON.parse(created.body);
    expect([event.type, data.object.metadata]).toEqual(['refund.created', {}]);
    const pending = { ...data.object, status: 'pending' };
    expect(await deliver(app, capture)).toBe(200);
    expect(await deliver(app, signed({ ...event, data: { object: pending } }))).toBe(200);
    expect((await figures()).payable).toBe('0.00');
    const updated = signed({ ...event, type: 'refund.updated', data });
    expect([await deliver(app, created), await deliver(app, updated)]).toEqual([200, 200]);
    expect((await figures()).payable).toBe('5.00');
    expect(alarms).toEqual([]);
  });

  it('keeps reports that belong to no payment, and the monitor reports them', async () => {
    const dispute = { id: 'du_9', charge: 'ch_of_another_shop', amount: 500, currency: 'usd' };
    const event = { type: 'charge.dispute.funds_withdrawn', data: { object: dispute } };
    expect(await deliver(app, signed(event))).toBe(200);
    const refund = { ...dispute, charge: null, status: 'succeeded' };
    expect(await deliver(app, signed({ type: 'refund.created', data: { object: refund } }))).toBe(200);
    expect(alarms).toEqual([]);
    expect((await monitor()).findings.first).toMatchObject([{ externalTransactionId: 'du_9' }]);
  });

  it('reverses the payment of a chargeback, although the message does not name it', async () => {
    const checkout = await pay();
    shop.provider.dispute(checkout, 'du_1');
    expect([await deliver(app, next()), await deliver(app, next())]).toEqual([200, 200]);
    expect((await figures()).payable).toBe('12.50');
    expect(await (await app.request('/payments/op-a')).text()).toContain('given back');
  });

  it('refuses messages without the right signature, and alerts a person to reports that do not fit', async () => {
    await pay();
    const webhook = next();
    const forged = { ...webhook, body: webhook.body.replace('1300', '9900') };
    expect(await deliver(app, forged)).toBe(400);
    expect(await deliver(app, { ...webhook, signature: '' })).toBe(400);
    expect((await figures()).payments).toBe(0);
    const payload = webhook.body.replace('"onlinePaymentId":"op-a"', '"onlinePaymentId":"unknown"');
    const header = shop.stripe.webhooks.generateTestHeaderString({ payload, secret: shop.webhookSecret });
    expect(await deliver(app, { body: payload, signature: header })).toBe(200);
    expect(alarms).toHaveLength(1);
  });

  it('ignores notifications that belong to no payment, and pages that do not exist', async () => {
    const payload = JSON.stringify({
      id: 'evt_x',
      object: 'event',
      type: 'customer.created',
      data: { object: {} },
    });
    const header = shop.stripe.webhooks.generateTestHeaderString({ payload, secret: shop.webhookSecret });
    expect(await deliver(app, { body: payload, signature: header })).toBe(200);
    for (const path of ['/payments/none', '/provider/none'])
      expect((await app.request(path)).status).toBe(404);
    expect((await begin('op-x')).status).toBe(409);
    expect(alarms).toEqual([]);
  });
});

describe('a debit that takes days', () => {
  const said = (type: string, minutes: number, method = 'sepa_debit') => {
    const created = Math.floor(Date.parse(shop.now()) / 1_000) + 60 * minutes;
    const last_payment_error = { payment_method: { type: method } };
    const object = { id: 'pi_op-a', metadata: { onlinePaymentId: 'op-a' }, last_payment_error };
    return deliver(app, signed({ type: `payment_intent.${type}`, created, data: { object } }));
  };

  it('holds its fees until it fails; late messages do not hold them again', async () => {
    await begin('op-a', 'f1', 'f2');
    await said('processing', 1);
    expect(await (await app.request('/payments/op-a')).text()).toContain('Your bank is working on it');
    await said('payment_failed', 3);
    for (const minutes of [1, 2]) await said('processing', minutes);
    expect(await (await app.request('/payments/op-a')).text()).toContain('Nothing was paid.');
  });

  it('is not ended by a declined card', async () => {
    await begin('op-a', 'f1', 'f2');
    await said('payment_failed', 1, 'card');
    expect(await (await app.request('/payments/op-a')).text()).toContain('waiting for the payment provider');
  });
});

describe('the report of an event of Stripe', () => {
  it.each([
    [1300, 'usd', '13'],
    [1350, 'usd', '13.50'],
    [1300, 'jpy', '1300'],
    [5_120, 'kwd', '5.120'],
    [1300, 'isk', '13'],
    [1300, 'ugx', '13'],
    [1300, 'mga', '1300'],
  ])('%d of %s are %s', (amount_received, currency, amount) => {
    const latest_charge = 'ch_1';
    const object = {
      id: 'pi_1',
      latest_charge,
      amount_received,
      currency,
      metadata: { onlinePaymentId: 'op-a' },
    };
    const found = stripeReport({ type: 'payment_intent.succeeded', data: { object } } as never);
    const captures = [{ externalTransactionId: latest_charge, amount, currency: currency.toUpperCase() }];
    expect(found?.report).toMatchObject({ captures });
  });
});
