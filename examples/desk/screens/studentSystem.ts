import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Fault, isPatronFeesError, type Rejection } from 'patron-fees';
import {
  type BursarExportReport,
  type BursarForm,
  findingText,
  planBursarExport,
  planSettlementImport,
  rewriteBursarFile,
  runBursarExport,
  runSettlementImport,
  type SettlementReport,
} from 'patron-fees/bursar';
import type { FormRefusal } from '../bulkJobs.js';
import { type Desk, institution, place } from '../desk.js';
import { faultErrors, fieldError, invalid } from '../fieldErrors.js';
import { counted, csrf, type Html, moment, money, options, page, refusalPage } from '../pages.js';
import { faultsText, refusalText } from '../refusalText.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { mayExport, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { amountField, optional, text } from './money.js';

/** The file of an import: its text and name. */
type ImportForm = { readonly content: string; readonly name?: string; readonly again?: true };

/** A job that was sent to the student system, or answered by it. Its report is missing until it has run to its end. */
type Job = {
  readonly id: string;
  readonly at: string;
  readonly userId: string;
} & (
  | { readonly kind: 'export'; readonly form: BursarForm; readonly report?: BursarExportReport }
  | {
      readonly kind: 'import';
      readonly form: ImportForm;
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
    // An import is known by the name of its file: a corrected file goes on where the first one ended.
    const name = kind === 'import' ? values.get('contentName')?.slice(0, 150) : undefined;
    const id = `${kind}-${name || values.get('jobId') || ''}${values.has('again') ? '-again' : ''}`;
    const form = kind === 'export' ? exportForm(desk, values, id) : importForm(values);
    // A form that only runs a job again says nothing of what the job is.
    const isNew = [...values.keys()].some((name) => name !== 'csrf' && name !== 'jobId');
    const known = findJob(desk, id);
    if (known?.kind === 'export' && isNew && contentsOf(known.form) !== contentsOf(form))
      return request.html(overview(request, values, sentBefore), 409);
    const job = { id, at: desk.now(), userId: request.var.session.user?.userId ?? '', kind, form } as Job;
    if (isNew && !values.has('confirmed') && !(known && contentsOf(known.form) === contentsOf(form))) {
      const asked = await confirmation(request, job, values, known?.at);
      if ('fields' in asked) return request.html(overview(request, values, asked), 422);
      return request.html(asked.page);
    }
    const fault = await begin(request, job, isNew);
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

function importForm(values: URLSearchParams): ImportForm {
  const name = values.get('contentName');
  return {
    content: values.get('content') ?? '',
    ...(name && { name }),
    ...(values.has('again') && { again: true }),
  };
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
async function begin(request: Request, job: Job, isNew: boolean): Promise<FormRefusal | undefined> {
  const { desk } = request.var;
  const before = findJob(desk, job.id);
  const isCorrected = isNew && before?.kind === 'import' && contentsOf(before.form) !== contentsOf(job.form);
  const known = before === undefined || isCorrected ? job : before;
  if (known.report !== undefined) return undefined;
  try {
    const report = await run(request, known, () => keep(desk, known));
    keep(desk, { ...known, report } as Job);
  } catch (error) {
    return refusalOf(error, known);
  }
  return undefined;
}

function refusalOf(error: unknown, { kind }: Job): FormRefusal {
  if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
  const faults = (error.details.faults ?? []) as readonly Fault[];
  if (kind === 'import') return ofFile(error.message);
  return { text: faultsText(faults) || error.message, fields: faultErrors(faults) };
}

/** What a form would do, with counts, sums and the first rows, before anything is recorded; or why it is refused. */
async function confirmation(
  request: Request,
  job: Job,
  values: URLSearchParams,
  before: string | undefined,
): Promise<{ readonly page: Html } | FormRefusal> {
  if (job.kind === 'import' && job.form.content.trim() === '') return ofFile('Choose a file.');
  try {
    const { rows, report } = await planned(request, job);
    return { page: confirmationPage(request, { ...job, report } as Job, rows, values, before) };
  } catch (error) {
    return refusalOf(error, job);
  }
}

/** The first rows of what a job would do, and its report. */
async function planned({ var: { desk, session } }: Request, job: Job) {
  const { userId = '', roles = [] } = session.user ?? {};
  const { store, office, policy } = desk;
  return withFile(async (file) => {
    if (job.kind === 'export') {
      const form = { ...job.form, by: { userId, roles, channel: 'job' as const } };
      const { patrons } = fileOptions(desk, 'csv');
      return firstOf(
        planBursarExport(store, policy, form, { patrons }),
        ({ patronId, kind, type, amount }) => [
          nameOf(desk, patronId),
          kind === 'fee' ? (policy.feeTypes[type]?.label ?? type) : 'Credit',
          amount,
        ],
      );
    }
    const form = await importOf(job, { userId, roles }, file);
    const plan = planSettlementImport({ accounts: store, office }, policy, form);
    return firstOf(plan, ({ patronId, settled, overpaid, reversed, finding }) => {
      const bounced = Number(reversed) > 0;
      const what = finding ? findingText(finding, clerksWords) : bounced ? 'Bounced' : 'Paid';
      const above = Number(overpaid) > 0 && ` and ${overpaid} above it`;
      return [nameOf(desk, patronId), what, html`${bounced ? `-${reversed}` : settled}${above}`];
    });
  });
}

const FIRST_ROWS = 10;

async function firstOf<Row, Report>(
  plan: AsyncGenerator<Row, Report, undefined>,
  cells: (row: Row) => readonly (string | Html)[],
) {
  const rows: (readonly (string | Html)[])[] = [];
  for (;;) {
    const next = await plan.next();
    if (next.done) return { rows, report: next.value };
    if (rows.length < FIRST_ROWS) rows.push(cells(next.value));
  }
}

/** The form of an import, for which its file is written. */
async function importOf(
  { id, at, form: { content, again } }: Extract<Job, { kind: 'import' }>,
  by: { readonly userId: string; readonly roles: readonly string[] },
  file: string,
) {
  await writeFile(file, content);
  const format = content.trimStart().startsWith('<') ? ('alma-xml' as const) : ('csv' as const);
  const form = { jobId: id, at, institution, by: { ...by, channel: 'import' as const } };
  return { ...form, source: { file, format }, ...(again && { again }) };
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
    const form = await importOf(job, by, file);
    const running = runSettlementImport({ accounts: store, office }, policy, form);
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
      'INSERT INTO desk_student_system VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET form = excluded.form, report = excluded.report',
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
  const rows = jobs.map(({ id, at, kind, userId, form, report }) => [
    html`<a href="/student-system/${encodeURIComponent(id)}">${kind === 'export' ? 'Export' : html`Import${'name' in form && html` of <bdi>${form.name}</bdi>`}`}</a>`,
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
  const title = `Student system: ${job.kind}`;
  const again = html`<p class="warning">The job was interrupted. Run it again: it finishes, and does nothing twice.</p>
<form method="post" action="/student-system/${job.kind}">${csrf(request)}<input type="hidden" name="jobId" value="${job.id.slice(job.kind.length + 1)}">
<p class="buttons"><button>Run it again</button></p></form>`;
  if (job.report === undefined) return page(request, { title }, again);
  const address = `/student-system/${encodeURIComponent(job.id)}`;
  const files = Object.entries(formats).map(
    ([format, label]) =>
      html`<a class="button" href="${address}/file?format=${format}">Download as ${label}</a> `,
  );
  const file = 'name' in job.form && html`<p>File: <bdi>${job.form.name}</bdi></p>`;
  const content = html`${file}${figuresOf(request, job)}
${job.kind === 'export' && html`<p class="buttons">${files}</p>`}
${findingsOf(request, job)}
<p><a href="/student-system">Exports and imports</a></p>`;
  return page(request, { title }, content);
}

/** Counts and sums of a job that was run or planned. */
function figuresOf({ var: { desk } }: Request, job: Job): Html {
  if (job.report === undefined) return html``;
  const { currency } = desk.policy;
  const { fees, credits } = job.report;
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
  return html`<dl class="figures">${figures.map(
    ([name, thing, { count, amount }]) =>
      html`<div><dt>${name}</dt><dd>${money(amount, currency)}, ${counted(count, thing)}</dd></div>`,
  )}</dl>`;
}

/** What a finding of the library calls an import, and why an account refuses something. */
const clerksWords = {
  refusal: (rejection: Rejection) => refusalText(rejection),
  jobName: (jobId: string) => jobId.replace(/^import-/, ''),
};

function findingsOf({ var: { desk } }: Request, { report }: Job): Html {
  const findings = report?.findings ?? { first: [], count: 0 };
  const rows = findings.first.slice(0, 100).map((finding) => {
    if (finding.code === 'FILE_ALREADY_IMPORTED' && finding.rejection?.type === 'FileAlreadyImported') {
      const { jobId, at } = finding.rejection;
      const job = html`<a href="/student-system/${encodeURIComponent(jobId)}"><bdi>${jobId.replace(/^import-/, '')}</bdi></a>`;
      return ['', html`The same payments were imported before: ${job}, ${moment(at)}.`];
    }
    return [nameOf(desk, finding.patronId), findingText(finding, clerksWords)];
  });
  return rows.length > 0
    ? table(
        rows.length < findings.count
          ? `The first ${rows.length} of ${counted(findings.count, 'finding')}`
          : 'Findings',
        [{ name: 'Patron', head: true }, ...named('What')],
        rows,
      )
    : html`<p>No findings.</p>`;
}

function confirmationPage(
  request: Request,
  job: Job,
  rows: readonly (readonly (string | Html)[])[],
  values: URLSearchParams,
  before: string | undefined,
): Html {
  const { fees, credits, findings } = job.report as NonNullable<Job['report']>;
  const isExport = job.kind === 'export';
  const isKnown = findings.first.some(({ code }) => code === 'FILE_ALREADY_IMPORTED');
  const reversed = 'reversed' in (job.report ?? {}) ? (job.report as SettlementReport).reversed.count : 0;
  const isNothing = fees.count + credits.count + reversed === 0;
  const name = 'name' in job.form && job.form.name;
  const hidden = [...values, ['confirmed', 'yes'], ...(isKnown ? [['again', 'yes']] : [])].map(
    ([field, value]) => field !== 'csrf' && html`<input type="hidden" name="${field}" value="${value}">`,
  );
  const label = isKnown ? 'Import it once more' : isExport ? 'Confirm the export' : 'Confirm the import';
  const columns = [{ name: 'Patron', head: true }, ...named('What'), ...amounts('Amount')];
  const content = html`${name && html`<p>File: <bdi>${name}</bdi></p>`}
<p>Nothing is recorded yet.</p>
${
  before !== undefined &&
  !isExport &&
  html`<p class="warning">A file of this name was imported ${moment(before)}. Its payments are not booked twice; another answer needs another name.</p>`
}${figuresOf(request, job)}
${rows.length > 0 && table(`The first ${counted(rows.length, 'row')}`, columns, rows)}
${findingsOf(request, job)}
${
  isNothing && !isKnown
    ? html`<p>There is nothing to ${job.kind}.</p>`
    : html`<form method="post" action="/student-system/${job.kind}">${csrf(request)}${hidden}
<p class="buttons"><button>${label}</button> <a href="/student-system">Cancel</a></p></form>`
}`;
  return page(request, { title: `Student system: confirm the ${job.kind}` }, content);
}
