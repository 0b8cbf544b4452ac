import { type Fault, isPatronFeesError } from 'patron-fees';
import {
  type BulkWaiveEntry,
  type BulkWaiveForm,
  type BulkWaiveTotals,
  planBulkWaive,
  runBulkWaive,
} from 'patron-fees/institution';
import { type Desk, institution } from './desk.js';
import { faultsText, refusalText } from './refusalText.js';
import type { Staff } from './staff.js';

/** A bulk waive: planned or run, and how far it is. */
export type BulkJob = {
  readonly id: string;
  /** Its `by` is who planned it, and then who ran it. */
  form: BulkWaiveForm;
  phase: 'plan' | 'run';
  state: 'working' | 'done' | 'stopped' | 'failed';
  done: number;
  total: number;
  entries: BulkWaiveEntry[];
  /** The entries of the dry run, which a run compares with. A restarted server no longer has them. */
  planned: readonly BulkWaiveEntry[];
  totals: BulkWaiveTotals | undefined;
};

/** The jobs of a desk. */
export type BulkJobs = {
  readonly find: (id: string) => BulkJob | undefined;
  /** Starts a dry run, or another one if the form was changed; returns why the form was refused, if it was. */
  readonly plan: (form: BulkWaiveForm) => string | undefined;
  /** Runs what was planned, as `by`; returns why it was refused, if it was. One that was stopped goes on. */
  readonly run: (id: string, by: BulkWaiveForm['by']) => string | undefined;
  readonly stop: (id: string) => void;
};

/** Why the library refuses a bulk waive to somebody, whatever the form says: a dry run over no patrons. */
export function bulkWaiveRefusal({ store, policy, now }: Desk, { userId, roles }: Staff): string | undefined {
  const [reason = ''] = Object.keys(policy.waiveReasons);
  const form = { jobId: 'dry-run', at: now(), by: { userId, roles }, institution, reason };
  const dryRun = planBulkWaive(store, policy, form, { patrons: [] });
  return dryRun.accepted ? undefined : refusalText(dryRun.rejection);
}

/** Jobs that work while the server answers. Their forms are stored, so that a restarted server finishes its runs. */
export function bulkJobs(desk: Desk): BulkJobs {
  const { database } = desk;
  database.exec(
    'CREATE TABLE IF NOT EXISTS desk_jobs (id TEXT PRIMARY KEY, form TEXT NOT NULL, state TEXT NOT NULL)',
  );
  const jobs = new Map<string, BulkJob>();
  const stops = new Map<string, AbortController>();
  const keep = ({ id, form, phase, state }: BulkJob) =>
    database
      .prepare(
        'INSERT INTO desk_jobs VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET form = excluded.form, state = excluded.state',
      )
      .run(id, JSON.stringify(form), `${phase} ${state}`);

  function begin(job: BulkJob, phase: BulkJob['phase']): string | undefined {
    const stop = new AbortController();
    if (phase === 'run' && job.phase === 'plan') job.planned = job.entries;
    const patrons = job.planned.length > 0 ? job.planned : desk.directory.all();
    const options = { patrons, total: patrons.length, signal: stop.signal };
    const begun = (phase === 'plan' ? planBulkWaive : runBulkWaive)(
      desk.store,
      desk.policy,
      job.form,
      options,
    );
    if (!begun.accepted) return refusalText(begun.rejection);
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

  for (const row of database.prepare("SELECT form FROM desk_jobs WHERE state = 'run working'").all()) {
    const { form } = row as { form: string };
    begin(newJob(JSON.parse(form)), 'run');
  }
  return {
    find: (id) => jobs.get(id),
    plan(form) {
      const known = jobs.get(form.jobId);
      if (known !== undefined && contentsOf(known.form) === contentsOf(form)) return undefined;
      if (known?.phase === 'run') return 'This form was run, with other contents. Open a new form.';
      const earlier = stops.get(form.jobId);
      try {
        const refused = begin(newJob(form), 'plan');
        if (refused === undefined) earlier?.abort();
        return refused;
      } catch (error) {
        if (isPatronFeesError(error, 'INVALID_ARGUMENT'))
          return faultsText(error.details.faults as readonly Fault[]) ?? error.message;
        throw error;
      }
    },
    run(id, by) {
      const job = jobs.get(id);
      if (job === undefined || job.state === 'working' || (job.phase === 'run' && job.state === 'done'))
        return;
      job.form = { ...job.form, by };
      return begin(job, 'run');
    },
    stop: (id) => stops.get(id)?.abort(),
  };
}

/** The criteria of a form, without its sender and time. */
function contentsOf({ at, by, ...contents }: BulkWaiveForm): string {
  return JSON.stringify(contents);
}

function newJob(form: BulkWaiveForm): BulkJob {
  const counts = { done: 0, total: 0, entries: [], planned: [], totals: undefined };
  return { id: form.jobId, form, phase: 'plan', state: 'working', ...counts };
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
