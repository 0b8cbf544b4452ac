import { definePolicy } from 'patron-fees';
import { type ErasingEventStore, execute } from 'patron-fees/history';
import type { JobReport } from 'patron-fees/jobs';
import { describe, expect, it } from 'vitest';
import {
  type AnyJob,
  at,
  call,
  everyJob,
  filledStores,
  institution,
  jobNames,
  made,
  order,
  policy,
} from '../support/everyJob.js';

// The one contract for jobs (decision 12), sentence by sentence, for every job that can be imported.

const jobOf = (name: string) => everyJob[name] as AnyJob;
/** Without jobs that are missing in `everyJob`, which the first test names. */
const knownNames = jobNames.filter((name) => name in everyJob);
const reportNames = knownNames.filter((name) => jobOf(name).isReport);

/** Returns the error of a call: a list throws it at the call, a job that returns a promise rejects. */
const refusal = async (...given: Parameters<typeof call>): Promise<unknown> => {
  try {
    await call(...given);
  } catch (error) {
    return error;
  }
  return undefined;
};

/** Stores that fail if anything is read, except a check of what they are. */
const untouchable = () => {
  const touched = () => {
    throw new Error('the store was read');
  };
  const store = { read: touched, append: touched, readAll: touched, accounts: touched, redact: touched };
  return { accounts: store, office: store };
};

/** The same stores, in which an event of a patron was deleted. */
function withGap(accounts: ErasingEventStore, patronId: string): ErasingEventStore {
  return {
    ...accounts,
    read: async (stream, options) => {
      const slice = await accounts.read(stream, options);
      if (stream.patronId !== patronId) return slice;
      return { ...slice, events: slice.events.filter(({ version }) => version !== 2) };
    },
  };
}

it('these tests cover every job', () => {
  expect(Object.keys(everyJob).sort()).toEqual(jobNames);
  expect(jobNames.length).toBeGreaterThanOrEqual(24);
});

describe.each(knownNames)('%s', (name) => {
  const { form, options, isReport } = jobOf(name);

  it('refuses its arguments before anything is read, with every fault', async () => {
    const wrong = { ...form, institution: '', jobId: 5, to: '2026-03-31' };
    const misspelt = { ...options?.(), concurency: 4, concurrency: 0 };
    const error = await refusal(name, untouchable(), policy, wrong, misspelt);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const faults = (error as { details: { faults: readonly { path: string }[] } }).details.faults;
    expect(faults.map(({ path }) => path).sort()).toEqual(
      expect.arrayContaining([
        'form.institution',
        'form.jobId',
        'form.to',
        'options.concurency',
        'options.concurrency',
      ]),
    );
    expect(String(await refusal(name, untouchable(), {}, form, options?.()))).toContain('INVALID_POLICY');
    expect(String(await refusal(name, {}, policy, form, options?.()))).toMatch(/stores/);
    expect(String(await refusal(name, undefined, policy, undefined, undefined))).toMatch(/stores.*form/);
  });

  it('says in its report who ordered it and why, without roles', async () => {
    const { report } = await made(name, await filledStores());
    const { roles: _roles, ...by } = (form as { readonly by: { readonly roles: readonly string[] } }).by;
    const { currency = 'USD' } = jobOf(name);
    const { jobId, reason } = order;
    expect(report.job).toEqual({
      ...{ jobId, institution, at, reason, owners: null, currency },
      by: 'channel' in by ? by : { channel: 'job', ...by },
    });
  });

  it('reports an account whose events are unreadable or missing as a finding', async () => {
    const { accounts, office } = await filledStores();
    const broken = withGap(accounts, 'u2');
    const found: unknown[] = [];
    const onFinding = (finding: unknown) => void found.push(finding);
    const heard = await made(name, { accounts: broken, office }, { options: { onFinding } });
    const { report } = heard;
    expect(report.findings.first.filter(({ patronId }) => patronId === 'u2')).not.toEqual([]);
    expect(found).toEqual(report.findings.first);
    expect(report.findings.count).toBe(found.length);
    const unheard = await made(name, { accounts: withGap((await filledStores()).accounts, 'u2'), office });
    expect(unheard.report.findings).toEqual(report.findings);
    expect(report.findings.first.filter(({ patronId }) => patronId === 'u1')).toEqual([]);
  });

  it('reports an account in another currency than the policy as a finding', async () => {
    const { report } = await made(name, await filledStores(undefined, 'EUR'));
    // A job for all currencies has null as its currency; erasing does not depend on one.
    const isForAny = jobOf(name).currency === null || /Purge|Retention/.test(name);
    const found = report.findings.first.map(({ patronId }) => String(patronId));
    expect(found.includes('u2')).toBe(!isForAny);
  });

  it('does the same under a policy that bounds the time of commands: its form says when it runs', async () => {
    const bounded = definePolicy({ ...policy, backdating: { days: 0 } });
    expect(await made(name, await filledStores(), { policy: bounded })).toEqual(
      await made(name, await filledStores()),
    );
  });

  it('says up to which recording time its report was made', async () => {
    const { recordedBefore } = (await made(name, await filledStores())).report;
    expect(recordedBefore).toMatch(/^2026-/);
    if (!isReport) expect(recordedBefore).toMatch(/\.\d{6}001Z$/);
  });

  it('puts the report so far into the error when it is cancelled', async () => {
    const reason = new Error('enough');
    const { accounts, office } = await filledStores();
    const stopping = new AbortController();
    const stops: typeof accounts = {
      ...accounts,
      read: async (stream, which) => {
        if (stream.patronId === 'u1') stopping.abort(reason);
        return accounts.read(stream, which);
      },
    };
    const which = { signal: stopping.signal, concurrency: 1 };
    const cancelled = await made(name, { accounts: stops, office }, { options: which }).catch(
      (error) => error,
    );
    expect(cancelled).toMatchObject({ code: 'JOB_CANCELLED', cause: reason, details: { reason } });
    const { report } = cancelled.details as { readonly report: JobReport };
    const { job, ...whole } = (await made(name, await filledStores())).report;
    expect(report.job).toEqual(job);
    expect(Object.keys(report).sort()).toEqual(['job', ...Object.keys(whole)].sort());
    expect(report.findings).toMatchObject({ count: expect.any(Number), first: expect.any(Array) });
  });
});

describe.each(reportNames)('%s', (name) => {
  it('can be made again from its report after more was recorded and another patron joined', async () => {
    const now = { at };
    const { accounts, office } = await filledStores(() => now.at);
    const first = await made(name, { accounts, office });
    // Two empty lists are equal, too.
    if (first.lines !== undefined) expect(first.lines.length).toBeGreaterThan(0);
    now.at = '2026-03-03T09:00:00Z';
    const later = { type: 'AssessFee', id: 'f9', feeType: 'OTHER', amount: '7', owner: 'MAIN', at } as const;
    await execute(accounts, policy, { institution, patronId: 'u1' }, [
      later,
      { type: 'ReceivePayment', id: 'p9', amount: '1', method: 'CASH', at },
      { type: 'RecallTransfer', id: 'b9', transferId: 'sent', at },
    ]);
    await execute(accounts, policy, { institution, patronId: 'u9' }, later);
    const { recordedBefore } = first.report;
    const again = await made(name, { accounts, office }, { form: { recordedBefore } });
    expect(again).toEqual(first);
  });

  it('leaves out what was recorded later', async () => {
    const before = '2026-03-01T00:00:00Z';
    const { report } = await made(name, await filledStores(), { form: { recordedBefore: before } });
    expect(report.recordedBefore).toBe(before);
    const { findings: _, file: __, ...figures } = report as JobReport & { readonly file?: unknown };
    expect(JSON.stringify(figures)).not.toMatch(/"[1-9]\d*\.00"/);
  });
});
