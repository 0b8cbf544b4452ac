import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type FeePolicy, rejectionText } from 'patron-fees';
import {
  executeTill,
  loadTill,
  type MethodAmount,
  type TillCommand,
  type TillDecision,
  type TillSession,
  tillTakings,
} from 'patron-fees/office';
import { runPaymentsReport } from 'patron-fees/reports';
import { englishWords } from 'patron-fees/words';
import { actorAt, openSession } from '../atDesk.js';
import { desks, institution, nameIn, place } from '../desk.js';
import { csrf, type Html, moment, money, page, refusalPage } from '../pages.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { mayReadTill, type Staff, staffName } from '../staff.js';
import { amounts, table } from '../table.js';
import { amountField, text } from './money.js';

/** The till of the user's desk: opened with a float, counted and closed. What is paid meanwhile belongs to its session. */
export function tillSessionScreens(app: Hono<DeskEnv>): void {
  app.get('/till-session', async (request) => {
    const user = keeper(request);
    return user === undefined ? notPermitted(request) : show(request, user);
  });
  app.post('/till-session', async (request) => {
    const user = keeper(request);
    if (user === undefined) return notPermitted(request);
    const { desk } = request.var;
    const values = await formOf(request);
    const { tillSession: _, ...by } = await actorAt(desk, user);
    const base = { id: values.get('formId') ?? '', at: desk.now(), by: { ...by, userId: user.userId } };
    const session = await openSession(desk, user.desk);
    const sessionId = values.get('sessionId');
    const command: TillCommand =
      sessionId === null
        ? { ...base, type: 'OpenTill', float: text(values, 'float') ?? '' }
        : {
            ...{ ...base, type: 'CloseTill', sessionId },
            takings: await takingsOf(request, sessionId, session?.openedAt ?? desk.now()),
            counts: [...values].flatMap(([name, amount]) =>
              name.startsWith('count-') ? [{ method: name.slice(6), amount: amount.trim() }] : [],
            ),
          };
    const id = { institution, till: user.desk };
    const { decision } = await executeTill(desk.office, desk.policy, id, command, { now: base.at });
    if (!decision.accepted) return show(request, user, html`<p>${textOf(decision.rejection)}</p>`, values);
    return request.redirect('/till-session', 303);
  });
}

/** The user, if they may open and close a till. */
function keeper(request: Request): Staff | undefined {
  const { user } = request.var.session;
  return user !== undefined && mayReadTill(request.var.desk.policy, user) ? user : undefined;
}

function notPermitted(request: Request) {
  return refusalPage(request, 403, 'Not permitted', 'The till is for circulation desk managers.');
}

function textOf(rejection: Extract<TillDecision, { accepted: false }>['rejection']): string {
  return rejection.type === 'InvalidOfficeCommand'
    ? 'Enter amounts such as 12.50.'
    : rejectionText(rejection, { words: englishWords.rejections });
}

/** What a session took by method, from the payments of its days. */
async function takingsOf(request: Request, sessionId: string, openedAt: string) {
  const { store, policy, now } = request.var.desk;
  const day = (at: string) => new Date(at).toLocaleDateString('sv-SE', { timeZone: place.timeZone });
  const days = { institution, timeZone: place.timeZone, from: day(openedAt), through: day(now()) };
  const report = await runPaymentsReport(store, policy, { ...days, columns: ['tillSession', 'method'] });
  return tillTakings(report, sessionId);
}

async function show(request: Request, user: Staff, alert?: Html, values = new URLSearchParams()) {
  const { desk } = request.var;
  const { sessions } = await loadTill(desk.office, { institution, till: user.desk });
  const last = sessions.at(-1);
  const hidden = html`${csrf(request)}<input type="hidden" name="formId" value="${desk.newId()}">`;
  const content =
    last?.closing === null
      ? html`${opened(last, desk.policy.currency)}${countForm(request, last, values, hidden, await takingsOf(request, last.sessionId, last.openedAt))}`
      : html`${last !== undefined && counted(last, desk.policy)}
<form method="post" action="/till-session">${hidden}
${amountField('Money in the drawer', 'float', values.get('float') ?? '', desk.policy.currency)}
<p class="buttons"><button>Open the till</button></p></form>`;
  const title = `Open and count: ${nameIn(desks, user.desk)}`;
  return request.html(page(request, { title, ...(alert && { alert }) }, content), alert ? 422 : 200);
}

function opened({ openedAt, openedBy, float }: TillSession, currency: string): Html {
  return html`<dl class="figures"><div><dt>Open since</dt><dd>${moment(openedAt)}</dd></div>
<div><dt>Opened by</dt><dd>${staffName(openedBy.userId)}</dd></div>
<div><dt>In the drawer then</dt><dd>${money(float, currency)}</dd></div></dl>`;
}

/** A field for each method that must be counted. What is expected is not shown, so that it is really counted. */
function countForm(
  { var: { desk } }: Request,
  { sessionId, floatMethod }: TillSession,
  values: URLSearchParams,
  hidden: Html,
  takings: readonly MethodAmount[],
): Html {
  const { paymentMethods, currency } = desk.policy;
  const methods = [...new Set([floatMethod, ...takings.map(({ method }) => method)])];
  return html`<form method="post" action="/till-session">${hidden}<input type="hidden" name="sessionId" value="${sessionId}">
${methods.map((method) => amountField(`Counted, ${paymentMethods[method] ?? method}`, `count-${method}`, values.get(`count-${method}`) ?? '', currency))}
<p class="buttons"><button>Close the till</button></p></form>`;
}

/** What the last session counted, with what was expected. */
function counted({ closing, openedAt }: TillSession, { paymentMethods, currency }: FeePolicy): Html {
  const rows = (closing?.counts ?? []).map(({ method, expected, counted, difference, deposit }) => [
    paymentMethods[method] ?? method,
    ...[expected, counted, difference, deposit].map((amount) => amount.replace('-', '−')),
  ]);
  const columns = [
    { name: 'Method', head: true },
    ...amounts('Expected', 'Counted', 'Difference', 'For the bank'),
  ];
  return html`<p>The till is closed. It was last opened ${moment(openedAt)}, and counted ${closing && moment(closing.closedAt)} by
${closing && staffName(closing.closedBy.userId)}.</p>${table(`Counted, in ${currency}`, columns, rows)}`;
}
