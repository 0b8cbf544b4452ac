import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type BulkWaiveForm, type BulkWaiveResult, bulkWaiveCsv } from 'patron-fees/institution';
import { type BulkJob, bulkJobs, bulkWaiveRefusal } from '../bulkJobs.js';
import { type Desk, institution } from '../desk.js';
import { csrf, feeTypeLabels, type Html, money, options, page, refusalPage, table } from '../pages.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { amountField, commentField, optional } from './money.js';

const SHOWN = 100;

/** Why nothing was waived for a patron, in the words of the form. */
const reasonsNotWaived: Readonly<Record<string, string>> = {
  OwedAboveThreshold: 'owes more than the threshold',
  HasOverdueLoans: 'has overdue loans',
  GroupNotChosen: 'is in another user group',
  NothingToWaive: 'owes nothing of these types',
  NoAccount: 'has no account',
  NotPermitted: 'owes more of these types than your roles may waive',
};

/** Bulk fine waiving: the form of the guide, a dry run, the run with its progress, and what it did. */
export function bulkWaiveScreens(app: Hono<DeskEnv>, desk: Desk): void {
  const jobs = bulkJobs(desk);
  app.use('/bulk-waive/*', async (request, next) => {
    const { user } = request.var.session;
    const refused = user && bulkWaiveRefusal(desk, user);
    return refused === undefined ? next() : refusalPage(request, 403, 'Not permitted', refused);
  });
  app.get('/bulk-waive', (request) => {
    // The id of the job is in the address, so that the back button shows the same form again.
    const jobId = request.req.query('jobId');
    if (jobId === undefined) return request.redirect(`/bulk-waive?jobId=${request.var.desk.newId()}`, 303);
    return request.html(formPage(request, new URLSearchParams({ jobId })));
  });
  app.post('/bulk-waive', async (request) => {
    const values = await formOf(request);
    const refused = jobs.plan(formFrom(request, values));
    if (refused !== undefined) return request.html(formPage(request, values, refused), 422);
    return request.redirect(`/bulk-waive/${encodeURIComponent(values.get('jobId') ?? '')}`, 303);
  });
  app.get('/bulk-waive/:jobId', (request) => {
    const job = jobs.find(request.req.param('jobId'));
    return job ? request.html(jobPage(request, job)) : request.notFound();
  });
  app.get('/bulk-waive/:jobId/report.csv', async (request) => {
    const job = jobs.find(request.req.param('jobId'));
    if (job === undefined) return request.notFound();
    let csv = '';
    for await (const lines of bulkWaiveCsv(job.entries)) csv += lines;
    request.header('Content-Disposition', 'attachment; filename="bulk-waive.csv"');
    return request.body(csv, 200, { 'Content-Type': 'text/csv; charset=utf-8' });
  });
  app.post('/bulk-waive/:jobId/:step{run|stop}', (request) => {
    const { jobId, step } = request.req.param();
    const refused = step === 'run' ? jobs.run(jobId, actorOf(request)) : jobs.stop(jobId);
    if (refused) return refusalPage(request, 403, 'Not permitted', refused);
    return request.redirect(`/bulk-waive/${encodeURIComponent(jobId)}`, 303);
  });
}

function formFrom(request: Request, values: URLSearchParams): BulkWaiveForm {
  const [groups, feeTypes] = [values.getAll('group'), values.getAll('feeType')];
  return {
    jobId: values.get('jobId') ?? '',
    at: request.var.desk.now(),
    by: actorOf(request),
    institution,
    excludeOverdueLoans: values.has('excludeOverdueLoans'),
    ...optional(values, 'threshold'),
    ...(groups.length > 0 && { groups }),
    ...(feeTypes.length > 0 && { feeTypes }),
    reason: values.get('reason') ?? '',
    ...optional(values, 'comment'),
  };
}

function actorOf(request: Request): BulkWaiveForm['by'] {
  const { user } = request.var.session;
  return { userId: user?.userId ?? '', roles: user?.roles ?? [] };
}

function formPage(request: Request, values: URLSearchParams, refused?: string): Html {
  const { policy, directory } = request.var.desk;
  const groups = Object.fromEntries(directory.groups().map((group) => [group, group.toLowerCase()]));
  const list = (
    id: string,
    label: string,
    choices: Readonly<Record<string, string>>,
  ) => html`<p><label for="${id}">${label}</label>
<select id="${id}" name="${id}" multiple size="5">${Object.entries(choices).map(
    ([code, name]) =>
      html`<option value="${code}"${values.getAll(id).includes(code) && html` selected`}>${name}</option>`,
  )}</select></p>`;
  const content = html`<form method="post" action="/bulk-waive">${csrf(request)}
<input type="hidden" name="jobId" value="${values.get('jobId')}">
${amountField('Maximum Fine Threshold to Waive (none: no limit)', 'threshold', values.get('threshold') ?? '', policy.currency)}
<p><input type="checkbox" id="exclude" name="excludeOverdueLoans"${values.has('excludeOverdueLoans') && html` checked`}>
<label for="exclude">Exclude users with overdue loans</label></p>
${list('group', 'User Group (none chosen: all)', groups)}
${list('feeType', 'Waive Fines Types (none chosen: all)', feeTypeLabels(policy, 'waiveable'))}
<p><label for="reason">Waiving Reason</label> <select id="reason" name="reason"><option value="">Choose a reason</option>
${options(policy.waiveReasons, values.get('reason'))}</select></p>${commentField(values)}
<p class="buttons"><button>Show what would be waived</button></p></form>`;
  return page(
    request,
    { title: 'Bulk fine waiving', alert: refused ? html`<p>${refused}</p>` : undefined },
    content,
  );
}

function jobPage(request: Request, job: BulkJob): Html {
  const { id, phase, state, done, total, entries, totals } = job;
  const title = phase === 'plan' ? 'Bulk fine waiving: dry run' : 'Bulk fine waiving: result';
  const button = (step: string, label: string) =>
    html`<form method="post" action="/bulk-waive/${encodeURIComponent(id)}/${step}">${csrf(request)}<button>${label}</button></form>`;
  const working = state === 'working';
  const label = working
    ? 'Working'
    : state === 'stopped'
      ? 'Stopped'
      : state === 'failed'
        ? 'Failed'
        : 'Done';
  const progress = html`<div data-refresh="${working && '1'}"><p id="progress">${label}: ${done} of ${total} patrons</p>
<progress value="${done}" max="${total}" aria-labelledby="progress"></progress></div>`;
  const changed = entries.filter(({ because }) => because === null);
  const rows = changed.slice(0, SHOWN).map(
    (
      entry,
    ) => html`<tr><th scope="row"><a href="/patrons/${encodeURIComponent(entry.patronId)}/fees?status=all">${entry.patronId}</a></th>
<td>${entry.group?.toLowerCase()}</td><td class="amount">${entry.owed}</td><td class="amount">${entry.waived}</td><td>${differs(entry)}</td></tr>`,
  );
  const columns = [
    { name: 'Patron' },
    { name: 'Group' },
    { name: 'Owed', amount: true },
    { name: 'Waived', amount: true },
    { name: 'Note' },
  ];
  const content = html`${criteria(request, job.form)}${progress}
${working && button('stop', 'Stop')}
${
  totals &&
  html`<p>${totals.patronsWaived} patrons, ${totals.feesWaived} fees: <strong>${money(totals.waived, totals.currency)}</strong>
${phase === 'plan' ? ' would be waived' : ` waived; ${totals.differing} patrons differ from the dry run`}.</p>
<ul>${Object.entries(totals.notWaived).map(([why, count]) => html`<li>${count} not waived: ${reasonsNotWaived[why] ?? why}</li>`)}</ul>`
}
${phase === 'plan' && state === 'done' && button('run', 'Run Bulk Fine Waiving')}
${state === 'stopped' && button('run', 'Go on')}
${rows.length > 0 && table(`Patrons, the first ${rows.length} of ${changed.length}`, columns, rows)}
<p><a href="/bulk-waive/${encodeURIComponent(id)}/report.csv">All as CSV</a>, <a href="/bulk-waive">new form</a></p>`;
  // Without JavaScript the page loads itself again while the job works.
  const head = html`${working && html`<noscript><meta http-equiv="refresh" content="1"></noscript>`}`;
  return page(request, { title, head }, content);
}

/** What the form of a job said. */
function criteria(request: Request, form: BulkWaiveForm): Html {
  const { policy } = request.var.desk;
  const types = form.feeTypes?.map((code) => policy.feeTypes[code]?.label ?? code);
  return html`<p>Threshold: ${form.threshold === undefined ? 'no limit' : money(form.threshold, policy.currency)}.
Users with overdue loans: ${form.excludeOverdueLoans ? 'excluded' : 'included'}.
User groups: ${form.groups?.join(', ').toLowerCase() ?? 'all'}. Types: ${types?.join(', ') ?? 'all'}.
Reason: ${policy.waiveReasons[form.reason]?.label ?? form.reason}.${form.comment && html` Comment: <bdi>${form.comment}</bdi>`}</p>`;
}

function differs(entry: BulkJob['entries'][number]): string {
  const { planned, earlier } = entry as Partial<BulkWaiveResult>;
  if (earlier) return 'waived by an earlier run';
  return planned && planned.waived !== entry.waived ? `${planned.waived} in the dry run` : '';
}
