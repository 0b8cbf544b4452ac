import type { PatronAccount } from '../account/patronAccount.js';
import type { EventStore, StreamId } from '../history/eventStore.js';
import { busy, unreadable } from '../job/accountFinding.js';
import { appendPlanned } from '../job/job.js';
import { accountsOf } from '../patron/accountsOf.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type BursarPlan, type PreparedExport, planExport } from './bursarExportOfAccount.js';
import type { BursarSubject } from './bursarTransfer.js';

/** The result for one account. */
export type Done = BursarPlan & {
  readonly patronId: string;
  readonly doneNow: boolean;
  readonly wasRead: boolean;
};

/** Exports one account. If that fails, returns the reason as a finding. */
export async function exportAccount(
  store: EventStore,
  subject: BursarSubject,
  prepared: PreparedExport,
  policy: FeePolicy,
): Promise<Done> {
  const { institution, patronId } = subject;
  const stream = { institution, patronId };
  try {
    let isMerged = false;
    const alone = await appended(store, stream, (account) => {
      isMerged = account.merges.length > 0;
      return planExport(account, subject, prepared, policy);
    });
    if (prepared.whole === null || !isMerged || alone.doneNow) return alone;
    // Alone it is below the limit, and only these few patrons' other accounts are read.
    const joined = await accountsOf(store, stream);
    const others = joined.filter((other) => other.patronId !== patronId).map(({ account }) => account);
    const together = { ...subject, otherAccounts: others };
    return await appended(store, stream, (account) => planExport(account, together, prepared, policy));
  } catch (error) {
    return { ...notDone(patronId), findings: [unreadable(stream, error)] };
  }
}

async function appended(
  store: EventStore,
  stream: StreamId,
  plan: (account: PatronAccount) => BursarPlan,
): Promise<Done> {
  const { patronId } = stream;
  const done = await appendPlanned(store, stream, (account) => plan(account()));
  if (done !== undefined) return { ...done, patronId, doneNow: done.events.length > 0, wasRead: true };
  return { ...notDone(patronId), findings: [busy(stream)] };
}

function notDone(patronId: string) {
  return { patronId, events: [], transfers: [], doneNow: false, wasRead: false };
}
