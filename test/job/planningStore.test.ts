import { type EventStore, memoryEventStore } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { planningStore } from '../../src/job/planningStore.js';

const at = '2026-03-02T09:00:00Z';
const u17 = { institution: 'north', patronId: 'u17' };
const fee = (feeId: string) =>
  ({
    type: 'FeeAssessed',
    data: { feeId, feeType: 'OTHER', owner: 'MAIN', amount: '1.00', currency: 'USD', at },
  }) as const;
const idsIn = async (store: EventStore, options?: object) =>
  (await store.read(u17, options)).events.map(({ version, event }) => [
    version,
    (event as never as ReturnType<typeof fee>).data.feeId,
  ]);

describe('a store of a plan', () => {
  it('reads the planned events after the recorded ones, and records nothing', async () => {
    const store = memoryEventStore({ now: () => at });
    await store.append(u17, [fee('a')], { expectedVersion: 0 });
    const plan = planningStore(store);
    expect(await plan.append(u17, [fee('b'), fee('c')], { expectedVersion: 1 })).toEqual({ version: 3 });
    expect(await idsIn(plan)).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    expect((await plan.read(u17)).version).toBe(3);
    expect(await idsIn(store)).toEqual([[1, 'a']]);
    // Another writer was first: what is planned comes after it.
    await store.append(u17, [fee('x')], { expectedVersion: 1 });
    expect(await idsIn(plan)).toEqual([
      [1, 'a'],
      [2, 'x'],
      [3, 'b'],
      [4, 'c'],
    ]);
    expect(await idsIn(plan, { limit: 1 })).toEqual([[1, 'a']]);
    expect(await plan.accounts()).toEqual(await store.accounts());
    expect(await plan.readAll()).toEqual(await store.readAll());
  });
});
