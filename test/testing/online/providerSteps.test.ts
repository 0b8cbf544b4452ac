import { expect, it } from 'vitest';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

it('starts payments, takes money, reports it, pays it out and returns it', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'take', 'tell', 'payOut', 'giveBack', 'tell'] as const)
    await takeStep(world, step(kind), world.stores);
  expect(await world.payment('o1')).toMatchObject({
    captures: [{ externalTransactionId: 'pi_1', amount: '5.50' }],
    payouts: [{ rowId: 'row_pi_1' }],
    returns: [{ externalTransactionId: 're_2', amount: '5.50' }],
  });
  expect((await world.account('ann')).payments).toMatchObject([{ amount: 500 }]);
});
