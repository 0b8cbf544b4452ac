import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { type AdjustmentsForm, runAdjustments } from '../../../src/jobs/reports/index.js';
import { ask, assess, assessLost, at, pay, policyWith, waive } from '../../support/account.js';
import { errorOf } from '../../support/events.js';
import { storeWith, tickingStore } from '../../support/stores.js';

const open = policyWith({ overpayment: 'credit' });
const policy = policyWith({
  overpayment: 'credit',
  permissions: {
    WaiveFees: { CLERK: { upTo: '10.00' }, CHIEF: {} },
    CancelFee: { CHIEF: { upTo: '3.00' } },
  },
  approvals: { WaiveFees: { above: '8.00', roles: ['CHIEF'] } },
});
const form: AdjustmentsForm = {
  institution: 'north',
  timeZone: 'UTC',
  from: '2026-03-01',
  through: '2026-03-31',
  roles: { ana: ['CLERK'], mo: ['CHIEF', 'CLERK', 'CHIEF'] },
};
const by = (userId: string) => ({ channel: 'desk', userId }) as const;

async function filled() {
  const store = tickingStore();
  await execute(store, open, { institution: 'north', patronId: 'u1' }, [
    assess('f1', '20.00'),
    { ...waive('w1', 'f1', '4.00'), by: by('ana') },
    { ...waive('w2', 'f1', '9.00'), by: by('ana'), approvedBy: { userId: 'mo' } },
    { ...ask('CancelFee', 'x', { feeId: 'f1', amount: '5.00' }), by: by('mo') },
  ]);
  await execute(store, open, { institution: 'north', patronId: 'u2' }, [
    assessLost('f1', '30.00'),
    { ...waive('w1', 'f1', '12.00'), by: by('ana') },
    pay('p', '1.00'),
    ask('ReversePayment', 'r', { paymentId: 'p' }),
  ]);
  return store;
}

describe('a report of adjustments', () => {
  it('has the sums of each user and each role beside the limits, and says which did not hold', async () => {
    const { byUser, byRole, accounts, job } = await runAdjustments(await filled(), policy, form);
    expect([accounts, job.currency]).toEqual([2, 'USD']);
    const free = { permitted: true, limit: null, approvalAbove: null, approved: 0 };
    const clerk = {
      kind: 'waived',
      command: 'WaiveFees',
      count: 3,
      amount: '25.00',
      largest: '12.00',
      approved: 1,
      limit: '10.00',
      permitted: true,
      aboveLimit: 1,
      approvalAbove: '8.00',
    };
    const chief = {
      ...free,
      kind: 'cancelled',
      command: 'CancelFee',
      count: 1,
      amount: '5.00',
      largest: '5.00',
    };
    expect(byUser).toEqual([
      { user: 'ana', channel: 'desk', roles: ['CLERK'], ...clerk },
      { user: 'mo', channel: 'desk', roles: form.roles?.mo, ...chief, limit: '3.00', aboveLimit: 1 },
      {
        ...free,
        ...{ user: null, channel: null, roles: [], kind: 'reversed', command: 'ReversePayment' },
        ...{ count: 1, amount: '1.00', largest: '1.00', permitted: false, aboveLimit: 1 },
      },
    ]);
    expect(byRole).toEqual([
      { role: 'CHIEF', ...chief, limit: '3.00', aboveLimit: 1 },
      { role: 'CLERK', ...chief, permitted: false, aboveLimit: 1 },
      { role: 'CLERK', ...clerk },
    ]);
  });

  it('has no limits without permissions, and no row outside its days', async () => {
    const { roles: _, ...bare } = form;
    const { byUser, byRole } = await runAdjustments(await filled(), open, bare);
    expect(byRole).toEqual([]);
    expect(
      byUser.map(({ user, limit, permitted, aboveLimit }) => [user, limit, permitted, aboveLimit]),
    ).toEqual([
      ['ana', null, true, 0],
      ['mo', null, true, 0],
      [null, null, true, 0],
    ]);
    const april = { ...form, from: '2026-04-01', through: '2026-04-30' };
    expect(await runAdjustments(await filled(), open, april)).toMatchObject({ byUser: [], accounts: 2 });
  });

  it('has what circulation lowers without a command that is asked for', async () => {
    const store = tickingStore();
    const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN', by: by('ana') };
    await execute(store, open, { institution: 'north', patronId: 'u1' }, [
      ask('AccrueFine', 'a1', { ...fine, total: '10.00' }),
      ask('AccrueFine', 'a2', { ...fine, total: '3.00' }),
    ]);
    const { byUser } = await runAdjustments(store, policy, form);
    expect(byUser).toMatchObject([
      { kind: 'lowered', command: null, amount: '7.00', permitted: true, aboveLimit: 0 },
    ]);
  });

  it('reports accounts that cannot be read or are in another currency', async () => {
    const store = await filled();
    const yen = policyWith({ currency: 'JPY' });
    const other = { institution: 'north', patronId: 'u3' };
    await execute(store, yen, other, [assess('f1', '400'), waive('w', 'f1')]);
    const broken = storeWith(store, {
      read: async (stream) => {
        const slice = await store.read(stream);
        return stream.patronId === 'u1' ? { ...slice, events: slice.events.slice(2) } : slice;
      },
    });
    const { findings, byUser } = await runAdjustments(broken, policy, form);
    expect(findings.byCode).toEqual({ CORRUPT_HISTORY: 1, OTHER_CURRENCY: 1 });
    expect(byUser.map(({ user }) => user)).toEqual(['ana', null]);
  });

  it('refuses a wrong form at the call', () => {
    const wrong = { ...form, roles: { ana: 'CLERK' }, at: 'now' };
    const { details } = errorOf(() => runAdjustments(tickingStore(), policy, wrong as never));
    expect(details.faults).toMatchObject([{ path: 'form.at' }, { path: 'form.roles.ana' }]);
    expect(at).toBe('2026-03-02T09:00:00Z');
  });
});
