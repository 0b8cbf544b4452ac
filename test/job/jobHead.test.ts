import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePolicy } from 'patron-fees';
import { memoryEventStore } from 'patron-fees/history';
import * as imports from 'patron-fees/import';
import * as institutions from 'patron-fees/institution';
import { officeEvents } from 'patron-fees/institution';
import { afterAll, describe, expect, it } from 'vitest';
import { jobHead } from '../../src/job/jobHead.js';

const folder = mkdtempSync(join(tmpdir(), 'patron-fees-heads-'));

afterAll(() => rmSync(folder, { recursive: true }));

const policy = definePolicy({ currency: 'USD' });
const institution = 'north';
const at = '2026-03-02T09:00:00Z';
const zone = { institution, timeZone: 'UTC' };
const period = { ...zone, from: '2026-03-01', to: '2026-03-31' };
const job = {
  jobId: 'j',
  at,
  by: { channel: 'desk', userId: 'mo', roles: ['CHIEF'] },
  reason: 'OTHER',
} as const;
const { jobId, by, reason } = job;
const actor = { userId: 'mo', roles: ['USER_MANAGER'] };
const erased = { institution, at, actor, settledForDays: 365 };

const now = () => at;
const accounts = memoryEventStore({ now });
const office = memoryEventStore({ now, codec: officeEvents });

type Report = institutions.JobReport;

/** The value that a job returns after its last line. */
async function ended(lines: AsyncGenerator<unknown, Report>): Promise<Report> {
  for (;;) {
    const next = await lines.next();
    if (next.done) return next.value;
  }
}

const accepted = <Outcome extends { readonly accepted: boolean }>(outcome: Outcome) =>
  outcome as Extract<Outcome, { readonly accepted: true }>;

/** What a job repeats in its head. `jobId` and `at` are the same in all of them. */
type Known = {
  readonly by?: object | null;
  readonly reason?: string | null;
  readonly owners?: readonly string[];
};

const byMo = { channel: 'desk', userId: 'mo' };
const byJob = { channel: 'job', userId: 'mo' };

/** Runs each job with all that its form says about the order. */
const jobs: Record<string, () => readonly [report: Report | Promise<Report>, known?: Known]> = {
  runAccrual: () => [
    institutions.runAccrual(accounts, policy, { jobId, at, institution, by: byMo as never }, { loans: [] }),
    { reason: null },
  ],
  runAgedDebt: () => [
    institutions.runAgedDebt(accounts, policy, { ...zone, job, asOf: at, owners: ['LAW'] }),
    { owners: ['LAW'] },
  ],
  runAgedDebtors: () => [
    ended(institutions.runAgedDebtors(accounts, policy, { ...zone, job, asOf: at, owners: ['LAW'] })),
    { owners: ['LAW'] },
  ],
  runAuditTrail: () => [ended(institutions.runAuditTrail(accounts, { ...period, job }))],
  runBulkWaive: () => {
    const form = { jobId, at, actor, institution, reason };
    return [
      accepted(institutions.runBulkWaive(accounts, policy, form, { patrons: [] })).totals(),
      { by: byJob },
    ];
  },
  runBursarBalances: () => [
    institutions.runBursarBalances({ accounts, office }, policy, { ...zone, job, asOf: '2026-03-31' }),
  ],
  runBursarChanges: () => [
    ended(institutions.runBursarChanges(accounts, policy, { institution, job, from: at, to: at })),
  ],
  runBursarExport: () => [
    institutions.runBursarExport(
      accounts,
      policy,
      { jobId, at, by, institution, fees: { owners: ['LAW'] } },
      { file: join(folder, 'sent.csv'), format: 'csv' },
    ),
    { reason: null, owners: ['LAW'] },
  ],
  runBursarReconciliation: () => [
    institutions
      .runBursarExport(
        accounts,
        policy,
        { jobId: 'sent', at, institution, fees: {} },
        { file: join(folder, 'file.csv'), format: 'csv' },
      )
      .then(() =>
        institutions.runBursarReconciliation(accounts, policy, {
          institution,
          jobId: 'sent',
          job,
          file: { file: join(folder, 'file.csv'), format: 'csv' },
        }),
      ),
  ],
  runImport: () => [
    imports.runImport(accounts, policy, { jobId, at, by, reason, institution }, { accounts: [] }),
  ],
  runJournalExport: () => [
    institutions.runJournalExport(
      accounts,
      policy,
      { ...zone, job, format: 'csv' },
      { file: join(folder, 'journal.csv') },
    ),
  ],
  runOpenItems: () => [
    ended(institutions.runOpenItems(accounts, policy, { ...zone, job, asOf: '2026-03-31' })),
  ],
  runPaymentsList: () => [ended(institutions.runPaymentsList(accounts, policy, { ...period, job }))],
  runPaymentsReport: () => [institutions.runPaymentsReport(accounts, policy, { ...period, job })],
  runPlansBehind: () => [
    ended(institutions.runPlansBehind(accounts, policy, { institution, job, on: '2026-03-31' })),
  ],
  runPurge: () => [
    institutions
      .runPurge(accounts, policy, { ...zone, ...erased, purgeId: jobId, reason })
      .then((result) => accepted(result).report),
    { by: byJob },
  ],
  runRetention: () => [
    institutions
      .runRetention(accounts, policy, { ...erased, jobId, reason })
      .then((result) => accepted(result).report),
    { by: byJob },
  ],
  runSettlementImport: () => [
    institutions.runSettlementImport(accounts, policy, { jobId, at, by, institution, source: { rows: [] } }),
    { reason: null },
  ],
  runStatements: () => [ended(institutions.runStatements(accounts, policy, { institution, job }))],
  runTillReport: () => [institutions.runTillReport({ accounts, office }, policy, { ...period, job })],
};

const names = [...Object.keys(institutions), ...Object.keys(imports)].filter((name) =>
  /^run[A-Z]/.test(name),
);

describe('the report of every job', () => {
  it('is of every job that can be imported', () => {
    expect(Object.keys(jobs)).toEqual([...names].sort());
  });

  it.each(names)('says who ordered the job and why: %s', async (name) => {
    const [report, known] = (jobs[name] as (typeof jobs)[string])();
    const currency = name === 'runAuditTrail' ? null : 'USD';
    const head = { jobId, institution, at, by: byMo, reason, owners: null, currency };
    expect((await report).job).toEqual({ ...head, ...known });
  });

  it('has null for what was not said', async () => {
    const { job: head } = await institutions.runTillReport({ accounts, office }, policy, period);
    const absent = { jobId: null, at: null, by: null, reason: null, owners: null };
    expect(head).toEqual({ institution, currency: 'USD', ...absent });
  });

  it('refuses an order that is misspelt', async () => {
    const form = { ...period, job: { ...job, user: 'mo' } };
    await expect(institutions.runTillReport({ accounts, office }, policy, form)).rejects.toThrow(
      'form.job.user',
    );
  });
});

it('says who ordered a job and why, without roles', () => {
  const form = { ...job, institution, owners: ['LAW'] };
  expect(jobHead(form, 'USD')).toEqual({ ...form, by: byMo, currency: 'USD' });
});
