import { type Fault, isPatronFeesError } from 'patron-fees';
import { csvRows } from 'patron-fees/import';
import {
  type BulkWaiveEntry,
  type BulkWaiveForm,
  type BulkWaiveTotals,
  planBulkWaive,
  runBulkWaive,
} from 'patron-fees/jobs';
import { type Desk, institution } from './desk.js';
import { type FieldErrors, faultErrors } from './fieldErrors.js';
import { faultsText, refusalText } from './refusalText.js';
import type { Staff } from './staff.js';

/** The texts of the files that a form was sent with. */
export type JobFiles = { readonly set?: string | undefined; readonly fees?: string | undefined };

/** A bulk waive: planned or run, and how far it is. */
export type BulkJob = {
  readonly id: string;
  /** Another one for each dry run of the same form, so that only the one that somebody looked at is run. */
  readonly planId: string;
  /** Its `by` is who planned it, and then who ran it. */
  form: BulkWaiveForm;
  readonly files: JobFiles;
  phase: 'plan' | 'run';
  state: 'working' | 'done' | 'stopped' | 'failed';
  done: number;
  total: number;
  entries: BulkWaiveEntry[];
  /** The entries of the dry run, which a run compares with. */
  planned: readonly BulkWaiveEntry[];
  totals: BulkWaiveTotals | undefined;
};

/** Why a form was refused, in words, and by field where it is one. */
export type FormRefusal = { readonly text: string; readonly fields: FieldErrors };

/** The jobs of a desk. */
export type BulkJobs = {
  readonly find: (id: string) => BulkJob | undefined;
  /** All jobs, the newest first. */
  readonly all: () => readonly BulkJob[];
  /** Starts a dry run, or another one if the form was changed; returns why the form was refused, if it was. */
  readonly plan: (form: BulkWaiveForm, files: JobFiles) => FormRefusal | undefined;
  /**
   * Runs what was planned under a plan's id, as `by`; returns why it was refused, if it was. A run that was stopped goes on.
   */
  readonly run: (id: string, by: BulkWaiveForm['by'], planId: string) => string | undefined;
  readonly stop: (id: string) => void;
};

/** Why the library refuses a bulk waive to somebody, whatever the form says: a dry run over no patrons. */
export function bulkWaiveRefusal({ store, policy, now }: Desk, { userId, roles }: Staff): string | undefined {
  const [reason = ''] = Object.keys(policy.waiveReasons);
  const form = { jobId: 'dry-run', at: now(), by: { userId, roles }, institution, reason };
  const dryRun = planBulkWaive(store, policy, form, { patrons: [] });
  return dryRun.accepted ? undefined : refusalText(dryRun.rejection);
}

/**
 * Jobs that work while the server answers. Forms, files and results are stored, so that a restarted server lists them and
 * finishes its runs.
 */
export function bulkJobs(desk: Desk): BulkJobs {
  const { database } = desk;
  database.exec('CREATE TABLE IF NOT EXISTS desk_bulk_jobs (id TEXT PRIMARY KEY, job TEXT NOT NULL)');
  const jobs = new Map<string, BulkJob>();
  const stops = new Map<string, AbortController>();
  const keep = (job: BulkJob) =>
    database
      .prepare('INSERT INTO desk_bulk_jobs VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET job = excluded.job')
      .run(job.id, JSON.stringify(job));

  function begin(job: BulkJob, phase: BulkJob['phase']): FormRefusal | undefined {
    const stop = new AbortController();
    if (phase === 'run' && job.phase === 'plan') job.planned = job.entries;
    const patrons = job.planned.length > 0 ? job.planned : desk.directory.all();
    const options = {
      ...{ patrons, total: patrons.length, signal: stop.signal },
      ...(job.files.set !== undefined && { set: rowsOf(desk, job.files.set) }),
      ...(job.files.fees !== undefined && { fees: rowsOf(desk, job.files.fees) }),
    };
    const begun = (phase === 'plan' ? planBulkWaive : runBulkWaive)(
      { accounts: desk.store, office: desk.office },
      desk.policy,
      job.form,
      options,
    );
    if (!begun.accepted) {
      const text = refusalText(begun.rejection);
      return { text, fields: begun.rejection.type === 'ReasonUnknown' ? { reason: text } : {} };
    }
    Object.assign(job, {
      phase,
      state: 'working',
      done: 0,
      total: patrons.length,
      entries: [],
      totals: undefined,
    });
    jobs.set(job.id, job);
    stops.set(job.id, stop);
    keep(job);
    void work(job, begun.entries, begun.totals).then(
      () => finish(job, stop.signal.aborted ? 'stopped' : 'done'),
      (error: unknown) => {
        if (!stop.signal.aborted) console.error(error);
        finish(job, stop.signal.aborted ? 'stopped' : 'failed');
      },
    );
    return undefined;
  }

  function finish(job: BulkJob, state: BulkJob['state']): void {
    if (jobs.get(job.id) !== job) return;
    job.state = state;
    keep(job);
  }

  const stored = database.prepare('SELECT job FROM desk_bulk_jobs ORDER BY rowid').all();
  for (const { job: text } of stored as { job: string }[]) {
    const job = JSON.parse(text) as BulkJob;
    jobs.set(job.id, job);
    if (job.state === 'working') begin(job, job.phase);
  }
  return {
    find: (id) => jobs.get(id),
    all: () => [...jobs.values()].reverse(),
    plan(form, files) {
      const known = jobs.get(form.jobId);
      const isSame = known !== undefined && contentsOf(known.form, known.files) === contentsOf(form, files);
      const isOver = known?.state === 'stopped' || known?.state === 'failed';
      if (isSame && (known.phase === 'run' || !isOver)) return undefined;
      if (known?.phase === 'run')
        return { text: 'This form was run, with other contents. Open a new form.', fields: {} };
      const earlier = stops.get(form.jobId);
      try {
        const refused = begin(newJob(desk.newId(), form, files), 'plan');
        if (refused === undefined) earlier?.abort();
        return refused;
      } catch (error) {
        if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
        const faults = error.details.faults as readonly Fault[];
        return { text: faultsText(faults) ?? error.message, fields: faultErrors(faults) };
      }
    },
    run(id, by, planId) {
      const job = jobs.get(id);
      if (job !== undefined && job.planId !== planId)
        return 'The form was changed in another window. Look at the new dry run first.';
      if (job?.phase === 'plan' && job.state !== 'done')
        return 'The dry run did not come to its end, so nothing was waived. Send the form again.';
      if (job === undefined || job.state === 'working' || (job.phase === 'run' && job.state === 'done'))
        return;
      job.form = { ...job.form, by };
      return begin(job, 'run')?.text;
    },
    stop: (id) => stops.get(id)?.abort(),
  };
}

/** The rows of a text or CSV file. Its patrons may have a column `barcode` instead of `patronId`. */
async function* rowsOf({ directory }: Desk, text: string) {
  const [header = ''] = text.split('\n', 1);
  const delimiter = ['\t', ';'].find((character) => header.includes(character)) ?? ',';
  const ids = new Map(directory.all().map(({ barcode, patronId }) => [barcode, patronId]));
  for await (const row of csvRows([text], { delimiter })) {
    const barcode = 'unreadable' in row ? undefined : row.barcode;
    yield barcode === undefined || 'patronId' in row
      ? row
      : { ...row, patronId: ids.get(barcode) ?? barcode };
  }
}

/** The criteria of a form, without its sender and time. */
function contentsOf({ at, by, ...contents }: BulkWaiveForm, files: JobFiles): string {
  return JSON.stringify([contents, files]);
}

function newJob(planId: string, form: BulkWaiveForm, files: JobFiles): BulkJob {
  const counts = { done: 0, total: 0, entries: [], planned: [], totals: undefined };
  return { id: form.jobId, planId, form, files, phase: 'plan', state: 'working', ...counts };
}

async function work(job: BulkJob, entries: AsyncIterable<BulkWaiveEntry>, totals: () => BulkWaiveTotals) {
  for await (const entry of entries) {
    job.entries.push(entry);
    job.done += 1;
    // Lets the server answer others between two patrons.
    await new Promise((resolve) => setImmediate(resolve));
  }
  job.totals = totals();
}
