import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { institution, policy } from '../../../examples/support/generatedPatrons.js';
import {
  executeRemittance,
  runBursarBalances,
  runBursarChanges,
  runBursarExport,
  runBursarReconciliation,
} from '../../../src/bursar/index.js';
import { type ErasingEventStore, type EventStore, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import {
  type AccruingLoan,
  type DirectoryPatron,
  runAccrual,
  runBulkWaive,
  runPurge,
  runRetention,
} from '../../../src/jobs/index.js';
import {
  journalText,
  runAgedDebtors,
  runAuditTrail,
  runPaymentsList,
} from '../../../src/jobs/reports/index.js';
import {
  executeTill,
  issueReceipt,
  type OfficeStore,
  officeEvents,
  runTillReport,
} from '../../../src/office/index.js';
import { defineCalendar, defineFineRule } from '../../../src/overdue/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { patronIdOf } from './filledStore.js';

const at = '2026-11-25T02:00:00Z';

/** Runs a job over a number of accounts. */
type Job = (store: EventStore, accounts: number) => Promise<unknown>;

/** The measured jobs. Those that write do so to about half of the accounts. */
export const jobs: Readonly<Record<string, Job>> = {
  bulkWaive: async (store, accounts) => {
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = { jobId: 'bench', at, by, institution, threshold: '25', reason: 'OTHER' };
    const job = runBulkWaive(store, policy, form, { patrons: directory(accounts) });
    if (!job.accepted) throw new Error(job.rejection.type);
    for await (const _ of job.entries);
    return job.totals();
  },
  bursarExport: async (store) =>
    withFile(async (file) => {
      const fees = { minimumAmount: '15', minimumAgeDays: 90 };
      const form = { jobId: 'bench', institution, at, fees };
      return await runBursarExport(store, policy, form, { file, format: 'csv' });
    }),
  placement: async (store) =>
    withFile(async (file) => {
      const wholeAccounts = { owedAbove: '25', minimumAgeDays: 60 };
      const form = { jobId: 'placement', institution, at, fees: {}, wholeAccounts };
      return await runBursarExport(store, policy, form, { file, format: 'csv' });
    }),
  openItems: async (store) => {
    const form = { institution, timeZone: 'America/New_York', asOf: '2030-12-31' };
    return await runBursarBalances({ accounts: store }, policy, form);
  },
  bursarChanges: async (store) => {
    const form = { institution, from: '2000-01-01T00:00:00Z', before: '2030-01-01T00:00:00Z' };
    let lines = 0;
    for await (const _ of runBursarChanges(store, policy, form)) lines += 1;
    return lines;
  },
  reconciliation: async (store) =>
    withFile(async (file) => {
      const form = { jobId: 'bench', institution, at, fees: {} };
      await runBursarExport(store, policy, form, { file, format: 'csv' });
      const source = { file, format: 'csv' } as const;
      const report = await runBursarReconciliation(store, policy, {
        institution,
        exportJobId: 'bench',
        file: source,
      });
      if (report.findings.count > 0) throw new Error(JSON.stringify(report));
    }),
  accrual: async (store, accounts) => {
    const form = { jobId: 'bench', institution, at, rules: { books }, calendars: { MAIN: main } };
    return await runAccrual(store, policy, form, { loans: overdueLoans(accounts) });
  },
  paymentsList: async (store) => {
    const form = { institution, timeZone: 'America/New_York', from: '2020-01-01', through: '2030-12-31' };
    let lines = 0;
    for await (const _ of runPaymentsList(store, policy, form)) lines += 1;
    return lines;
  },
  journalOfMonth: async (store) => {
    const form = {
      institution,
      timeZone: 'America/New_York',
      from: '2026-11-01',
      through: '2026-11-30',
    } as const;
    let bytes = 0;
    for await (const piece of journalText(store, policy, {
      ...form,
      format: 'hledger',
      entries: 'monthly',
    })) {
      bytes += piece.length;
    }
    return bytes;
  },
  journalOnCashBasis: async (store) => {
    const form = { institution, timeZone: 'America/New_York', format: 'csv', basis: 'cash' } as const;
    let bytes = 0;
    for await (const piece of journalText(store, policy, form)) bytes += piece.length;
    return bytes;
  },
  auditTrail: async (store) => {
    const form = { institution, timeZone: 'America/New_York', from: '2020-01-01', through: '2030-12-31' };
    let lines = 0;
    for await (const _ of runAuditTrail(store, policy, form)) lines += 1;
    return lines;
  },
  debtors: async (store) => {
    const form = { institution, timeZone: 'America/New_York', asOf: '2026-11-30' };
    let lines = 0;
    for await (const _ of runAgedDebtors(store, policy, form)) lines += 1;
    return lines;
  },
  retention: async (store) => {
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = { institution, at: '2029-01-01T00:00:00Z', by, settledForDays: 365 };
    return await runRetention(store as ErasingEventStore, policy, form);
  },
  purge: async (store) => {
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const age = { at: '2040-01-01T00:00:00Z', settledForDays: 3_652 };
    const form = { jobId: 'bench', institution, by, timeZone: 'America/New_York', ...age };
    return await runPurge(store as ErasingEventStore, policy, form, { now: age.at });
  },
  tills: async (accounts, count) =>
    withOffice(async (office) => {
      const by = { channel: 'desk', userId: 'ana' } as const;
      for (let n = 0; n < count / ACCOUNTS_PER_SESSION; n++) {
        const till = { institution, till: `till-${Math.floor(n / SESSIONS_PER_STREAM)}` };
        const sessionId = `session-${n}`;
        const cash = [{ method: 'CASH', amount: '50.00' }];
        const day = new Date(Date.parse(at) + (n % SESSIONS_PER_STREAM) * 86_400_000).toISOString();
        const session = { sessionId, at: day, by };
        await decided(
          executeTill(office, policy, till, { type: 'OpenTill', id: sessionId, float: '50', at: day, by }),
        );
        await decided(
          executeTill(office, policy, till, {
            type: 'CloseTill',
            id: `close-${n}`,
            ...session,
            takings: [],
            counts: cash,
          }),
        );
      }
      const form = { institution, timeZone: 'America/New_York', from: '2026-11-25', through: '2026-11-25' };
      return await runTillReport({ accounts, office }, policy, form);
    }),
  remittances: async (accounts, count) =>
    withOffice(async (office) => {
      const by = { channel: 'desk', userId: 'fin' } as const;
      const remittances = count / ACCOUNTS_PER_SESSION;
      const codes = Array.from(
        { length: Math.ceil(remittances / SESSIONS_PER_STREAM) },
        (_, n) => `agency-${n}`,
      );
      const destinations = Object.fromEntries(codes.map((code) => [code, code]));
      const rules = definePolicy({ ...policy, destinations });
      for (let n = 0; n < remittances; n++) {
        const destination = codes[Math.floor(n / SESSIONS_PER_STREAM)] as string;
        const about = { destination, direction: 'received', amount: '30.00', at, by } as const;
        await decided(
          executeRemittance(
            office,
            rules,
            { institution },
            { type: 'RecordRemittance', id: `r${n}`, ...about },
          ),
        );
      }
      const form = { institution, timeZone: 'America/New_York', asOf: '2030-12-31' };
      return await runBursarBalances({ accounts, office }, rules, form);
    }),
  receipts: async (accounts) => {
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const by = { channel: 'desk', userId: 'ana' } as const;
    const form = { institution, timeZone: 'America/New_York', from: '2020-01-01', through: '2030-12-31' };
    for await (const { patronId, kind, id } of runPaymentsList(accounts, policy, form)) {
      if (kind !== 'gross') continue;
      const payment = { institution, patronId, kind: 'payment', subjectId: id } as const;
      await issueReceipt({ accounts, office }, policy, { ...payment, series: '2026', at, by });
    }
  },
};

/** The accounts for one session of a till, and for one remittance. */
const ACCOUNTS_PER_SESSION = 10;

/**
 * The sessions of one till, and the remittances of one agency. A command reads all of them, so that its time depends on
 * their number: it is the same at every size.
 */
const SESSIONS_PER_STREAM = 50;

/** Runs a job with a store of the office in a file, so that its events do not count as memory of the job. */
async function withOffice<Result>(job: (office: OfficeStore) => Promise<Result>): Promise<Result> {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  try {
    migrate(database);
    return await job(sqliteEventStore(database, { synchronous: 'normal', codec: officeEvents }));
  } finally {
    database.close();
    remove();
  }
}

/** Throws if a command is refused: a refused one would be measured as a fast one. */
async function decided(
  executed: Promise<{ readonly decision: { readonly accepted: boolean } }>,
): Promise<void> {
  const { decision } = await executed;
  if (!decision.accepted) throw new Error(JSON.stringify(decision));
}

/** Runs a job with a file that is removed afterwards. */
async function withFile<Result>(job: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-bursar-'));
  try {
    return await job(join(folder, 'export.csv'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const weekday = ['09:00-20:00'];

/** The calendar of the overdue loans. */
export const main = defineCalendar({
  timeZone: 'America/New_York',
  openingHours: { monday: weekday, tuesday: weekday, wednesday: weekday, thursday: weekday, friday: weekday },
  closures: [{ everyYear: '12-25' }, { from: '2026-11-11' }, { from: '2026-07-03', to: '2026-07-06' }],
});

/** The fine rule of the overdue loans. */
export const books = defineFineRule({
  currency: 'USD',
  amount: '0.25',
  period: { length: 1, unit: 'day' },
  closedTime: 'daysExcluded',
  grace: { length: 2, unit: 'day' },
  maximum: '10.00',
});

/** A loan of every patron: most are late by up to 300 days, some are within grace, some came back. */
async function* overdueLoans(accounts: number): AsyncGenerator<AccruingLoan> {
  const now = Date.parse(at);
  for (let n = 0; n < accounts; n++) {
    const dueAt = new Date(now - (n % 300) * 86_400_000).toISOString();
    const loan = { patronId: patronIdOf(n), loanId: `loan-${n}`, dueAt, owner: 'MAIN' };
    const terms = { rule: 'books', calendar: 'MAIN' };
    yield n % 5 === 0 ? { ...loan, ...terms, ends: 'returned' } : { ...loan, ...terms };
  }
}

async function* directory(accounts: number): AsyncGenerator<DirectoryPatron> {
  for (let n = 0; n < accounts; n++) {
    yield { patronId: patronIdOf(n), group: 'STUDENT', hasOverdueLoans: false };
  }
}
