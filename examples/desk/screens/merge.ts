import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type PermittedCommand, rejectionText } from 'patron-fees';
import { mergeAccounts, separateAccounts } from 'patron-fees/patrons';
import { summary } from 'patron-fees/views';
import { englishWords } from 'patron-fees/words';
import { actorAt } from '../atDesk.js';
import { institution } from '../desk.js';
import type { Patron } from '../directory.js';
import { type FieldErrors, fieldError, invalid } from '../fieldErrors.js';
import { csrf, type Html, money, page, refusalPage } from '../pages.js';
import { openPatron, type PatronVisit, patronTabs } from '../patronVisit.js';
import { type DeskEnv, formOf } from '../session.js';

/** Merging an account into another one of the same person, and separating them again. A form's id is that of the merge. */
export function mergeScreens(app: Hono<DeskEnv>): void {
  app.get('/patrons/:patronId/merge', (request) =>
    request.redirect(`${request.req.path}/${request.var.desk.newId()}`, 303),
  );
  app.get('/patrons/:patronId/merge/:formId', async (request) => {
    const visit = await openPatron(request);
    return visit === undefined
      ? request.notFound()
      : (refused(visit, 'MergeAccounts') ?? barcodeForm(visit, request.req.query('barcode') ?? ''));
  });
  app.post('/patrons/:patronId/merge/:formId', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const refusal = refused(visit, 'MergeAccounts');
    if (refusal !== undefined) return refusal;
    const values = await formOf(request);
    const { desk } = request.var;
    const barcode = values.get('barcode') ?? '';
    const [into, ...others] = desk.directory.search(barcode, 2);
    if (into === undefined || others.length > 0)
      return barcodeForm(visit, barcode, { barcode: 'Enter the barcode of one other patron.' });
    if (!values.has('confirmed')) return confirmation(visit, 'Merge accounts', merging(visit, into));
    const merged = await mergeAccounts(desk.store, desk.policy, {
      from: visit.stream,
      into: { institution, patronId: into.patronId },
      id: request.req.param('formId'),
      at: desk.now(),
      by: await actorAt(desk, visit.user),
    });
    return merged.accepted
      ? request.redirect(visit.address, 303)
      : barcodeForm(visit, barcode, {
          barcode: rejectionText(merged.rejection, { words: englishWords.rejections }),
        });
  });
  app.on(['GET', 'POST'], '/patrons/:patronId/separate', async (request) => {
    const visit = await openPatron(request);
    const merge = visit?.account.merges.filter(({ direction }) => direction === 'into').at(-1);
    if (visit === undefined || merge === undefined) return request.notFound();
    const refusal = refused(visit, 'SeparateAccounts');
    if (refusal !== undefined) return refusal;
    const question = html`<p>The accounts become those of two persons again. Nothing that was recorded moves.</p>`;
    if (request.req.method === 'GET') return confirmation(visit, 'Separate accounts', question);
    const { desk } = request.var;
    const how = {
      from: visit.stream,
      mergeId: merge.mergeId,
      at: desk.now(),
      by: await actorAt(desk, visit.user),
    };
    await separateAccounts(desk.store, desk.policy, how);
    return request.redirect(visit.address, 303);
  });
}

/** The answer to somebody who may not. */
function refused({ request, may }: PatronVisit, commandType: PermittedCommand) {
  const text = 'Accounts are merged and separated by circulation desk managers.';
  return may(commandType) ? undefined : refusalPage(request, 403, 'Not permitted', text);
}

function barcodeForm(visit: PatronVisit, barcode: string, errors: FieldErrors = {}) {
  const { request, address } = visit;
  const content = html`<p>This account is merged into another one of the same person: new fees and credits go there, and what is owed here is
still paid here.</p>
<form method="post" action="${request.req.path}">${csrf(request)}
<p><label for="barcode">Barcode of the account that is kept</label>
<input id="barcode" name="barcode" value="${barcode}" autocomplete="off"${invalid(errors, 'barcode')}>${fieldError(errors, 'barcode')}</p>
<p class="buttons"><button>Merge</button> <a href="${address}">Back</a></p></form>`;
  const shell = { title: 'Merge accounts', tabs: patronTabs(visit), errors };
  const isRefused = Object.keys(errors).length > 0;
  const alert = isRefused && { alert: html`<p>${Object.values(errors)}</p>` };
  return request.html(page(request, { ...shell, ...alert }, content), isRefused ? 422 : 200);
}

function confirmation(visit: PatronVisit, title: string, what: Html) {
  const { request, address } = visit;
  const content = html`<form method="post" action="${request.req.path}">${csrf(request)}<section class="confirm" aria-labelledby="question">
<h2 id="question">Do you want this?</h2>${what}</section>
<p class="buttons"><button name="confirmed" value="yes" autofocus>Confirm</button> <a href="${address}">Back</a></p></form>`;
  return request.html(page(request, { title: `${title}: confirm`, tabs: patronTabs(visit) }, content));
}

/** Who is merged into whom, and what this account owes. */
function merging({ patron, account, request }: PatronVisit, into: Patron): Html {
  const { active, currency } = summary(account, request.var.desk.policy);
  const name = ({ name: own, barcode }: Patron) => html`<bdi>${own}</bdi>, ${barcode}`;
  return html`<input type="hidden" name="barcode" value="${into.barcode}">
<p>${name(patron)} (active balance ${money(active, currency)}) is merged into ${name(into)}.</p>`;
}
