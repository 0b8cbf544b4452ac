import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';
import {
  type BursarExportReport,
  type BursarFileOptions,
  type BursarForm,
  type BursarTransfer,
  rewriteBursarFile,
  runBursarExport,
  runSettlementImport,
  type SettlementForm,
  type SettlementReport,
  type SettlementSource,
} from '../../src/bursar/index.js';
import { type EventStore, execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import type { Command, FeePolicy, PatronAccount } from '../../src/index.js';
import { at, policyWith } from '../support/account.js';
import { withOffice } from '../support/officeOf.js';

export const institution = 'north';

/** A policy with one external system that reports payments. */
export const expecting: FeePolicy = policyWith({
  destinations: { BANNER: 'Student accounts' },
  transfers: { expectsSettlement: true },
});

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-bursar-'));
  // A hook of this module would be registered by the first of the files that share it, and by no other.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store with the results of these commands, for each patron. */
export async function storeOf(
  accounts: Readonly<Record<string, readonly Command[]>>,
  policy: FeePolicy = expecting,
): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, commands] of Object.entries(accounts)) {
    const { decision } = await execute(store, policy, { institution, patronId }, commands);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  }
  return store;
}

export async function accountOf(store: EventStore, patronId: string): Promise<PatronAccount> {
  return (await loadAccount(store, { institution, patronId })).account;
}

/** The rows of a CSV file, by column name. */
export function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  return parse(readFileSync(file), { columns: true });
}

/** A row of a file without its title. */
export function transferOf(more: Partial<BursarTransfer> = {}): BursarTransfer {
  return {
    reference: 'u17@export-9',
    institution,
    patronId: 'u17',
    identifier: '12345678',
    identifierType: '02',
    name: 'Transfer, Bursar',
    contact: {},
    kind: 'fee',
    id: 'f1',
    type: 'OVERDUEFINE',
    feeId: 'f1',
    feeType: 'OVERDUEFINE',
    code: 'OVERDUEFINE',
    amount: '123.45',
    vatPercent: null,
    vat: '0.00',
    currency: 'USD',
    owner: 'RTC',
    item: {
      title: 'Ecology of the saguaro /',
      callNumber: 'QK495.C11 S64 1977',
      barcode: '39080036507785',
      library: 'Hayden Library.',
      location: 'Stacks',
    },
    since: at,
    lastTransactionAt: '2023-09-12T19:22:06Z',
    transferredAt: at,
    ...more,
  };
}

/** The form and the options of an export, together. */
export type ExportSetup = BursarForm & BursarFileOptions;

/** Runs an export. */
export async function runExport(
  store: EventStore,
  policy: FeePolicy,
  setup: ExportSetup,
): Promise<BursarExportReport> {
  const [form, options] = partsOf(setup);
  return runBursarExport(store, policy, form as BursarForm, options as BursarFileOptions);
}

/** Rewrites the file of an export. */
export async function rewriteFile(
  store: EventStore,
  policy: FeePolicy,
  setup: Pick<BursarForm, 'jobId' | 'institution' | 'codes'> & BursarFileOptions,
): Promise<BursarExportReport> {
  const [form, options] = partsOf(setup);
  return rewriteBursarFile(store, policy, form as BursarForm, options as BursarFileOptions);
}

const formFields: ReadonlySet<string> = new Set<keyof BursarForm>([
  'jobId',
  'at',
  'by',
  'institution',
  'destination',
  'expectsSettlement',
  'fees',
  'credits',
  'groups',
  'codes',
]);

function partsOf(setup: object) {
  const entries = Object.entries(setup);
  return [
    Object.fromEntries(entries.filter(([name]) => formFields.has(name))),
    Object.fromEntries(entries.filter(([name]) => !formFields.has(name))),
  ];
}

/** The form of an import except for the answer, together with its options. */
export type ImportSetup = Omit<SettlementForm, 'source'> & Parameters<typeof runSettlementImport>[3];

/** Imports an answer. */
export async function runImport(
  store: EventStore,
  policy: FeePolicy,
  source: SettlementSource,
  { jobId, at, by, institution, bookReversed, again, fileId, ...options }: ImportSetup,
): Promise<SettlementReport> {
  const form = {
    jobId,
    at,
    institution,
    source,
    ...(by !== undefined && { by }),
    ...(bookReversed !== undefined && { bookReversed }),
    ...(again !== undefined && { again }),
    ...(fileId !== undefined && { fileId }),
  };
  return runSettlementImport(withOffice(store), policy, form, options);
}
