import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Fault, isPatronFeesError } from 'patron-fees';
import {
  type BursarExportReport,
  type BursarForm,
  rewriteBursarFile,
  runBursarExport,
  runSettlementImport,
  type SettlementReport,
} from 'patron-fees/bursar';
import type { FormRefusal } from '../bulkJobs.js';
import { type Desk, institution, place } from '../desk.js';
import { faultErrors, fieldError, invalid } from '../fieldErrors.js';
import { counted, csrf, type Html, moment, money, options, page, refusalPage } from '../pages.js';
import { faultsText } from '../refusalText.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { mayExport, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { amountField, optional, text } from './money.js';

/** A job that was sent to the student system, or answered by it. Its report is missing until it has run to its end. */
type Job = {
  readonly id: string;
  readonly at: string;
  readonly userId: string;
} & (
  | { readonly kind: 'export'; readonly form: BursarForm; readonly report?: BursarExportReport }
  | {
      readonly kind: 'import';
      readonly form: { readonly content: string };
      readonly report?: SettlementReport;
    }
);

const formats = { csv: 'CSV', 'alma-xml': 'XML, as Alma exports it' } as const;

/** Export to and import from the student system, with their files. A large library runs both as jobs at night. */
export function studentSystemScreens(app: Hono<DeskEnv>, desk: Desk): void {
  desk.database.exec(`CREATE TABLE IF NOT EXISTS desk_student_system (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, user_id TEXT NOT NULL, kind TEXT NOT NULL, form TEXT NOT NULL, report TEXT)`);
  app.use('/student-system/*', (request, next) => {
    const { user } = request.var.session;
    if (user && mayExport(desk.policy, user)) return next();
    const refused = 'The student system is for circulation desk managers.';
    return Promise.resolve(refusalPage(request, 403, 'Not permitted', refused));
  });
  app.get('/student-system', (request) => {
    // The ids of the jobs are in the address, so that the back button shows the same forms again.
    const jobId = request.req.query('jobId');
    if (jobId === undefined) return request.redirect(`/student-system?jobId=${desk.newId()}`, 303);
    return request.html(overview(request, new URLSearchParams({ jobId })));
  });
  app.post('/student-system/:kind{export|import}', async (request) => {
    const values = await formOf(request);
    const { kind } = request.req.param();
    const id = `${kind}-${values.get('jobId') ?? ''}`;
    const form = kind === 'export' ? exportForm(desk, values, id) : { content: values.get('content') ?? '' };
    // A form that only runs a job again says nothing of what the job is.
    const isNew = [...values.keys()].some((name) => name !== 'csrf' && name !== 'jobId');
    const known = findJob(desk, id);
    if (known !== undefined && isNew && contentsOf(known.form) !== contentsOf(form))
      return request.html(overview(request, values, sentBefore), 409);
    const job = { id, at: desk.now(), userId: request.var.session.user?.userId ?? '', kind, form } as Job;
    const fault = await begin(request, job);
    if (fault !== undefined) return request.html(overview(request, values, fault), 422);
    return request.redirect(`/student-system/${encodeURIComponent(id)}`, 303);
  });
  app.get('/student-system/:jobId', (request) => {
    const job = findJob(desk, request.req.param('jobId'));
    return job ? request.html(jobPage(request, job)) : request.notFound();
  });
  app.get('/student-system/:jobId/file', async (request) => {
    const job = findJob(desk, request.req.param('jobId'));
    if (job?.kind !== 'export') return request.notFound();
    const format = request.req.query('format') === 'alma-xml' ? 'alma-xml' : 'csv';
    const content = await withFile(async (file) => {
      const form = { jobId: job.id, institution };
      await rewriteBursarFile(desk.store, desk.policy, form, { ...fileOptions(desk, format), file });
      return readFile(file, 'utf8');
    });
    const ending = format === 'csv' ? 'csv' : 'xml';
    request.header('Content-Disposition', `attachment; filename="student-system.${ending}"`);
    return request.body(content, 200, {
      'Content-Type': `${format === 'csv' ? 'text/csv' : 'application/xml'}; charset=utf-8`,
    });
  });
}

const sentBefore: FormRefusal = {
  text: 'This form was sent before, with other contents. Nothing was done now. Open a new form.',
  fields: {},
};

/** What a form says, without its time. */
function contentsOf({ at: _, ...contents }: Partial<BursarForm> & { readonly content?: string }): string {
  return JSON.stringify(contents);
}

function exportForm(desk: Desk, values: URLSearchParams, jobId: string): BursarForm {
  const days = text(values, 'minimumAgeDays');
  const eligible = {
    ...optional(values, 'minimumAmount'),
    ...(days !== undefined && { minimumAgeDays: Number(days) }),
  };
  return {
    jobId,
    at: desk.now(),
    institution,
    ...optional(values, 'destination'),
    fees: eligible,
    ...(values.has('credits') && { credits: eligible }),
  };
}

/**
 * Runs a job, once: a form that is sent again, by a double click or after a crash, finishes the job that it began.
 *
 * @returns why the form was refused, if it was
 */
async function begin(request: Request, job: Job): Promise<FormRefusal | undefined> {
  const { desk } = request.var;
  const known = findJob(desk, job.id) ?? job;
  if (known.report !== undefined) return undefined;
  if (known.kind === 'import' && known.form.content.trim() === '') return ofFile('Choose a file.');
  try {
    const report = await run(request, known, () => keep(desk, known));
    keep(desk, { ...known, report } as Job);
  } catch (error) {
    if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
    const faults = (error.details.faults ?? []) as readonly Fault[];
    if (known.kind === 'import') return ofFile(error.message);
    return { text: faultsText(faults) || error.message, fields: faultErrors(faults) };
  }
  return undefined;
}

/** @param begins - called once the library has taken the form, before anything is recorded */
async function run({ var: { desk, session } }: Request, job: Job, begins: () => void) {
  const { userId = '', roles = [] } = session.user ?? {};
  const by = { userId, roles };
  const { store, office, policy } = desk;
  return withFile(async (file) => {
    if (job.kind === 'export') {
      const form = { ...job.form, by: { ...by, channel: 'job' as const } };
      const running = runBursarExport(store, policy, form, { ...fileOptions(desk, 'csv'), file });
      begins();
      return running;
    }
    await writeFile(file, job.form.content);
    const format = job.form.content.trimStart().startsWith('<') ? 'alma-xml' : 'csv';
    const form = { jobId: job.id, at: job.at, institution, by: { ...by, channel: 'import' as const } };
    const running = runSettlementImport({ accounts: store, office }, policy, {
      ...form,
      source: { file, format },
    });
    begins();
    return running;
  });
}

function fileOptions({ directory }: Desk, format: 'csv' | 'alma-xml') {
  const patrons = (patronId: string) => {
    const patron = directory.find(patronId);
    return patron && { patronId, group: patron.group, name: patron.name, identifier: patron.barcode };
  };
  return { patrons, format, timeZone: place.timeZone };
}

/** Gives a path to work with; what is written there is removed afterwards: every file can be made again from the events. */
async function withFile<Result>(work: (file: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  try {
    return await work(join(folder, 'file'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function keep({ database }: Desk, { id, at, userId, kind, form, report }: Job): void {
  database
    .prepare(
      'INSERT INTO desk_student_system VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET report = excluded.report',
    )
    .run(id, at, userId, kind, JSON.stringify(form), report === undefined ? null : JSON.stringify(report));
}

const SELECT = 'SELECT id, at, user_id AS userId, kind, form, report FROM desk_student_system';

function jobOf(row: unknown): Job {
  const { form, report, ...job } = row as Job & { form: string; report: string | null };
  return {
    ...job,
    form: JSON.parse(form),
    ...(report !== null && { report: JSON.parse(report) }),
  } as Job;
}

function findJob({ database }: Desk, id: string): Job | undefined {
  const row = database.prepare(`${SELECT} WHERE id = ?`).get(id);
  return row === undefined ? undefined : jobOf(row);
}

function ofFile(text: string): FormRefusal {
  return { text, fields: { content: text } };
}

/** The name of a patron; the id of one who is not known. */
function nameOf({ directory }: Desk, patronId: string | null): Html {
  return html`<bdi>${patronId !== null && (directory.find(patronId)?.name ?? patronId)}</bdi>`;
}

function overview(request: Request, values: URLSearchParams, refused?: FormRefusal): Html {
  const errors = refused?.fields ?? {};
  const { desk } = request.var;
  const { policy } = desk;
  const jobs = desk.database.prepare(`${SELECT} ORDER BY at DESC, id DESC LIMIT 50`).all().map(jobOf);
  const hidden = html`${csrf(request)}<input type="hidden" name="jobId" value="${values.get('jobId')}">`;
  const rows = jobs.map(({ id, at, kind, userId, report }) => [
    html`<a href="/student-system/${encodeURIComponent(id)}">${kind === 'export' ? 'Export' : 'Import'}</a>`,
    moment(at),
    staffName(userId),
    report ? report.fees.count : 'not finished',
  ]);
  const columns = [{ name: 'Job', head: true }, ...named('Date', 'By'), ...amounts('Fees')];
  const content = html`<section aria-labelledby="export"><h2 id="export">Export</h2>
<p>Transfers what is owed to the student system, and makes the file for it. Disputed fees stay here.</p>
<form method="post" action="/student-system/export">${hidden}
<p><label for="destination">Destination</label> <select id="destination" name="destination">${options(policy.destinations, values.get('destination'))}</select></p>
${amountField('Minimum amount of a fee (none: any)', 'minimumAmount', values.get('minimumAmount') ?? '', policy.currency, errors)}
<p><label for="minimumAgeDays">Minimum age in days (none: any)</label>
<input id="minimumAgeDays" name="minimumAgeDays" value="${values.get('minimumAgeDays')}" inputmode="numeric" class="amount" autocomplete="off"${invalid(errors, 'minimumAgeDays')}>${fieldError(errors, 'minimumAgeDays')}</p>
<p><input type="checkbox" id="credits" name="credits"${values.has('credits') && html` checked`}>
<label for="credits">Also credits that may be refunded</label></p>
<p class="buttons"><button>Export</button></p></form></section>
<section aria-labelledby="import"><h2 id="import">Import</h2>
<p>Reads the payments that the student system reports: the file of an export with the amounts that were paid, as CSV or XML.</p>
<form method="post" action="/student-system/import" enctype="multipart/form-data">${hidden}
<p><label for="content">File</label> <input type="file" id="content" name="content" accept=".csv,.xml"${invalid(errors, 'content')}>${fieldError(errors, 'content')}</p>
<p class="buttons"><button>Import</button></p></form></section>
${rows.length > 0 && table('Exports and imports', columns, rows)}`;
  return page(
    request,
    { title: 'Student system', alert: refused && html`<p>${refused.text}</p>`, errors },
    content,
  );
}

function jobPage(request: Request, job: Job): Html {
  const { currency } = request.var.desk.policy;
  const title = `Student system: ${job.kind}`;
  const again = html`<p class="warning">The job was interrupted. Run it again: it finishes, and does nothing twice.</p>
<form method="post" action="/student-system/${job.kind}">${csrf(request)}<input type="hidden" name="jobId" value="${job.id.slice(job.kind.length + 1)}">
<p class="buttons"><button>Run it again</button></p></form>`;
  if (job.report === undefined) return page(request, { title }, again);
  const { fees, credits, findings } = job.report;
  const figures = [
    [job.kind === 'export' ? 'Fees transferred' : 'Fees paid', 'fee', fees],
    ['Credits', 'credit', credits],
    ...('overpaid' in job.report
      ? ([
          ['Paid above what was pending: now credits', 'payment', job.report.overpaid],
          ['Payments that bounced', 'payment', job.report.reversed],
        ] as const)
      : []),
  ] as const;
  const rows = findings.first
    .slice(0, 100)
    .map((finding) => ['patronId' in finding && nameOf(request.var.desk, finding.patronId), finding.message]);
  const address = `/student-system/${encodeURIComponent(job.id)}`;
  const files = Object.entries(formats).map(
    ([format, label]) =>
      html`<a class="button" href="${address}/file?format=${format}">Download as ${label}</a> `,
  );
  const content = html`<dl class="figures">${figures.map(
    ([name, thing, { count, amount }]) =>
      html`<div><dt>${name}</dt><dd>${money(amount, currency)}, ${counted(count, thing)}</dd></div>`,
  )}</dl>
${job.kind === 'export' && html`<p class="buttons">${files}</p>`}
${
  rows.length > 0
    ? table(
        rows.length < findings.count
          ? `The first ${rows.length} of ${counted(findings.count, 'finding')}`
          : 'Findings',
        [{ name: 'Patron', head: true }, ...named('What')],
        rows,
      )
    : html`<p>No findings.</p>`
}
<p><a href="/student-system">Exports and imports</a></p>`;
  return page(request, { title }, content);
}
