import { expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import { type BulkWaiveEntry, planBulkWaive } from '../../../src/jobs/index.js';
import { assess, policy } from '../../support/account.js';
import { at, formWith, patron } from '../../support/bulkWaiveForms.js';

async function storeWith(...patronIds: string[]): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const patronId of patronIds) {
    const fees = [assess('f1', '10'), assess('f2', '5')];
    await execute(store, policy, { institution: 'north', patronId }, fees);
  }
  return store;
}

it('returns the planned waivers, and stores nothing', async () => {
  const store = await storeWith('p1', 'p2');
  const before = await store.readAll();
  const plan = planBulkWaive(store, policy, formWith({ threshold: '15' }), {
    patrons: [patron('p1'), patron('p2'), patron('p3')],
  });
  if (!plan.accepted) throw new Error('refused');
  const entries: BulkWaiveEntry[] = [];
  for await (const entry of plan.entries) entries.push(entry);
  expect(entries.map(({ patronId, waived }) => [patronId, waived])).toEqual([
    ['p1', '15.00'],
    ['p2', '15.00'],
    ['p3', '0.00'],
  ]);
  expect(entries[0]).not.toHaveProperty('planned');
  expect(plan.totals()).toMatchObject({ waived: '30.00', patronsWaived: 2, feesWaived: 4 });
  expect(await store.readAll()).toEqual(before);
});

it('refuses an actor without the role, or an unknown reason, before anything is read', () => {
  const touched = () => {
    throw new Error('the store was asked');
  };
  const untouchable = { read: touched, accounts: touched } as never;
  const patrons = {
    [Symbol.asyncIterator]: () => {
      throw new Error('the directory was asked');
    },
  };
  const by = { userId: 'kim', roles: ['CIRCULATION_DESK'] };
  expect(planBulkWaive(untouchable, policy, formWith({ by }), { patrons })).toEqual({
    accepted: false,
    rejection: { type: 'ActorLacksRole', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' },
  });
  expect(planBulkWaive(untouchable, policy, formWith({ reason: 'BECAUSE' }), { patrons })).toMatchObject({
    rejection: { type: 'ReasonUnknown' },
  });
});

it('throws at once on a directory that is not iterable', async () => {
  const store = await storeWith();
  const expected = 'expected patrons one after the other';
  for (const [patrons, fault] of [
    [undefined, `missing (${expected})`],
    [null, `${expected}, found null`],
    [17, expected],
    [{}, expected],
    [() => undefined, expected],
  ]) {
    const plan = () => planBulkWaive(store, policy, formWith(), { patrons: patrons as never });
    expect(plan).toThrow(`INVALID_ARGUMENT: options.patrons: ${fault}`);
  }
});

it('throws at once on an invalid form', async () => {
  const store = await storeWith();
  expect(() => planBulkWaive(store, policy, formWith({ threshold: '1e3' }), { patrons: [] })).toThrow(
    'form.threshold',
  );
});

it('does not report the history of a patron who is skipped', async () => {
  const store = await storeWith('p1');
  const lie: AccountEvent = {
    type: 'FeeWaived',
    data: { waiverId: 'w1', feeId: 'none', amount: '1.00', currency: 'USD', at },
  };
  await store.append({ institution: 'north', patronId: 'p1' }, [lie], { expectedVersion: 2 });
  const reasons: unknown[] = [];
  for (const groups of [['STAFF'], ['STUDENT']]) {
    const plan = planBulkWaive(store, policy, formWith({ groups }), { patrons: [patron('p1')] });
    if (plan.accepted) for await (const { because } of plan.entries) reasons.push(because?.type);
  }
  expect(reasons).toEqual(['GroupNotChosen', 'AccountUnreadable']);
});
