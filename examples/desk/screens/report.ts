import type { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { activityReport, activityReportHtml, activityReportText } from 'patron-fees/views';
import { libraries, nameIn } from '../desk.js';
import { languageOf } from '../languages.js';
import { csrf, type Html } from '../pages.js';
import { mailText, openPatron, type PatronVisit } from '../patronVisit.js';
import type { DeskEnv } from '../session.js';
import { type Letter, letterId, noMailbox, sendLetter } from './mail.js';

const WHAT = 'Activity report';

/** Sending the activity report: the preview is the e-mail itself, in a frame. */
export function reportScreens(app: Hono<DeskEnv>): void {
  app.get('/patrons/:patronId/report/mail', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    return request.html(raw(reportLetter(visit).html));
  });
  app.get('/patrons/:patronId/report', (request) =>
    request.redirect(`${request.req.path}/${request.var.desk.newId()}`, 303),
  );
  app.post('/patrons/:patronId/report/:formId', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    return sendLetter(visit, request.req.param('formId'), reportLetter(visit), () => request.req.path);
  });
}

/** The page around the preview. */
export function reportScreen(visit: PatronVisit): Html {
  const { request, patron, address } = visit;
  const formId = request.req.param('formId') ?? '';
  const id = letterId(WHAT, formId);
  const mails = request.var.desk.outbox.sentTo(patron.patronId).filter(({ what }) => what === WHAT);
  const sent = mails.some((mail) => mail.id === id);
  const form = html`<form method="post" action="${address}/report/${encodeURIComponent(formId)}">${csrf(request)}
<p class="buttons"><button>Send</button> <a href="${address}">Cancel</a></p></form>`;
  const done =
    sent &&
    html`<p class="notice" tabindex="-1">${mailText(visit, id)}</p>
<p class="buttons"><a class="button" href="${address}">Done</a> <a href="${address}/report">Send it again</a></p>`;
  return html`<p>To ${patron.email}. Sent so far: ${mails.length}.</p>${done || (noMailbox(patron) ?? form)}
<h2>Preview</h2>
<iframe src="${address}/report/mail" title="Preview of the activity report"></iframe>`;
}

function reportLetter({ account, patron, request }: PatronVisit): Letter {
  const { policy, directory, now } = request.var.desk;
  const language = languageOf(policy, patron.language);
  const report = activityReport(account, language.policy, {
    at: now(),
    patron: { name: patron.name, barcode: patron.barcode },
    loans: directory
      .loansOf(patron.patronId)
      .map((loan) => ({ ...loan, library: nameIn(libraries, loan.library) })),
    libraryNames: libraries,
  });
  const words = language.words.activityReport;
  const options = { ...language.place, words };
  return {
    what: WHAT,
    subject: words.activityReport,
    language: language.words.language,
    text: activityReportText(report, options),
    html: activityReportHtml(report, options),
  };
}
