import { describe, expect, it } from 'vitest';
import { type ErasingEventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, type FeePolicyInput } from '../../../src/index.js';
import { planPurge, runPurge } from '../../../src/jobs/index.js';
import { officeEvents, recordPolicy } from '../../../src/office/index.js';

const charged = '2026-03-02T09:00:00Z';
const ana = { institution: 'north', patronId: 'ana' };
const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const form = {
  jobId: 'j',
  institution: 'north',
  timeZone: 'UTC',
  by,
  at: '2026-04-02T09:00:00Z',
  settledForDays: 1,
};
const plain = definePolicy({ currency: 'USD' });

/** Stores with a settled account, and the policies that are recorded from a day on. */
async function stores(recorded: Readonly<Record<string, Partial<FeePolicyInput>>> = {}) {
  const accounts = memoryEventStore({ now: () => charged }) as ErasingEventStore;
  const office = memoryEventStore({ now: () => charged, codec: officeEvents });
  await execute(accounts, plain, ana, [
    { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at: charged },
    { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at: charged },
  ]);
  for (const [from, rules] of Object.entries(recorded)) {
    const record = {
      institution: 'north',
      id: from,
      from,
      at: charged,
      by: { channel: 'desk', userId: 'mo' },
    } as const;
    await recordPolicy(office, definePolicy({ currency: 'USD', ...rules }), record);
  }
  return { accounts, office };
}

describe('the time of a purge', () => {
  it('must not be in the future: nothing is removed ten years early', async () => {
    const books = await stores();
    const late = { ...form, at: '2037-01-01T00:00:00Z', settledForDays: 3_652 };
    const rejection = { type: 'InTheFuture', at: late.at, latest: '2026-04-02T09:15:00Z' };
    for (const purge of [planPurge, runPurge])
      expect(await purge(books, plain, late, { now: form.at })).toMatchObject({ accepted: false, rejection });
    // Without a time it is that of the system, which no test may wait for.
    const never = { ...late, at: '9000-01-01T00:00:00Z' };
    expect(await runPurge(books, plain, never)).toMatchObject({ rejection: { type: 'InTheFuture' } });
    expect((await books.accounts.read(ana)).version).toBe(2);
  });

  it('may be a few minutes ahead, and the event has the age that was applied', async () => {
    const { accounts } = await stores();
    expect(await runPurge(accounts, plain, form, { now: '2026-04-02T08:45:00Z' })).toMatchObject({
      report: { purged: 1 },
    });
    expect((await accounts.read(ana)).events).toMatchObject([
      { event: { type: 'AccountPurged', data: { afterDays: 1 } } },
    ]);
  });
});

describe('the policy of a purge', () => {
  const legal = { retention: { purgeAfterDays: 3_652 } };

  it('is the recorded policy in force now, even if another policy is passed', async () => {
    const books = await stores({ '2026-01-01T00:00:00Z': legal, '2026-05-01T00:00:00Z': {} });
    await expect(runPurge(books, plain, form, { now: form.at })).rejects.toThrow('retention.purgeAfterDays');
    expect((await books.accounts.read(ana)).version).toBe(2);
    const later = { ...form, at: '2026-05-02T00:00:00Z' };
    expect(await runPurge(books, plain, later, { now: later.at })).toMatchObject({ report: { purged: 1 } });
  });

  it('is missing before the first one is in force', async () => {
    const books = await stores({ '2026-05-01T00:00:00Z': legal });
    expect(await runPurge(books, plain, form, { now: form.at })).toMatchObject({
      accepted: false,
      rejection: { type: 'PolicyNotRecorded', kind: 'conflict', at: form.at },
    });
    expect((await books.accounts.read(ana)).version).toBe(2);
  });
});

describe('the approval of a purge', () => {
  const approvals = { Purge: { roles: ['DIRECTOR'] } };

  it('is given by another user with a role that the policy in force names', async () => {
    const books = await stores({ '2026-01-01T00:00:00Z': { approvals } });
    const purge = (approvedBy?: object) =>
      runPurge(books, plain, { ...form, ...(approvedBy && { approvedBy }) } as never, { now: form.at });
    const rejection = {
      type: 'ApprovalRequired',
      kind: 'forbidden',
      commandType: 'Purge',
      roles: ['DIRECTOR'],
    };
    for (const wrong of [
      undefined,
      { userId: ' MO', roles: ['DIRECTOR'] },
      { userId: 'di', roles: ['CLERK'] },
      { userId: 'di' },
    ])
      expect(await purge(wrong)).toEqual({ accepted: false, rejection });
    expect(await planPurge(books, plain, form, { now: form.at })).toMatchObject({ report: { purged: 1 } });
    expect(await purge({ userId: 'di', roles: ['DIRECTOR'] })).toMatchObject({ report: { purged: 1 } });
    expect((await books.accounts.read(ana)).events).toMatchObject([
      { event: { data: { by: { userId: 'mo' }, approvedBy: { userId: 'di' } } } },
    ]);
  });
});
