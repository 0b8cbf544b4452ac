import { expect, it } from 'vitest';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { endFinding } from '../../../src/testing/online/persons.js';
import { playProviderStory } from '../../../src/testing/online/playProviderStory.js';
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

it('enters anew what is refunded in part although a later return took its credit back', async () => {
  // The refund, with the service fee in it, is of a credit that the second return takes.
  const settled = (['monitor', 'settle'] as const).map((kind) => step(kind));
  const told = [step('start'), step('break'), step('take'), step('tell'), ...settled];
  const back = [
    step('giveBack', { other: 0 }),
    step('repair'),
    step('comesBack', { other: 0 }),
    step('tell'),
  ];
  const desk = [step('refund', { other: 0, amount: 1 }), step('giveBack', { other: 0 })];
  const steps = [...told, ...back, ...desk];
  await playProviderStory({ ...quiet, serviceFee: 'percent', answers: false, steps });
});
