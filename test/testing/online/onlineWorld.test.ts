import { expect, it } from 'vitest';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

it('begins with fees of the patrons, in the institution that the stores name', async () => {
  const world = await newWorld(quiet, async () => ({ ...(await memoryStores()), institution: 'south' }));
  expect((await world.account('ann')).fees).toMatchObject([{ feeId: 'f0', original: 500 }]);
  expect(world.institution).toBe('south');
});

it('remembers which fees a reported debit holds', async () => {
  const world = await newWorld(quiet, memoryStores);
  await takeStep(world, step('start'), world.stores);
  await takeStep(world, step('debit', { other: 0 }), world.stores);
  expect([...(await world.heldByDebits())]).toEqual([['ann f0', 'o1']]);
  world.wait(60 * 24 * 2);
  expect((await world.heldByDebits()).size).toBe(0);
});
