import type { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { activityReport, activityReportHtml, activityReportText } from 'patron-fees/views';
import { type Desk, libraries, place } from '../desk.js';
import { csrf, type Html, moment } from '../pages.js';
import { openPatron, type PatronVisit } from '../patronVisit.js';
import type { DeskEnv } from '../session.js';

/** An e-mail that waits to be sent. A real desk hands it to its mail server. */
type Mail = { readonly id: string; readonly to: string; readonly sentAt: string };

/** Sending the activity report: the preview is the e-mail itself, in a frame. */
export function reportScreens(app: Hono<DeskEnv>, { database }: Desk): void {
  database.exec(`CREATE TABLE IF NOT EXISTS desk_outbox (
    id TEXT PRIMARY KEY, patron_id TEXT NOT NULL, recipient TEXT NOT NULL, sent_at TEXT NOT NULL,
    text TEXT NOT NULL, html TEXT NOT NULL)`);
  app.get('/patrons/:patronId/report/mail', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    return request.html(raw(reportOf(visit).html));
  });
  app.get('/patrons/:patronId/report', (request) =>
    request.redirect(`${request.req.path}/${request.var.desk.newId()}`, 303),
  );
  app.post('/patrons/:patronId/report/:formId', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const { text, html } = reportOf(visit);
    const { patronId, email } = visit.patron;
    // The id of the form makes a second click send nothing.
    database
      .prepare('INSERT INTO desk_outbox VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(request.req.param('formId'), patronId, email, request.var.desk.now(), text, html);
    return request.redirect(request.req.path, 303);
  });
}

/** The page around the preview. */
export function reportScreen({ request, patron, address }: PatronVisit): Html {
  const formId = request.req.param('formId') ?? '';
  const mails = request.var.desk.database
    .prepare(
      'SELECT id, recipient AS "to", sent_at AS sentAt FROM desk_outbox WHERE patron_id = ? ORDER BY sent_at',
    )
    .all(patron.patronId) as Mail[];
  const sent = mails.find(({ id }) => id === formId);
  const form = html`<form method="post" action="${address}/report/${encodeURIComponent(formId)}">${csrf(request)}
<p class="buttons"><button>Send</button> <a href="${address}">Cancel</a></p></form>`;
  const done =
    sent &&
    html`<p class="notice" tabindex="-1">Sent to ${sent.to}, ${moment(sent.sentAt)}.</p>
<p class="buttons"><a class="button" href="${address}">Done</a> <a href="${address}/report">Send it again</a></p>`;
  return html`<p>To ${patron.email}. Sent so far: ${mails.length}.</p>${done ?? form}
<h2>Preview</h2>
<iframe src="${address}/report/mail" title="Preview of the activity report"></iframe>`;
}

function reportOf({ account, patron, request }: PatronVisit): {
  readonly text: string;
  readonly html: string;
} {
  const { policy, directory, now } = request.var.desk;
  const report = activityReport(account, policy, {
    at: now(),
    patron: { name: patron.name, barcode: patron.barcode },
    loans: directory
      .loansOf(patron.patronId)
      .map((loan) => ({ ...loan, library: libraries[loan.library] ?? loan.library })),
    libraryNames: libraries,
  });
  return { text: activityReportText(report, place), html: activityReportHtml(report, place) };
}
