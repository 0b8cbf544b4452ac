import { describe, expect, it } from 'vitest';
import { executeRemittance, loadRemittances } from '../../../src/bursar/index.js';
import { definePolicy } from '../../../src/index.js';
import { slowStore } from '../../support/stores.js';
import { officeStore } from '../till/tills.js';
import { policy, received, undone } from './remittances.js';

const north = { institution: 'north' };

describe('remittances in a store', () => {
  it('are recorded once by 16 writers at a time, and reversed once', async () => {
    const store = slowStore(officeStore() as never) as never;
    const writers = Array.from({ length: 16 }, (_, index) => index);
    await Promise.all(writers.map(() => executeRemittance(store, policy, north, received('r1', '400'))));
    const undoing = await Promise.all(
      writers.map((n) => executeRemittance(store, policy, north, undone(`u${n}`, 'r1'))),
    );
    expect(undoing.filter(({ decision }) => decision.accepted)).toHaveLength(1);
    const { eventCount, remittances } = await loadRemittances(store, { ...north, destination: 'BURSAR' });
    expect([eventCount, remittances.length]).toEqual([2, 1]);
  });

  it('are kept apart by system, even without a name', async () => {
    const store = officeStore();
    const { destination: _, ...unnamed } = received('r1', '1');
    await executeRemittance(store, policy, north, received('r1', '400'));
    await executeRemittance(store, policy, north, received('r1', '30', { destination: 'AGENCY' }));
    await executeRemittance(store, policy, north, unnamed);
    const amounts = [];
    for (const id of [{ destination: 'BURSAR' }, { destination: 'AGENCY' }, {}]) {
      const { remittances } = await loadRemittances(store, { ...north, ...id });
      amounts.push(...remittances.map(({ amount }) => amount));
    }
    expect(amounts).toEqual(['400.00', '30.00', '1.00']);
  });

  it('are recorded near the present time, if the policy says so', async () => {
    const prompt = definePolicy({ ...policy, backdating: { days: 7 } });
    const options = { now: '2026-12-01T09:00:00Z' };
    const { decision } = await executeRemittance(officeStore(), prompt, north, received('r1', '1'), options);
    expect(decision).toMatchObject({ accepted: false, rejection: { type: 'TooFarBack' } });
  });

  it('are refused as data if malformed, and not stored', async () => {
    const store = officeStore();
    for (const command of [undefined, { ...received('r1', '1'), destination: 17 }]) {
      const { decision } = await executeRemittance(store, policy, north, command as never);
      expect(decision).toMatchObject({ accepted: false, rejection: { type: 'InvalidOfficeCommand' } });
    }
    expect((await store.accounts()).accounts).toEqual([]);
    await expect(loadRemittances(store, { institution: '' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
