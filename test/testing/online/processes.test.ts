import { expect, it } from 'vitest';
import { memoryStores } from '../../../src/testing/online/onlineWorld.js';
import { Killed, storesOfProcess } from '../../../src/testing/online/processes.js';

const stream = { institution: 'north', patronId: 'ann' };
const fee = {
  feeId: 'f',
  feeType: 'OTHER',
  amount: '1.00',
  owner: 'MAIN',
  currency: 'USD',
  at: '2026-03-02T09:00:00Z',
};
const event = { type: 'FeeAssessed', data: fee } as const;
const fate = { dies: 1, isStored: false, unreadable: new Set<string>() };

it('kills a process at a write, before or after it is stored; the process then reads nothing more', async () => {
  for (const isStored of [false, true]) {
    const all = await memoryStores();
    const stores = storesOfProcess(all, { ...fate, isStored });
    await expect(stores.accounts.append(stream, [event], { expectedVersion: 0 })).rejects.toThrow(Killed);
    await expect(stores.accounts.read(stream)).rejects.toThrow(Killed);
    expect(stores.isDead()).toBe(true);
    const { accounts } = await all.accounts.accounts({ limit: 10 });
    expect(accounts.length).toBe(isStored ? 1 : 0);
  }
});

it('makes accounts unreadable, and reports each write before it happens', async () => {
  const writes: number[] = [];
  const beforeWrite = async (write: number) => void writes.push(write);
  const unreadable = new Set(['ben']);
  const stores = storesOfProcess(await memoryStores(), { ...fate, dies: 0, unreadable, beforeWrite });
  await stores.accounts.append(stream, [event], { expectedVersion: 0 });
  expect(writes).toEqual([1]);
  await expect(stores.accounts.read({ ...stream, patronId: 'ben' })).rejects.toThrow('unreadable');
});
