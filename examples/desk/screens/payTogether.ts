import type { Hono } from 'hono';
import { html } from 'hono/html';
import { isPatronFeesError, rejectionText } from 'patron-fees';
import { loadAccount } from 'patron-fees/history';
import { type JoinedAccount, payHousehold } from 'patron-fees/patrons';
import { household } from 'patron-fees/views';
import { actorAt } from '../atDesk.js';
import { type Desk, institution } from '../desk.js';
import type { Patron } from '../directory.js';
import { type FieldErrors, fieldError, invalid, rejectionErrors } from '../fieldErrors.js';
import { csrf, type Html, money, options, page, refusalPage } from '../pages.js';
import { openPatron, type PatronVisit, patronTabs } from '../patronVisit.js';
import { NO_PAYMENTS } from '../refusalText.js';
import { type DeskEnv, formOf } from '../session.js';
import { amounts, named, table } from '../table.js';
import { amountField, paymentsAreTaken, text } from './money.js';

/** Those for whom somebody pays: the patron whose page it is first. */
type Group = readonly (Patron & JoinedAccount)[];

/** One payment for several patrons: the accounts of one person that were merged, or a household. */
export function payTogetherScreens(app: Hono<DeskEnv>): void {
  app.get('/patrons/:patronId/pay-together', (request) => {
    const { pathname, search } = new URL(request.req.url);
    return request.redirect(`${pathname}/${request.var.desk.newId()}${search}`, 303);
  });
  app.on(['GET', 'POST'], '/patrons/:patronId/pay-together/:formId', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const { desk } = request.var;
    if (!visit.may('ReceivePayment') || !paymentsAreTaken(desk.policy))
      return refusalPage(request, 403, 'Not permitted', NO_PAYMENTS);
    const isSent = request.req.method === 'POST';
    const values = isSent ? await formOf(request) : new URL(request.req.url).searchParams;
    const barcodes = (values.get('who') ?? '').split(/[\s,]+/).filter(Boolean);
    const others = barcodes.map((barcode) => desk.directory.search(barcode, 2));
    const isKnown = others.every(({ length }) => length === 1);
    const patrons = [visit.patron, ...others.flat()];
    const isOnce = new Set(patrons.map(({ patronId }) => patronId)).size === patrons.length;
    if (!isKnown || !isOnce)
      return answer(visit, values, [], { who: 'Enter the barcode of each other patron once.' });
    const group = await Promise.all(patrons.map((patron) => joined(desk, patron)));
    if (!isSent || group.length === 1) return answer(visit, values, group);
    const errors = await pay(visit, values, group);
    if (errors !== undefined) return answer(visit, values, group, errors);
    const formId = request.req.param('formId');
    const paid = await Promise.all(patrons.map((patron) => joined(desk, patron)));
    const [first, ...rest] = paid.filter(({ account }) => account.ids.some(({ id }) => id === formId));
    const query = new URLSearchParams(rest.map(({ patronId }): [string, string] => ['with', patronId]));
    const address = `/patrons/${encodeURIComponent(first?.patronId ?? '')}/receipts/${encodeURIComponent(formId)}`;
    return request.redirect(`${address}?${query}`, 303);
  });
}

async function joined({ store }: Desk, patron: Patron) {
  const stream = { institution, patronId: patron.patronId };
  return { ...patron, ...stream, ...(await loadAccount(store, stream)) };
}

/** Records the payment under the id of its form, so that it is paid once. Returns what is wrong with it. */
async function pay(
  { request, user }: PatronVisit,
  values: URLSearchParams,
  group: Group,
): Promise<FieldErrors | undefined> {
  const { desk } = request.var;
  try {
    const paid = await payHousehold(desk.store, desk.policy, {
      institution,
      patronIds: group.map(({ patronId }) => patronId),
      id: request.req.param('formId') ?? '',
      at: desk.now(),
      amount: text(values, 'amount') ?? '',
      method: values.get('method') ?? '',
      by: await actorAt(desk, user),
    });
    if (paid.accepted) return undefined;
    const said = rejectionText(paid.rejection);
    return { amount: said, ...rejectionErrors(paid.rejection, said, values) };
  } catch (error) {
    if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
    return { amount: 'Enter an amount such as 12.50. Of a form that was sent before, nothing more is done.' };
  }
}

function answer(visit: PatronVisit, values: URLSearchParams, group: Group, errors: FieldErrors = {}) {
  const { request } = visit;
  const isRefused = Object.keys(errors).length > 0;
  const alert = isRefused && { alert: html`<p>${Object.values(errors)}</p>` };
  const shell = { title: 'Pay together', tabs: patronTabs(visit), errors, ...alert };
  const content = html`${whoForm(visit, values, errors)}${group.length > 1 && paymentForm(visit, values, group, errors)}`;
  return request.html(page(request, shell, content), isRefused ? 422 : 200);
}

function whoForm({ request, patron }: PatronVisit, values: URLSearchParams, errors: FieldErrors): Html {
  return html`<form method="get" action="${request.req.path}" class="filter">
<label for="who">Barcodes of the others for whom <bdi>${patron.name}</bdi> pays</label>
<input id="who" name="who" value="${values.get('who')}" autocomplete="off"${invalid(errors, 'who')}>${fieldError(errors, 'who')}
<button class="quiet">Show</button></form>`;
}

function paymentForm(visit: PatronVisit, values: URLSearchParams, group: Group, errors: FieldErrors): Html {
  const { request, address } = visit;
  const { policy } = request.var.desk;
  const { members, total } = household(group, policy);
  const rows = members.map(({ payable }, index) => [
    html`<bdi>${group[index]?.name}</bdi>`,
    group[index]?.barcode,
    payable,
  ]);
  const columns = [{ name: 'Patron', head: true }, ...named('Barcode'), ...amounts('To pay')];
  return html`${table(`Together, in ${total.currency}`, columns, rows)}
<form method="post" action="${request.req.path}">${csrf(request)}<input type="hidden" name="who" value="${values.get('who')}">
<p>All fees that can be paid, the oldest first: <strong>${money(total.payable, total.currency)}</strong></p>
<p><label for="method">Payment method</label> <select id="method" name="method">${options(policy.paymentMethods, values.get('method') ?? 'CASH')}</select></p>
${amountField('Payment amount', 'amount', values.get('amount') ?? total.payable, total.currency, errors)}
<p class="buttons"><button>Send</button> <a href="${address}">Cancel</a></p></form>`;
}
