import { type EventStore, execute } from '../../src/history/index.js';
import type { Command, FeePolicy } from '../../src/index.js';
import type { PurgeForm, RetentionForm } from '../../src/jobs/index.js';

/** The form of a retention job: what was settled by the end of 2026, in 2029. */
export const retentionForm: RetentionForm = {
  institution: 'north',
  at: '2029-01-01T00:00:00Z',
  by: { userId: 'mo', roles: ['USER_MANAGER'] },
  settledForDays: 730,
};

/** The form of a purge of the same accounts, ten years later. */
export const purgeForm: PurgeForm = {
  ...retentionForm,
  jobId: 'purge-2037',
  at: '2037-01-01T00:00:00Z',
  settledForDays: 3_652,
  timeZone: 'UTC',
};

/** A unique text of a patron, with a length that differs from patron to patron. */
function secretOf(index: number, what: string): string {
  return `secret-${index}-${what}-${'x'.repeat((index * 37) % 400)}`;
}

/** Returns whether an account of {@link fillSecretly} is settled: every third one owes something. */
export function isSettled(index: number): boolean {
  return index % 3 !== 0;
}

/** Fills accounts `p0`, `p1` and so on with texts in all fields: a lost item that was paid, and a waived fee. */
export async function fillSecretly(store: EventStore, policy: FeePolicy, patrons: number): Promise<void> {
  for (let index = 0; index < patrons; index++) {
    const texts = (what: string) => ({
      reason: secretOf(index, `${what}-reason`),
      comment: secretOf(index, `${what}-comment`),
      staffNote: secretOf(index, `${what}-note`),
      at: '2026-03-02T09:00:00Z',
    });
    const item = { title: secretOf(index, 'title'), callNumber: secretOf(index, 'number'), library: 'MAIN' };
    const { reason: _, ...withoutReason } = texts('waiver');
    const commands: Command[] = [
      {
        type: 'AssessFee',
        id: 'f1',
        feeType: 'LOSTITEMREPLACEMENTFEE',
        amount: '80.00',
        owner: 'MAIN',
        item,
        ...texts('lost'),
      },
      {
        type: 'AssessFee',
        id: 'f2',
        feeType: 'OVERDUEFINE',
        amount: '20.00',
        owner: 'LAW',
        item,
        ...texts('late'),
      },
      {
        type: 'ReceivePayment',
        id: 'p1',
        method: 'CASH',
        amount: '80.00',
        feeIds: ['f1'],
        ...texts('payment'),
      },
    ];
    if (isSettled(index))
      commands.push({
        type: 'WaiveFees',
        id: 'w1',
        fees: [{ feeId: 'f2' }],
        reason: 'OTHER',
        ...withoutReason,
      });
    const { decision } = await execute(
      store,
      policy,
      { institution: 'north', patronId: `p${index}` },
      commands,
    );
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  }
}
