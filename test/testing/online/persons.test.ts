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

/** A refund is entered of a credit that came back, with the service fee in it: more than its account's part. */
const refundedTooMuch = [
  ...[step('start'), step('break'), step('take'), step('tell'), step('monitor'), step('settle')],
  ...[step('giveBack', { other: 0 }), step('repair'), step('comesBack', { other: 0 }), step('tell')],
  step('refund', { other: 0, amount: 1 }),
];
const rules = { ...quiet, serviceFee: 'percent', answers: false } as const;

it('pays the excess of a refund in again, although a later return took its credit back', async () => {
  const steps = [...refundedTooMuch, step('giveBack', { other: 0 })];
  await playProviderStory({ ...rules, steps });
});

it('ends the finding of an excess by a portal, in addition to an excessive refund', async () => {
  // The second return reverses the payment of the portal; the refund of too much does not make up for it.
  const portal = step('portal', { other: 0, amount: 501 });
  const steps = [...refundedTooMuch, portal, step('giveBack', { other: 0 })];
  await playProviderStory({ ...rules, steps });
});
