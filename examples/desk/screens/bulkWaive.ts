import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type BulkWaiveForm, type BulkWaiveResult, bulkWaiveCsv } from 'patron-fees/jobs';
import { type BulkJob, bulkJobs, bulkWaiveRefusal, type FormRefusal, type JobFiles } from '../bulkJobs.js';
import { type Desk, institution, place } from '../desk.js';
import { fieldError, invalid } from '../fieldErrors.js';
import {
  counted,
  csrf,
  feeTypeLabels,
  type Html,
  moment,
  money,
  options,
  page,
  refusalPage,
} from '../pages.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { amountField, commentField, optional, text } from './money.js';

const SHOWN = 100;

/** Why nothing was waived for a patron, in the words of the form. */
const reasonsNotWaived: Readonly<Record<string, string>> = {
  OwedAboveThreshold: 'more owed than the threshold',
  HasOverdueLoans: 'overdue loans',
  GroupNotChosen: 'in another user group',
  NothingToWaive: 'nothing owed of these types and days',
  NoAccount: 'no account',
  NotInSet: 'not in the set',
  NotInFile: 'no fee in the file',
  PatronRepeated: 'listed twice',
  AccountUnreadable: 'the account cannot be read',
  AccountBusy: 'others were changing the account',
  NotPermitted: 'more owed of these types than your roles may waive',
  ApprovalRequired: 'so much has to be approved by somebody else: waive it on the form of the patron',
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
    return request.html(formPage(request, new URLSearchParams({ jobId }), jobs.all()));
  });
  app.post('/bulk-waive', async (request) => {
    const values = await formOf(request);
    const files = { set: values.get('set') || undefined, fees: values.get('fees') || undefined };
    const refused = jobs.plan(formFrom(request, values, files), files);
    if (refused !== undefined) return request.html(formPage(request, values, jobs.all(), refused), 422);
    return request.redirect(addressOf(values.get('jobId') ?? ''), 303);
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
  app.post('/bulk-waive/:jobId/run', async (request) => {
    const jobId = request.req.param('jobId');
    const refused = jobs.run(jobId, actorOf(request), (await formOf(request)).get('planId') ?? '');
    const job = jobs.find(jobId);
    if (refused === undefined || job === undefined) return request.redirect(addressOf(jobId), 303);
    return request.html(jobPage(request, job, refused), 409);
  });
  app.post('/bulk-waive/:jobId/stop', (request) => {
    const jobId = request.req.param('jobId');
    jobs.stop(jobId);
    return request.redirect(addressOf(jobId), 303);
  });
}

function addressOf(jobId: string): string {
  return `/bulk-waive/${encodeURIComponent(jobId)}`;
}

function formFrom(request: Request, values: URLSearchParams, { set, fees }: JobFiles): BulkWaiveForm {
  const [groups, feeTypes] = [values.getAll('group'), values.getAll('feeType')];
  const days = { ...optional(values, 'createdFrom'), ...optional(values, 'createdThrough') };
  return {
    jobId: values.get('jobId') ?? '',
    at: request.var.desk.now(),
    by: actorOf(request),
    institution,
    excludeOverdueLoans: values.has('excludeOverdueLoans'),
    ...optional(values, 'threshold'),
    ...(groups.length > 0 && { groups }),
    ...(feeTypes.length > 0 && { feeTypes }),
    ...days,
    ...(Object.keys(days).length > 0 && { timeZone: place.timeZone }),
    ...(set !== undefined && { setName: text(values, 'setName') ?? 'set' }),
    ...(fees !== undefined && { fileName: text(values, 'feesName') ?? 'file' }),
    reason: values.get('reason') ?? '',
    ...optional(values, 'comment'),
  };
}

function actorOf(request: Request): BulkWaiveForm['by'] {
  const { user } = request.var.session;
  return { userId: user?.userId ?? '', roles: user?.roles ?? [] };
}

function formPage(
  request: Request,
  values: URLSearchParams,
  jobs: readonly BulkJob[],
  refused?: FormRefusal,
): Html {
  const { policy, directory } = request.var.desk;
  const errors = refused?.fields ?? {};
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
  const date = (id: string, label: string) =>
    html`<p><label for="${id}">${label}</label> <input type="date" id="${id}" name="${id}" value="${values.get(id)}"${invalid(errors, id)}>${fieldError(errors, id)}</p>`;
  const file = (id: string, label: string, columns: string) =>
    html`<p><label for="${id}">${label}</label> <input type="file" id="${id}" name="${id}" accept=".txt,.csv" aria-describedby="${id}-columns">
<small id="${id}-columns">A text or CSV file with the columns ${columns}, at most 10 MB${refused && values.get(id) && '. Choose it again'}.</small></p>`;
  const content = html`<form method="post" action="/bulk-waive" enctype="multipart/form-data">${csrf(request)}
<input type="hidden" name="jobId" value="${values.get('jobId')}">
${amountField('Maximum Fine Threshold to Waive (none: no limit)', 'threshold', values.get('threshold') ?? '', policy.currency, errors)}
<p><input type="checkbox" id="exclude" name="excludeOverdueLoans"${values.has('excludeOverdueLoans') && html` checked`}>
<label for="exclude">Exclude users with overdue loans</label></p>
${list('group', 'User Group (none chosen: all)', groups)}
${list('feeType', 'Waive Fines Types (none chosen: all)', feeTypeLabels(policy, 'waiveable'))}
<fieldset class="row"><legend>Creation Date Range</legend>${date('createdFrom', 'From')}${date('createdThrough', 'Through')}</fieldset>
<fieldset class="row"><legend>Set of users</legend><p><label for="setName">Set Name</label>
<input id="setName" name="setName" value="${values.get('setName')}" autocomplete="off"></p>${file('set', 'Users', 'barcode or patronId')}</fieldset>
${file('fees', 'Fines from File', 'barcode or patronId, and feeId')}
<p><label for="reason">Waiving Reason</label> <select id="reason" name="reason"${invalid(errors, 'reason')}><option value="">Choose a reason</option>
${options(policy.waiveReasons, values.get('reason'))}</select>${fieldError(errors, 'reason')}</p>${commentField(values, errors)}
<p class="buttons"><button>Show what would be waived</button></p></form>
${jobs.length > 0 && jobList(request, jobs.slice(0, SHOWN))}`;
  const alert = refused && html`<p>${refused.text}</p>`;
  return page(request, { title: 'Bulk fine waiving', alert, errors }, content);
}

const states = { working: 'Working', stopped: 'Stopped', failed: 'Failed', done: 'Done' } as const;

/** The jobs so far, the newest first. A restarted server still has them. */
function jobList(request: Request, jobs: readonly BulkJob[]): Html {
  const { policy } = request.var.desk;
  const rows = jobs.map(({ id, form, phase, state, totals }) => {
    return [
      html`<a href="${addressOf(id)}">${moment(form.at)}</a>`,
      staffName(form.by.userId),
      policy.waiveReasons[form.reason]?.label ?? form.reason,
      `${phase === 'plan' ? 'Dry run' : 'Run'}: ${states[state].toLowerCase()}`,
      totals?.patronsWaived,
      totals && money(totals.waived, totals.currency),
    ];
  });
  const columns = [
    { name: 'Ordered', head: true },
    ...named('By', 'Reason', 'State'),
    ...amounts('Patrons', 'Waived'),
  ];
  return table('Jobs', columns, rows);
}

function jobPage(request: Request, job: BulkJob, refused?: string): Html {
  const { id, planId, phase, state, done, total, entries, totals } = job;
  const { directory } = request.var.desk;
  const title = phase === 'plan' ? 'Bulk fine waiving: dry run' : 'Bulk fine waiving: result';
  const button = (step: string, label: string) =>
    html`<form method="post" action="${addressOf(id)}/${step}">${csrf(request)}<input type="hidden" name="planId" value="${planId}"><button>${label}</button></form>`;
  const working = state === 'working';
  const progress = html`<div data-refresh="${working && '1'}"><p id="progress">${states[state]}: ${done} of ${counted(total, 'patron')}</p>
<progress value="${done}" max="${total}" aria-labelledby="progress"></progress></div>`;
  const changed = entries.filter(({ because }) => because === null);
  const rows = changed
    .slice(0, SHOWN)
    .map((entry) => [
      html`<a href="/patrons/${encodeURIComponent(entry.patronId)}/fees?status=all"><bdi>${directory.find(entry.patronId)?.name ?? entry.patronId}</bdi></a>`,
      entry.owed,
      entry.waived,
      entry.group?.toLowerCase(),
      differs(entry),
    ]);
  const columns = [{ name: 'Patron', head: true }, ...amounts('Owed', 'Waived'), ...named('Group', 'Note')];
  const caption =
    changed.length > SHOWN ? `The first ${SHOWN} of ${counted(changed.length, 'patron')}` : 'Patrons';
  const content = html`${criteria(request, job.form)}${progress}
${working && button('stop', 'Stop')}
${totals && figures(phase, totals, (patronId) => html`<bdi>${directory.find(patronId)?.name ?? patronId}</bdi>`)}
${phase === 'plan' && state === 'done' && button('run', 'Run Bulk Fine Waiving')}
${phase === 'plan' && (state === 'stopped' || state === 'failed') && html`<p>The dry run did not come to its end. Go back to its form and send it again.</p>`}
${phase === 'run' && (state === 'stopped' || state === 'failed') && button('run', 'Go on')}
${rows.length > 0 && table(caption, columns, rows)}
<p><a href="${addressOf(id)}/report.csv">All as CSV</a>, <a href="/bulk-waive">new form and all jobs</a></p>`;
  // Without JavaScript the page loads itself again while the job works.
  const head = html`${working && html`<noscript><meta http-equiv="refresh" content="1"></noscript>`}`;
  const alert = refused === undefined ? undefined : html`<p>${refused}</p>`;
  return page(request, { title, head, alert }, content);
}

/** What a job did, and the patrons and rows that it left out. */
function figures(
  phase: BulkJob['phase'],
  totals: NonNullable<BulkJob['totals']>,
  nameOf: (patronId: string) => Html,
): Html {
  const { patronsWaived, feesWaived, waived, currency, differing, notWaived, findings } = totals;
  const left = Object.entries(notWaived).map(
    ([why, count]) => html`<li>${counted(count, 'patron')} not waived: ${reasonsNotWaived[why] ?? why}</li>`,
  );
  const found = findings.first.slice(0, SHOWN).map((finding) => {
    if (finding.patronId === null && !('row' in finding)) {
      const { jobId, at } = finding.rejection;
      return html`<li>The bulk waive <bdi>${jobId}</bdi> of ${moment(at)} had the same file of fees: nothing is waived twice.</li>`;
    }
    if (!('row' in finding)) return html`<li>${nameOf(finding.patronId)}: ${finding.message}</li>`;
    const { list, row, feeId, patronId, message } = finding;
    return html`<li>${list === 'set' ? 'Set' : 'File'}, row ${row}${patronId && html`: ${nameOf(patronId)}${feeId && html`, fee <bdi>${feeId}</bdi>`}`}: ${message}</li>`;
  });
  return html`<p>${counted(patronsWaived, 'patron')}, ${counted(feesWaived, 'fee')}: <strong>${money(waived, currency)}</strong>
${phase === 'plan' ? ' would be waived' : ` waived; ${counted(differing, 'patron differs', 'patrons differ')} from the dry run`}.</p>
<ul>${left}</ul>
${found.length > 0 && html`<h2>${counted(findings.count, 'finding')}</h2><ul>${found}</ul>`}`;
}

/** What the form of a job said. */
function criteria(request: Request, form: BulkWaiveForm): Html {
  const { policy } = request.var.desk;
  const types = form.feeTypes?.map((code) => policy.feeTypes[code]?.label ?? code);
  return html`<p>Threshold: ${form.threshold === undefined ? 'no limit' : money(form.threshold, policy.currency)}.
Users with overdue loans: ${form.excludeOverdueLoans ? 'excluded' : 'included'}.
User groups: ${form.groups?.join(', ').toLowerCase() ?? 'all'}. Types: ${types?.join(', ') ?? 'all'}.
Created: ${form.createdFrom ? `from ${form.createdFrom}` : 'from the beginning'} ${form.createdThrough ? `through ${form.createdThrough}` : 'until today'}.
Set: ${form.setName ?? 'none'}. File: ${form.fileName ?? 'none'}.
Reason: ${policy.waiveReasons[form.reason]?.label ?? form.reason}.${form.comment && html` Comment: <bdi>${form.comment}</bdi>`}</p>`;
}

function differs(entry: BulkJob['entries'][number]): string {
  const { planned, earlier } = entry as Partial<BulkWaiveResult>;
  if (earlier) return 'waived by an earlier run';
  return planned && planned.waived !== entry.waived ? `${planned.waived} in the dry run` : '';
}
