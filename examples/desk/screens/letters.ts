import type { Hono } from 'hono';
import { raw } from 'hono/html';
import { receiptHtml, receiptText } from 'patron-fees/office';
import { statementHtml, statementText } from 'patron-fees/reports';
import { institutionName } from '../desk.js';
import { periodErrors } from '../fieldErrors.js';
import { languageOf } from '../languages.js';
import { openPatron, type PatronVisit } from '../patronVisit.js';
import { type DeskEnv, formOf } from '../session.js';
import { staffName } from '../staff.js';
import { type Letter, sendLetter } from './mail.js';
import { numberedReceipt, statementOf } from './records.js';

/** Receipts and statements by e-mail, and receipts on paper. */
export function letterScreens(app: Hono<DeskEnv>): void {
  app.post('/patrons/:patronId/receipts/:paymentId/mail', async (request) => {
    const visit = await openPatron(request);
    const letter = visit && (await receiptLetter(visit, request.req.param('paymentId')));
    if (visit === undefined || letter === undefined) return request.notFound();
    const mailId = (await formOf(request)).get('mailId') ?? '';
    const page = `${visit.address}/receipts/${encodeURIComponent(request.req.param('paymentId'))}`;
    return sendLetter(visit, mailId, letter, (mailed) => `${page}?${new URLSearchParams({ mailed })}`);
  });
  app.post('/patrons/:patronId/receipts/:paymentId/print', async (request) => {
    const visit = await openPatron(request);
    const letter = visit && (await receiptLetter(visit, request.req.param('paymentId')));
    return letter === undefined ? request.notFound() : request.html(raw(letter.html));
  });
  app.post('/patrons/:patronId/statement/mail', async (request) => {
    const visit = await openPatron(request);
    if (visit === undefined) return request.notFound();
    const values = await formOf(request);
    const [from, to] = [values.get('from') ?? '', values.get('to') ?? ''];
    const page = (mailed: string) =>
      `${visit.address}/statement?${new URLSearchParams({ from, to, mailed })}`;
    if (Object.keys(periodErrors(from, to)).length > 0) return request.redirect(page(''), 303);
    const letter = await statementLetter(visit, from, to);
    return sendLetter(visit, values.get('mailId') ?? '', letter, page);
  });
}

async function receiptLetter(visit: PatronVisit, paymentId: string): Promise<Letter | undefined> {
  const { patron, request } = visit;
  const { words, place, policy } = languageOf(request.var.desk.policy, patron.language);
  const receipt = await numberedReceipt(visit, paymentId, policy);
  if (receipt === undefined) return undefined;
  const { by, series, number, kind } = receipt;
  // Patrons read the name of who took the payment.
  const nameOf = (patronId: string) => request.var.desk.directory.find(patronId)?.name ?? patronId;
  const lines = receipt.lines.map((line) => ({ ...line, patronId: nameOf(line.patronId) }));
  const named = {
    ...receipt,
    lines,
    by: by.userId === undefined ? by : { ...by, userId: staffName(by.userId) },
  };
  const options = { ...place, words: words.receipt, issuer: [institutionName], patron: patron.name };
  const [text, page] = [receiptText(named, options), receiptHtml(named, options)];
  const subject = `${words.receipt.kinds[kind]} ${series}/${number}`;
  return { what: `Receipt ${series}/${number}`, subject, language: words.language, text, html: page };
}

async function statementLetter(visit: PatronVisit, from: string, to: string): Promise<Letter> {
  const { words, place, policy } = languageOf(visit.request.var.desk.policy, visit.patron.language);
  const statement = await statementOf(visit, policy, from, to);
  const options = { ...place, words: words.statement };
  const [text, page] = [statementText(statement, options), statementHtml(statement, options)];
  const { language, statement: own } = words;
  return { what: 'Statement', subject: own.statement, language, text, html: page };
}
