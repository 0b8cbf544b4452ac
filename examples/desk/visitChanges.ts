import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { RecordedEvent } from 'patron-fees/history';
import type { Desk } from './desk.js';
import { counted, csrf, type Html, moment, money, page } from './pages.js';
import { openPatron, type PatronVisit, patronTabs } from './patronVisit.js';
import { eventWords, feeName } from './recordedText.js';
import { undoLink } from './screens/undo.js';
import type { DeskEnv } from './session.js';
import { staffName } from './staff.js';

/** What events did to the account, in words: a list item for each. */
export function changeTexts(
  visit: PatronVisit,
  events: readonly RecordedEvent[],
  linkOf: (event: RecordedEvent['event'], words: string) => Html | undefined = () => undefined,
): Html[] {
  return events.map(({ event }) => {
    const { data } = event;
    const words = eventWords(event).replace(/^./, (first) => first.toUpperCase());
    const amount = 'amount' in data && html` ${money(data.amount, data.currency)},`;
    const fee = 'feeId' in data && data.feeId && html` <bdi>${feeName(visit, data.feeId)}</bdi>,`;
    return html`<li>${words},${amount}${fee} by ${data.by?.userId === undefined ? 'somebody' : staffName(data.by.userId)}, ${moment(data.at)}${linkOf(event, words)}</li>`;
  });
}

/** The id under which an event recorded something that can be undone. */
function recordedId({ type, data }: RecordedEvent['event']): string | undefined {
  switch (type) {
    case 'FeeAssessed':
      return data.feeId;
    case 'PaymentReceived':
      return data.paymentId;
    case 'FeeWaived':
      return data.waiverId;
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return data.creditId;
    case 'CreditApplied':
      return data.applicationId;
    case 'CreditRefunded':
      return data.refundId;
    case 'FeeTransferred':
    case 'CreditTransferred':
      return data.transferId;
    default:
      return undefined;
  }
}

/** Remembers the version at which somebody opened a patron's User Details, until they leave with Save or Cancel. */
export function beginVisit({ request, patron, version }: PatronVisit): void {
  const { database } = request.var.desk;
  database.prepare('DELETE FROM desk_visits WHERE token NOT IN (SELECT token FROM desk_signed_in)').run();
  database
    .prepare('INSERT INTO desk_visits VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(request.var.session.token, patron.patronId, version);
}

function endVisit({ request, patron }: PatronVisit): void {
  const { database } = request.var.desk;
  database
    .prepare('DELETE FROM desk_visits WHERE token = ? AND patron_id = ?')
    .run(request.var.session.token, patron.patronId);
}

/** What the user recorded in this account since the visit began. */
async function visitChanges({ request, patron, stream, user }: PatronVisit): Promise<RecordedEvent[]> {
  const { database, store } = request.var.desk;
  const visit = database
    .prepare('SELECT version FROM desk_visits WHERE token = ? AND patron_id = ?')
    .get(request.var.session.token, patron.patronId) as { version: number } | undefined;
  if (visit === undefined) return [];
  const { events } = await store.read(stream, { after: visit.version });
  return events.filter(({ event }) => event.data.by?.userId === user.userId);
}

/** Save and Cancel below the tabs of User Details. */
export function saveOrCancel(visit: PatronVisit): Html {
  return html`<form method="post" action="${visit.address}/save" class="leave">${csrf(visit.request)}
<p class="buttons"><button>Save</button> <a href="${visit.address}/cancel">Cancel</a></p>
<p class="small">Each form is recorded when it is sent. Save lists what you recorded in this visit; Cancel lists the same, to undo it.</p></form>`;
}

/** Leaving the User Details, by Save or Cancel: both list what was recorded in the visit, if anything was. */
export function leaveScreens(app: Hono<DeskEnv>, { database }: Desk): void {
  database.exec(`CREATE TABLE IF NOT EXISTS desk_visits (
    token TEXT NOT NULL, patron_id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (token, patron_id))`);
  app.post('/patrons/:patronId/save', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const changes = await visitChanges(visit);
    endVisit(visit);
    if (changes.length === 0) return request.redirect(visit.address, 303);
    const shell = {
      title: 'Patron Services: saved',
      tabs: patronTabs(visit),
      notice: `Saved: ${counted(changes.length, 'change')} of this visit.`,
    };
    const content = html`<ul>${changeTexts(visit, changes)}</ul>
<p class="buttons"><a class="button" href="${visit.address}">Patron Services</a></p>`;
    return request.html(page(request, shell, content));
  });
  app.get('/patrons/:patronId/cancel', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const changes = await visitChanges(visit);
    if (changes.length === 0) return request.redirect(visit.address, 303);
    const undoOf = (event: RecordedEvent['event'], words: string) => {
      const id = recordedId(event);
      return id === undefined ? undefined : undoLink(visit, id, words);
    };
    const content = html`<p class="warning">You recorded this in the visit. It stays recorded, unless you undo it:
that is a correction of its own, which the account keeps beside it.</p>
<ul>${changeTexts(visit, changes, undoOf)}</ul>
<form method="post" action="${visit.address}/save">${csrf(request)}
<p class="buttons"><button>Keep these changes</button> <a href="${visit.address}/fees">Back to the fines and fees</a></p></form>`;
    return request.html(page(request, { title: 'Cancel', tabs: patronTabs(visit) }, content));
  });
}
