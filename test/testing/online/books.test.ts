import { expect, it } from 'vitest';
import { apartOf, capturesOf, readBooks } from '../../../src/testing/online/books.js';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { storesOfProcess } from '../../../src/testing/online/processes.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

it('sums what persons settled as apart until they take it back, and the returns that follow', async () => {
  const world = await newWorld(quiet, memoryStores);
  const ids = async (kind: 'capture' | 'return') =>
    (await readBooks(world)).payments
      .flatMap((one) => apartOf(one, kind))
      .map((one) => one.externalTransactionId);
  const steps = ['start', 'break', 'take', 'tell', 'monitor', 'settle', 'giveBack', 'tell'] as const;
  for (const kind of steps)
    await takeStep(world, step(kind), { ...world.stores, accounts: unreadable(world) });
  expect([await ids('capture'), await ids('return')]).toEqual([['pi_1'], ['re_2']]);
  const [payment] = (await readBooks(world)).payments;
  const part = { kind: 'return', externalTransactionId: 're_2', patronId: 'ann' } as const;
  expect(payment && capturesOf(payment, part)).toMatchObject([
    { kind: 'capture', externalTransactionId: 'pi_1' },
  ]);
  await takeStep(world, step('reopen'), { ...world.stores, accounts: unreadable(world) });
  expect([await ids('capture'), await ids('return')]).toEqual([[], []]);
});

it('sums what is kept, and what is posted for it', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'elsewhere', 'payOut', 'monitor', 'settle'] as const)
    await takeStep(world, step(kind), world.stores);
  expect((await readBooks(world)).kept).toMatchObject([
    { kind: 'row', state: 'settled', ids: ['capture_1', 'pi_shop_1'], posted: { gross: '0.01' } },
  ]);
});

function unreadable(world: Awaited<ReturnType<typeof newWorld>>) {
  return storesOfProcess(world.stores, { dies: 0, isStored: false, unreadable: world.unreadable }).accounts;
}
