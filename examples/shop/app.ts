import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { rejectionText } from 'patron-fees';
import { loadAccount } from 'patron-fees/history';
import {
  loadOnlinePayment,
  type OnlineRejection,
  onlinePaymentStatus,
  payableOnline,
  reportOnlinePayment,
  startOnlinePayment,
} from 'patron-fees/online';
import { englishWords } from 'patron-fees/words';
import { institution, type Shop } from './shop.js';
import { stripeReport } from './stripeReport.js';

type Html = ReturnType<typeof html>;

const reasons: Readonly<Record<string, string>> = {
  disputed: 'You have disputed this fee.',
  transferred: 'It is with another office.',
  accruing: 'It still grows: return the item first.',
  feeType: 'Please pay this at the desk.',
};

const states = {
  started: 'We are waiting for the payment provider. You can close this page: nothing is lost.',
  pending: 'Your bank is working on it, which takes some days. You need not pay again.',
  ended: 'Nothing was paid.',
  captured: 'Your payment has arrived and is being recorded.',
  recorded: 'Paid. Thank you!',
  returned: 'Your payment was given back.',
} as const;

function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title></head><body><main><h1>${title}</h1>${content}</main></body></html>`;
}

/** The shop as an application over the Fetch API. It has no card data, ever: patrons pay on a page of the provider. */
export function shopApp(shop: Shop): Hono {
  const { stores, policy, provider } = shop;
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], formAction: ["'self'"] },
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(async (request, next) => {
    await next();
    // The back button loads a page again: what was paid meanwhile is not offered twice.
    request.res.headers.set('Cache-Control', 'no-store');
  });
  const paymentOf = (onlinePaymentId: string) =>
    loadOnlinePayment(stores.office, { institution, onlinePaymentId });

  app.get('/patrons/:patronId', async (request) => {
    const patronId = request.req.param('patronId');
    const { account } = await loadAccount(stores.accounts, { institution, patronId });
    const { payable, fees } = payableOnline(account, policy);
    const fee = (policy.onlinePayments || undefined)?.serviceFee?.amount ?? '0.00';
    const rows = fees.map(
      ({
        feeId,
        label,
        title,
        owed,
        because,
      }) => html`<li><label><input type="checkbox" name="feeId" value="${feeId}"
        ${because === null ? 'checked' : 'disabled'}> ${label}${title && `: ${title}`}, ${owed}</label> ${because && reasons[because]}</li>`,
    );
    return request.html(
      page(
        'Fines and fees',
        /[1-9]/.test(payable)
          ? html`<form method="post" action="/patrons/${patronId}/pay"><ul>${rows}</ul>
            <input type="hidden" name="onlinePaymentId" value="${shop.newId()}">
            <button>Pay ${payable} (+ ${fee})</button></form>`
          : html`<ul>${rows}</ul><p>There is nothing to pay.</p>`,
      ),
    );
  });

  app.post('/patrons/:patronId/pay', async (request) => {
    const patronId = request.req.param('patronId');
    const form = await request.req.formData();
    const parts = form.getAll('feeId').map((feeId) => ({ patronId, feeId: String(feeId) }));
    const started = await startOnlinePayment(stores, policy, {
      institution,
      onlinePaymentId: String(form.get('onlinePaymentId')),
      parts,
      replace: form.has('replace'),
      at: shop.now(),
    });
    if (started.accepted) {
      // Stored first: whatever happens from here on, what the provider takes for this id finds its payment.
      const { onlinePaymentId, total, currency } = started.payment;
      provider.open(onlinePaymentId, Number(total.replace('.', '')), currency.toLowerCase());
      return request.redirect(`/provider/${onlinePaymentId}`, 303);
    }
    const { rejection } = started;
    const again =
      rejection.type === 'PaymentInProgress'
        ? html`<p><a href="/provider/${rejection.onlinePaymentId}">Go on with the other payment</a></p>
          <form method="post"><input type="hidden" name="replace" value="1">
          <input type="hidden" name="onlinePaymentId" value="${shop.newId()}">
          ${parts.map(({ feeId }) => html`<input type="hidden" name="feeId" value="${feeId}">`)}
          <button>Start again</button></form>`
        : '';
    const content = html`<p role="alert">${refusalText(rejection)}</p>${again}<p><a href="/patrons/${patronId}">Back</a></p>`;
    return request.html(page('Not started', content), 409);
  });

  app.get('/payments/:onlinePaymentId', async (request) => {
    const payment = await paymentOf(request.req.param('onlinePaymentId'));
    if (payment === null) return request.notFound();
    const { total, serviceFee, currency, parts } = payment;
    const state = states[onlinePaymentStatus(payment, shop.now())];
    return request.html(
      page(
        'Your payment',
        html`<p>${total} ${currency}, with a service fee of ${serviceFee}.</p><p role="status">${state}</p>
          <p><a href="">Look again</a> <a href="/patrons/${parts[0]?.patronId}">Fines and fees</a></p>`,
      ),
    );
  });

  app.post('/payments/:onlinePaymentId/cancel', async (request) => {
    const onlinePaymentId = request.req.param('onlinePaymentId');
    // Not final: the provider may have taken the money already, and says so later.
    const ended = { cause: 'cancelled', final: false } as const;
    await reportOnlinePayment(stores, policy, { institution, onlinePaymentId, ended, at: shop.now() });
    return request.redirect(`/payments/${onlinePaymentId}`, 303);
  });

  app.post('/webhooks', async (request) => {
    let event: Awaited<ReturnType<typeof shop.stripe.webhooks.constructEventAsync>>;
    try {
      const signature = request.req.header('stripe-signature') ?? '';
      const body = await request.req.text();
      event = await shop.stripe.webhooks.constructEventAsync(body, signature, shop.webhookSecret);
    } catch {
      return request.text('The signature is wrong', 400);
    }
    const said = stripeReport(event);
    if (said === null) return request.text('Not about an online payment');
    const { onlinePaymentId, report } = said;
    // Messages come late and in any order: what counts is when it happened.
    const at = new Date(event.created * 1_000).toISOString();
    const form = { ...report, ...{ institution, onlinePaymentId, at } };
    const onRecorded = shop.sendReceipt;
    const { rejections, waiting } = await reportOnlinePayment(stores, policy, form, { onRecorded });
    // A refund that came before its capture is kept: the monitor records it, or alarms.
    const others = rejections.filter(({ type }) => type !== 'CaptureUnknown');
    if (others.length > 0) shop.alarm(`${event.id}: ${others.map(refusalText).join(' ')}`);
    for (const { because } of waiting) shop.alarm(`${event.id}: ${JSON.stringify(because)}`);
    // What cannot be read is not kept. All else would say nothing new if it were sent again.
    const isUnreadable = rejections.some(({ type }) => type === 'InvalidOnlinePayment');
    return isUnreadable ? request.text('The event cannot be read', 400) : request.text('Recorded');
  });

  // The provider's own pages, which a real shop does not have.
  app.get('/provider/:id', (request) => {
    const checkout = provider.checkouts.get(request.req.param('id'));
    if (checkout === undefined) return request.notFound();
    const { onlinePaymentId, amount, charge } = checkout;
    const shown = (amount / 100).toFixed(2);
    const buttons = html`<form method="post"><button>Pay ${shown} now</button></form>
      <form method="post" action="/payments/${onlinePaymentId}/cancel"><button>Cancel</button></form>`;
    return request.html(page('Payment provider', charge === null ? buttons : html`<p>Paid: ${shown}</p>`));
  });
  app.post('/provider/:id', (request) => {
    const checkout = provider.checkouts.get(request.req.param('id'));
    if (checkout === undefined) return request.notFound();
    provider.pay(checkout);
    return request.redirect(`/payments/${checkout.onlinePaymentId}`, 303);
  });
  return app;
}

function refusalText(rejection: OnlineRejection): string {
  return rejectionText(rejection, { words: englishWords.rejections });
}
