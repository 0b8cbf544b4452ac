import type { Hono } from 'hono';
import { html } from 'hono/html';
import {
  type Notice,
  type NoticesReport,
  noticeHtml,
  noticeText,
  planNotices,
  runNotices,
} from 'patron-fees/jobs';
import { englishWords } from 'patron-fees/words';
import { type Desk, institution, institutionName, place } from '../desk.js';
import type { Patron } from '../directory.js';
import { labels, languageOf } from '../languages.js';
import type { Mail } from '../mailFolder.js';
import type { SentMail } from '../outbox.js';
import { counted, csrf, type Html, mailAddress, moment, page, refusalPage } from '../pages.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { maySendNotices, type Staff, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { startOfDay } from './records.js';

const SHOWN = 100;

/** A run of the job. Its report is missing until it has run to its end. */
type Run = {
  readonly id: string;
  readonly at: string;
  readonly userId: string;
  readonly report?: NoticesReport;
};

/** The page that sends notices: e-mails that tell patrons what happened. A large library runs the job every few minutes. */
export function noticeScreens(app: Hono<DeskEnv>, desk: Desk): void {
  desk.database.exec(
    'CREATE TABLE IF NOT EXISTS desk_notice_runs (id TEXT PRIMARY KEY, at TEXT NOT NULL, user_id TEXT NOT NULL, report TEXT)',
  );
  app.use('/notices/*', (request, next) => {
    const { user } = request.var.session;
    if (user && maySendNotices(user)) return next();
    const refused = 'Notices are sent by circulation desk managers.';
    return Promise.resolve(refusalPage(request, 403, 'Not permitted', refused));
  });
  app.get('/notices', (request) => {
    // The id of the job is in the address, so that the back button shows the same form again.
    const jobId = request.req.query('jobId');
    if (jobId === undefined) return request.redirect(`/notices?jobId=${desk.newId()}`, 303);
    return request.html(overview(request, jobId));
  });
  app.post('/notices', async (request) => {
    const values = await formOf(request);
    const id = values.get('jobId') ?? '';
    const { user } = request.var.session;
    if (user === undefined || id === '') return request.notFound();
    const known = findRun(desk, id);
    const run = known ?? { id, at: desk.now(), userId: user.userId };
    if (known === undefined && !values.has('confirmed'))
      return request.html(await planPage(request, run, user));
    if (run.report === undefined) {
      keep(desk, run);
      keep(desk, { ...run, report: await sendNotices(desk, run, user) });
    }
    return request.redirect(`/notices/${encodeURIComponent(id)}`, 303);
  });
  app.get('/notices/:jobId', (request) => {
    const run = findRun(desk, request.req.param('jobId'));
    return run ? request.html(runPage(request, run)) : request.notFound();
  });
}

/** Sends all notices that were not sent yet. A run that was killed sends the others when it is run again, and none twice. */
export function sendNotices(desk: Desk, run: Run, user: Staff) {
  const { directory, outbox } = desk;
  const { id: jobId, at } = run;
  const { stores, form, options } = noticesOf(desk, run, user);
  return runNotices(stores, desk.policy, form, {
    ...options,
    async send(notice) {
      const { patronId, kind } = notice;
      const patron = directory.find(patronId) as Patron;
      const what = englishWords.notice.kinds[kind];
      await outbox.send(noticeMail(desk, notice, patron), { patronId, what, sentAt: at }, jobId);
    },
  });
}

function noticesOf({ store, office, directory }: Desk, { id: jobId, at }: Run, { userId, roles }: Staff) {
  const on = new Date(at).toLocaleDateString('sv-SE', { timeZone: place.timeZone });
  const form = { institution, jobId, at, on, by: { userId, roles, channel: 'desk' as const } };
  const patronOf = ({ patronId }: { readonly patronId: string }) => directory.find(patronId) ?? null;
  return { stores: { accounts: store, office }, form, options: { labels, patronOf } };
}

/** What would be sent, before it is confirmed. */
async function planPage(request: Request, run: Run, user: Staff): Promise<Html> {
  const { desk } = request.var;
  const { stores, form, options } = noticesOf(desk, run, user);
  const first: Notice[] = [];
  const patrons = new Set<string>();
  const plan = planNotices(stores, desk.policy, form, options);
  let next = await plan.next();
  for (; !next.done; next = await plan.next()) {
    patrons.add(next.value.patronId);
    if (first.length < 10) first.push(next.value);
  }
  const { sent, byKind, findings } = next.value;
  const { kinds } = englishWords.notice;
  const rows = first.map(({ patronId, kind }) => [
    html`<bdi>${desk.directory.find(patronId)?.name ?? patronId}</bdi>`,
    kinds[kind],
  ]);
  const figures = Object.entries(byKind).map(
    ([kind, count]) =>
      html`<div><dt>${kinds[kind as Notice['kind']]}</dt><dd>${counted(count, 'e-mail')}</dd></div>`,
  );
  const content = html`<p>${sent === 0 ? 'There is nothing to tell' : `Nothing is sent yet. ${counted(sent, 'e-mail')} would go to ${counted(patrons.size, 'patron')}`}${findings.count > 0 && html`; ${counted(findings.count, 'finding')}`}.</p>
<dl class="figures">${figures}</dl>
${rows.length > 0 && table(`The first ${counted(rows.length, 'e-mail')}`, [{ name: 'Patron', head: true }, ...named('Notice')], rows)}
${sent > 0 && sendForm(request, run.id, `Send ${counted(sent, 'e-mail')}`, true)}
<p><a href="/notices">Cancel</a></p>`;
  return page(request, { title: 'Notices: confirm' }, content);
}

function noticeMail({ policy }: Desk, notice: Notice, { name, email }: Patron): Mail {
  const { noticeId, kind, language, at, on } = notice;
  const { words, place: reader } = languageOf(policy, language);
  const options = { ...reader, words: words.notice, issuer: [institutionName], patron: name };
  return {
    id: noticeId,
    to: { name, address: email },
    subject: words.notice.kinds[kind],
    at: at ?? startOfDay(on as string),
    language,
    text: noticeText(notice, options),
    html: noticeHtml(notice, options),
    isAutomatic: true,
  };
}

function keep({ database }: Desk, { id, at, userId, report }: Run): void {
  database
    .prepare(
      'INSERT INTO desk_notice_runs VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET report = excluded.report',
    )
    .run(id, at, userId, report === undefined ? null : JSON.stringify(report));
}

const SELECT = 'SELECT id, at, user_id AS userId, report FROM desk_notice_runs';

function runOf(row: unknown): Run {
  const { report, ...run } = row as Run & { readonly report: string | null };
  return report === null ? run : { ...run, report: JSON.parse(report) as NoticesReport };
}

function findRun({ database }: Desk, id: string): Run | undefined {
  const row = database.prepare(`${SELECT} WHERE id = ?`).get(id);
  return row === undefined ? undefined : runOf(row);
}

function sendForm(request: Request, jobId: string, label: string, isConfirmed = false): Html {
  const confirmed = isConfirmed && html`<input type="hidden" name="confirmed" value="yes">`;
  return html`<form method="post" action="/notices">${csrf(request)}${confirmed}<input type="hidden" name="jobId" value="${jobId}">
<p class="buttons"><button>${label}</button></p></form>`;
}

function overview(request: Request, jobId: string): Html {
  const { database, outbox } = request.var.desk;
  const runs = database.prepare(`${SELECT} ORDER BY at DESC, rowid DESC LIMIT ${SHOWN}`).all().map(runOf);
  const rows = runs.map(({ id, at, userId, report }) => {
    const findings = report?.findings.count;
    return [
      html`<a href="/notices/${encodeURIComponent(id)}">${moment(at)}</a>`,
      staffName(userId),
      outbox.sentBy(id).length,
      findings ?? 'not finished',
    ];
  });
  const columns = [{ name: 'Ordered', head: true }, ...named('By'), ...amounts('E-mails', 'Findings')];
  const content = html`<p>Tells patrons by e-mail, in their language, what happened to their fines and fees since the last
time, and once a month what they owe. Each notice is sent once.</p>
${sendForm(request, jobId, 'Send notices')}
${rows.length > 0 && table('Jobs', columns, rows)}`;
  return page(request, { title: 'Notices' }, content);
}

const patronColumn = { name: 'Patron', head: true };

function runPage(request: Request, { id, report }: Run): Html {
  const { outbox, directory } = request.var.desk;
  const title = 'Notices: result';
  const mails = outbox.sentBy(id);
  const again = html`<p class="warning">The job was interrupted. Run it again: it finishes, and sends nothing twice.</p>
${sendForm(request, id, 'Run it again')}`;
  const counts = new Map<string, number>();
  for (const { what } of mails) counts.set(what, (counts.get(what) ?? 0) + 1);
  const patronLink = (patronId: string) =>
    html`<a href="/patrons/${encodeURIComponent(patronId)}/fees?status=all"><bdi>${directory.find(patronId)?.name ?? patronId}</bdi></a>`;
  const mailRow = ({ id: mailId, patronId, recipient, what }: SentMail) => [
    patronLink(patronId),
    html`<a href="/mails/${encodeURIComponent(mailId)}">${what}</a>`,
    mailAddress(recipient),
  ];
  const findings = report?.findings.first
    .slice(0, SHOWN)
    .map(({ patronId, message }) => [patronLink(patronId), message]);
  const caption =
    mails.length > SHOWN ? `The first ${SHOWN} of ${counted(mails.length, 'e-mail')}` : 'E-mails';
  const content = html`${report === undefined && again}
<p>${mails.length === 0 ? 'There was nothing to tell.' : html`${counted(mails.length, 'e-mail')} sent, as files in <span class="path">${outbox.folder}</span>.`}</p>
<dl class="figures">${[...counts].map(([what, count]) => html`<div><dt>${what}</dt><dd>${counted(count, 'e-mail')}</dd></div>`)}</dl>
${
  findings !== undefined &&
  findings.length > 0 &&
  table(counted(report?.findings.count ?? 0, 'finding'), [patronColumn, ...named('What')], findings)
}
${
  mails.length > 0 &&
  table(caption, [patronColumn, ...named('Notice', 'Address')], mails.slice(0, SHOWN).map(mailRow))
}
<p><a href="/notices">New form and all jobs</a></p>`;
  return page(request, { title }, content);
}
