import { readFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Patron } from '../directory.js';
import { isMailbox } from '../mailFolder.js';
import { csrf, type Html, refusalPage } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import type { DeskEnv } from '../session.js';

/** What staff send to a patron. */
export type Letter = {
  /** What it is, as staff call it. */
  readonly what: string;
  readonly subject: string;
  /** The language of its texts, such as `de`. */
  readonly language: string;
  readonly text: string;
  readonly html: string;
};

/** The e-mails that were sent, as files that mail programs open. */
export function mailScreens(app: Hono<DeskEnv>): void {
  app.get('/mails/:id', async (request) => {
    const { outbox } = request.var.desk;
    const mail = outbox.find(request.req.param('id'));
    const source = mail && (await readFile(outbox.path(mail)).catch(() => undefined));
    if (mail === undefined || source === undefined) return request.notFound();
    request.header('Content-Disposition', `attachment; filename="${mail.file}"`);
    return request.body(new Uint8Array(source), 200, { 'Content-Type': 'message/rfc822' });
  });
}

/** The id of the e-mail that a form sends: a second click sends nothing. */
export function letterId(what: string, formId: string): string {
  return `${what}#${formId}`;
}

/**
 * Sends a letter to the patron of a visit, once for each form.
 *
 * @param page - the address of the page that says so, with the id of the e-mail
 */
export async function sendLetter(
  { request, patron }: PatronVisit,
  formId: string,
  letter: Letter,
  page: (mailed: string) => string,
) {
  if (noMailbox(patron) !== undefined || formId === '')
    return refusalPage(request, 422, 'Not sent', `“${patron.email}” is not an e-mail address.`);
  const { outbox, now } = request.var.desk;
  const { what, ...texts } = letter;
  const to = { name: patron.name, address: patron.email };
  const sentAt = now();
  const id = letterId(what, formId);
  const mail = { ...texts, id, to, at: sentAt };
  await outbox.send(mail, { patronId: patron.patronId, what, sentAt });
  return request.redirect(page(id), 303);
}

/** What a page says of a patron to whom no e-mail can be sent. */
export function noMailbox({ email }: Patron): Html | undefined {
  return isMailbox(email)
    ? undefined
    : html`<p>No e-mail can be sent: “${email}” is not an e-mail address.</p>`;
}

/** The button that sends what a page shows to its patron. */
export function mailButton({ request, patron }: PatronVisit, action: string, fields: Html = html``): Html {
  const form = html`<form method="post" action="${action}">${csrf(request)}
<input type="hidden" name="mailId" value="${request.var.desk.newId()}">${fields}<button>E-mail</button></form>`;
  return noMailbox(patron) ?? form;
}
