import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definePolicy, type FeePolicy } from 'patron-fees';
import * as bursar from 'patron-fees/bursar';
import * as closing from 'patron-fees/closing';
import { type EventStore, execute, memoryEventStore } from 'patron-fees/history';
import * as imports from 'patron-fees/import';
import * as jobs from 'patron-fees/jobs';
import * as office from 'patron-fees/office';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import * as reports from 'patron-fees/reports';
import { temporaryFolder } from './temporaryFolder.js';

export const institution = 'north';
export const at = '2026-03-02T09:00:00Z';
export const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  transfers: { expectsSettlement: true },
  notices: { from: '2026-01-01T00:00:00Z', rules: [{ kinds: ['charged', 'paid', 'owed'] }] },
});

const zone = { timeZone: 'UTC' };
const days = { ...zone, from: '2026-03-01', through: '2026-03-31' };
const manager = { userId: 'mo', roles: ['USER_MANAGER'] };
const rows = fileURLToPath(new URL('settledRows.csv', import.meta.url));

const openingRows = ['u1', 'u2'].map((patronId) => ({
  ...{ patronId, id: 'F-1', feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02', amount: '1.00' },
}));

/** Who orders a report, and why. */
export const order = {
  jobId: 'j',
  at,
  by: { channel: 'desk', userId: 'mo', roles: ['CHIEF'] },
  reason: 'OTHER',
} as const;

/** A job of the library, with a form and options that are valid. */
export type AnyJob = {
  /** The whole form. */
  readonly form: object;
  /** Its own options. */
  readonly options?: () => object;
  /** Whether it changes nothing, so that its report can be made again. */
  readonly isReport?: true;
  /** The currency of its head, if it is not the policy's. */
  readonly currency?: null;
};

const report = (form: object): AnyJob => ({ form: { institution, ...order, ...form }, isReport: true });

const ordered = { institution, ...order };
const loan = {
  dueAt: '2026-02-01T23:59:00Z',
  owner: 'MAIN',
  rule: 'books',
  calendar: 'MAIN',
  loanId: 'l1',
};
const rules = {
  books: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' } }),
};
const calendars = { MAIN: defineCalendar({ timeZone: 'UTC' }) };
const bulkWaive: AnyJob = {
  form: {
    ...{ ...ordered, by: manager, threshold: '1000', groups: ['G'], feeTypes: ['OTHER'] },
    ...{ ...zone, createdFrom: days.from, createdThrough: days.through, setName: 's', fileName: 'f' },
  },
  options: () => ({
    patrons: ['u1', 'u2'].map((patronId) => ({ patronId, group: 'G', hasOverdueLoans: false })),
    set: ['u1', 'u2'].map((patronId) => ({ patronId })),
    fees: ['u1', 'u2'].map((patronId) => ({ patronId, feeId: 'f2' })),
  }),
};
const accrual: AnyJob = {
  form: { ...ordered, rules, calendars },
  options: () => ({ loans: ['u1', 'u2'].map((patronId) => ({ ...loan, patronId })) }),
};
const retention: AnyJob = { form: { ...ordered, by: manager, settledForDays: 365 } };
const purge: AnyJob = { form: { ...retention.form, ...zone } };
const newFile = () => join(temporaryFolder(), 'file.txt');

const settlement: AnyJob = {
  form: {
    ...ordered,
    source: { rows: ['u1', 'u2'].map((patronId) => ({ reference: `${patronId}@sent`, amount: '1.00' })) },
  },
};
const exported = { ...ordered, fees: {} };
const noticesForm = { ...ordered, on: '2026-03-31' };
const patronOf = () => ({ group: 'G' });

/** Every job, under its name. */
export const everyJob: Readonly<Record<string, AnyJob>> = {
  planAccrual: accrual,
  planBulkWaive: bulkWaive,
  planBursarExport: { form: exported },
  planNotices: { form: noticesForm, options: () => ({ patronOf }) },
  planPurge: purge,
  planRetention: retention,
  planSettlementImport: settlement,
  runAccrual: accrual,
  runAdjustments: report(days),
  runAgedDebt: report({ ...zone, asOf: '2026-03-31' }),
  runAgedDebtors: report({ ...zone, asOf: '2026-03-31' }),
  runAuditTrail: { ...report(days), currency: null },
  runBankReconciliation: {
    form: { ...ordered, ...days, bank: 'GIRO' },
    options: () => ({ entries: [] }),
  },
  runBulkWaive: bulkWaive,
  runBursarBalances: report({ ...zone, asOf: '2026-03-31' }),
  runBursarChanges: report({ from: '2026-01-01T00:00:00Z', before: '2026-04-01T00:00:00Z' }),
  runBursarExport: { form: exported, options: () => ({ file: newFile(), format: 'csv' }) },
  runBursarReconciliation: report({ exportJobId: 'sent', file: { file: rows, format: 'csv' } }),
  runImport: {
    form: ordered,
    options: () => ({ accounts: imports.openingBalances(openingRows, { policy }), rows: openingRows }),
  },
  runJournalExport: {
    ...report({ ...zone, format: 'csv' }),
    currency: null,
    options: () => ({ file: newFile() }),
  },
  runNotices: { form: noticesForm, options: () => ({ send: () => undefined, patronOf }) },
  runOpenItems: report({ ...zone, asOf: '2026-03-31' }),
  runPaymentsList: report(days),
  runPaymentsReport: report(days),
  runPlansBehind: report({ on: '2026-03-31' }),
  runPurge: purge,
  runRetention: retention,
  runSettlementImport: settlement,
  runStatements: report({}),
  runTillReport: report(days),
  sealPeriod: {
    form: { ...ordered, month: '2026-02', timeZone: 'UTC' },
    currency: null,
    options: () => ({ folder: temporaryFolder() }),
  },
  verifySeals: { form: ordered, currency: null, options: () => ({ folder: temporaryFolder() }) },
  runUnclaimedCredits: { ...report({ ...zone, asOf: '2026-03-31', idleForDays: 7 }), currency: null },
};

/** The report of a job, with its lines if it is a list. */
export type Made = {
  readonly lines?: readonly unknown[];
  readonly report: jobs.JobReport<never>;
};

type Stores = { readonly accounts: EventStore; readonly office: office.OfficeStore };

/** The functions of the library, by name. */
const functions = {
  ...jobs,
  ...reports,
  ...office,
  ...bursar,
  ...closing,
  ...imports,
} as unknown as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

/** Calls a job, and returns whatever it returns. */
export function call(
  name: string,
  stores: unknown,
  given: unknown,
  form: unknown,
  options: unknown,
): unknown {
  return (functions[name] as (typeof functions)[string])(stores, given, form, options);
}

/** Runs a job to its end. */
export async function made(
  name: string,
  stores: Stores,
  more: { readonly form?: object; readonly options?: object; readonly policy?: FeePolicy } = {},
): Promise<Made> {
  const { form, options } = everyJob[name] as AnyJob;
  const given = more.policy ?? policy;
  const result = call(name, stores, given, { ...form, ...more.form }, { ...options?.(), ...more.options });
  const whole = (await result) as { readonly entries?: unknown; readonly report?: unknown };
  const lines = typeof whole.entries === 'object' ? whole.entries : (whole.report ?? whole);
  if (!(Symbol.asyncIterator in (lines as object))) return { report: lines as Made['report'] };
  const list: unknown[] = [];
  const iterator = (lines as AsyncIterable<unknown, Made['report']>)[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next();
    if (next.done) return { lines: list, report: next.value };
    list.push(next.value);
  }
}

/** The names of all jobs that can be imported. */
export const jobNames: readonly string[] = Object.keys(functions)
  .filter((name) => /^(?:run|plan)[A-Z]|^(?:sealPeriod|verifySeals)$/.test(name))
  .sort();

/** Returns stores with two accounts, recorded at `now`; the second one may be in another currency. */
export async function filledStores(now = () => at, currency = policy.currency) {
  const accounts = memoryEventStore({ now });
  const officeStore = memoryEventStore({ now, codec: office.officeEvents });
  await fill(accounts, 'u1', policy);
  await fill(accounts, 'u2', definePolicy({ ...policy, currency }));
  return { accounts, office: officeStore };
}

/** Gives a patron fees, a payment, a plan, a transfer and one that is recalled, a credit: something for every list. */
async function fill(accounts: EventStore, patronId: string, policy: FeePolicy): Promise<void> {
  const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
  const { decision } = await execute(accounts, policy, { institution, patronId }, [
    { ...fee, id: 'f1' },
    { ...fee, id: 'f2' },
    { ...fee, id: 'f3' },
    { ...fee, id: 'f4' },
    { type: 'TransferFees', id: 'sent', fees: [{ feeId: 'f1' }], at },
    { type: 'TransferFees', id: 'recalled', fees: [{ feeId: 'f4' }], at },
    { type: 'RecallTransfer', id: 'r1', transferId: 'recalled', at },
    {
      type: 'AgreePaymentPlan',
      id: 'n1',
      feeIds: ['f3'],
      instalments: [{ dueOn: '2026-03-05', amount: '5' }],
      at,
    },
    { type: 'ReceivePayment', id: 'p1', amount: '2', method: 'CASH', feeIds: ['f2'], at },
    { type: 'IssueCredit', id: 'c1', amount: '3', cause: 'imported', at },
  ]);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
}
