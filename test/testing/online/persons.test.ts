import { expect, it } from 'vitest';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { endFinding } from '../../../src/testing/online/persons.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

it('ends the findings of a run, as the guide says', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'elsewhere', 'payOut', 'monitor'] as const)
    await takeStep(world, step(kind), world.stores);
  expect(world.seen.findings.map(({ code }) => code)).toEqual(['UNKNOWN_PAYMENT']);
  for (const finding of world.seen.findings) await endFinding(world, finding, 0, world.stores);
  await world.monitor('answers');
  expect(world.seen.findings).toEqual([]);
  expect(world.settledKept.size).toBe(1);
});
