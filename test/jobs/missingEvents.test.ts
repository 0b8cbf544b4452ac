import {
  planPurge,
  planRetention,
  runAgedDebt,
  runAgedDebtors,
  runAuditTrail,
  runOpenItems,
  runPaymentsList,
  runPaymentsReport,
  runPlansBehind,
  runStatements,
} from 'patron-fees/institution';
import { afterAll, expect, it } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
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

type Finding = { readonly patronId: string; readonly code: string };

const days = { institution, timeZone: 'UTC', from: '2026-03-01', to: '2026-03-31' };
const aged = { institution, timeZone: 'UTC', bandEndDays: [30], asOf: '2026-03-31' };
const actor = { userId: 'mo', roles: ['USER_MANAGER'] };
const old = { institution, at: '2046-11-27T09:00:00Z', settledForDays: 3_652, actor };

/** Each job, as a list of what it yields; an empty one for a job that returns a report. */
const jobs: Readonly<
  Record<
    string,
    (store: EventStore, onFinding: (finding: Finding) => void) => AsyncIterable<unknown> | Promise<unknown>
  >
> = {
  runStatements: (events) => runStatements(events, policy, { institution }),
  runPlansBehind: (events) => runPlansBehind(events, policy, { institution, on: '2026-04-02' }),
  runAgedDebt: (events, onFinding) => runAgedDebt(events, policy, aged, { onFinding }),
  runAgedDebtors: (events, onFinding) => runAgedDebtors(events, policy, aged, { onFinding }),
  runAuditTrail: (events, onFinding) => runAuditTrail(events, days, { onFinding }),
  runPaymentsReport: (events, onFinding) => runPaymentsReport(events, policy, days, { onFinding }),
  runPaymentsList: (events, onFinding) => runPaymentsList(events, policy, days, { onFinding }),
  runOpenItems: (events, onFinding) =>
    runOpenItems(events, policy, { institution, timeZone: 'UTC', asOf: '2026-03-31' }, { onFinding }),
  planRetention: (_, onFinding) => planRetention(store, policy, { ...old, jobId: 'r1' }, { onFinding }),
  planPurge: (_, onFinding) =>
    planPurge(store, policy, { ...old, purgeId: 'p1', timeZone: 'UTC' }, { onFinding }),
};

it.each(Object.keys(jobs))(
  '%s reports accounts in which events are missing, and processes the others',
  async (name) => {
    const findings: Finding[] = [];
    const yielded: unknown[] = [];
    const running = jobs[name]?.(store, (finding) => void findings.push(finding)) as
      | AsyncIterable<unknown>
      | Promise<unknown>;
    if (Symbol.asyncIterator in running) for await (const result of running) yielded.push(result);
    else yielded.push(await running);
    const found = [...findings, ...(yielded as Finding[]).filter(({ code }) => code !== undefined)];
    expect(found.map(({ patronId, code }) => [patronId, code])).toEqual([
      ['gap', 'CORRUPT_HISTORY'],
      ['no first', 'CORRUPT_HISTORY'],
    ]);
    const text = JSON.stringify(yielded);
    if (name === 'runStatements' || name === 'runAgedDebtors')
      expect(['whole', 'also whole'].filter((patronId) => text.includes(`"${patronId}"`))).toHaveLength(2);
  },
);
