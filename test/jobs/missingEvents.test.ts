import { runOpenItems } from 'patron-fees/bursar';
import { planPurge, planRetention } from 'patron-fees/jobs';
import {
  runAgedDebt,
  runAgedDebtors,
  runAuditTrail,
  runPaymentsList,
  runPaymentsReport,
  runPlansBehind,
  runStatements,
  runUnclaimedCredits,
} from 'patron-fees/reports';
import { afterAll, expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';

const institution = 'north';
const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });
const database = libsql.open(':memory:');
migrate(database);
const store = sqliteEventStore(database, { now: () => at });
afterAll(() => database.close());

const patrons = ['whole', 'no first', 'gap', 'also whole'];
for (const patronId of patrons) {
  const events = ['f1', 'f2', 'f3'].map((feeId) => ({
    type: 'FeeAssessed' as const,
    data: { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at },
  }));
  await store.append({ institution, patronId }, events, { expectedVersion: 0 });
}
database.exec("delete from patron_fees_event where patron_id = 'no first' and version = 1");
database.exec("delete from patron_fees_event where patron_id = 'gap' and version = 2");

type Finding = { readonly patronId?: string; readonly code: string };

const days = { institution, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };
const aged = { institution, timeZone: 'UTC', bandEndDays: [30], asOf: '2026-03-31' };
const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const old = { institution, at: '2046-11-27T09:00:00Z', settledForDays: 3_652, jobId: 'j1', by };

type Options = { readonly onFinding: (finding: Finding) => void };

/** Each job: an iterable if it yields lines, else a promise of its report. */
const jobs: Readonly<Record<string, (options: Options) => AsyncIterable<unknown> | Promise<unknown>>> = {
  runStatements: (options) => runStatements(store, policy, { institution }, options),
  runPlansBehind: (options) => runPlansBehind(store, policy, { institution, on: '2026-04-02' }, options),
  runAgedDebt: (options) => runAgedDebt(store, policy, aged, options),
  runAgedDebtors: (options) => runAgedDebtors(store, policy, aged, options),
  runAuditTrail: (options) => runAuditTrail(store, policy, days, options),
  runPaymentsReport: (options) => runPaymentsReport(store, policy, days, options),
  runPaymentsList: (options) => runPaymentsList(store, policy, days, options),
  runOpenItems: (options) =>
    runOpenItems(store, policy, { institution, timeZone: 'UTC', asOf: '2026-03-31' }, options),
  runUnclaimedCredits: (options) =>
    runUnclaimedCredits(
      store,
      policy,
      { institution, timeZone: 'UTC', asOf: '2026-03-31', idleForDays: 1 },
      options,
    ),
  planRetention: (options) => planRetention(store, policy, old, options),
  planPurge: (options) => planPurge(store, policy, { ...old, timeZone: 'UTC' }, { ...options, now: old.at }),
};

it.each(Object.keys(jobs))(
  '%s reports accounts in which events are missing, and processes the others',
  async (name) => {
    const findings: Finding[] = [];
    const yielded: unknown[] = [];
    const running = jobs[name]?.({ onFinding: (finding) => void findings.push(finding) }) as
      | AsyncIterable<unknown>
      | Promise<unknown>;
    if (Symbol.asyncIterator in running) for await (const line of running) yielded.push(line);
    else await running;
    expect(findings.map(({ patronId, code }) => [patronId, code])).toEqual([
      ['gap', 'CORRUPT_HISTORY'],
      ['no first', 'CORRUPT_HISTORY'],
    ]);
    if (name === 'runStatements' || name === 'runAgedDebtors')
      expect((yielded as Finding[]).map(({ patronId }) => patronId)).toEqual(['whole', 'also whole']);
  },
);
