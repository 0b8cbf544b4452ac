import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { institution, policy } from '../../../examples/support/generatedPatrons.js';
import type { EventStore } from '../../../src/history/index.js';
import { type DirectoryPatron, runBulkWaive, runBursarExport } from '../../../src/institution/index.js';
import { patronIdOf } from './filledStore.js';

const at = '2026-11-25T02:00:00Z';

/** Runs a job over a number of accounts. */
type Job = (store: EventStore, accounts: number) => Promise<unknown>;

/** The measured jobs. Each writes to about half of the accounts. */
export const jobs: Readonly<Record<string, Job>> = {
  bulkWaive: async (store, accounts) => {
    const actor = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = { jobId: 'bench', at, actor, institution, threshold: '25', reason: 'OTHER' };
    const job = runBulkWaive(store, policy, form, { patrons: directory(accounts) });
    if (!job.accepted) throw new Error(job.rejection.type);
    for await (const _ of job.entries);
    return job.totals();
  },
  bursarExport: async (store) => {
    const folder = mkdtempSync(join(tmpdir(), 'patron-fees-bursar-'));
    try {
      const fees = { minimumAmount: '15', minimumAgeDays: 90 };
      const file = join(folder, 'export.csv');
      const form = { jobId: 'bench', institution, at, fees };
      return await runBursarExport(store, policy, form, { file, format: 'csv' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function* directory(accounts: number): AsyncGenerator<DirectoryPatron> {
  for (let n = 0; n < accounts; n++) {
    yield { patronId: patronIdOf(n), group: 'STUDENT', hasOverdueLoans: false };
  }
}
