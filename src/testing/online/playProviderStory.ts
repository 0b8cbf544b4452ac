import assert from 'node:assert/strict';
import { isPatronFeesError } from '../../errors.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { readBooks } from './books.js';
import { judge, judgeTold } from './judge.js';
import { unfollowed } from './leftToPersons.js';
import { memoryStores, newWorld, type OpenStores, type World } from './onlineWorld.js';
import { endFinding } from './persons.js';
import { Killed, storesOfProcess } from './processes.js';
import { takeStep } from './providerSteps.js';
import type { ProviderStepKind, ProviderStory } from './providerStory.js';

/** How often people look at what is found before a finding counts as one that nobody can end. */
const ROUNDS = 12;

/** A payment begins. */
const firstStep = {
  kind: 'start',
  which: 0,
  other: 1,
  amount: 0,
  dies: 0,
  isStored: false,
  meets: 0,
} as const;

/**
 * Plays a story, and fails where the law does not hold: at the end everything that the provider did is in the books
 * once, apart, or named by a finding; and once people have ended all findings, nothing is found any more.
 */
export async function playProviderStory(
  story: ProviderStory,
  open: OpenStores = memoryStores,
): Promise<World> {
  const world = await newWorld(story, open);
  for (let which = 0; which < story.begun; which++)
    await takeStep(world, { ...firstStep, which }, world.stores);
  for (let index = 0; index < story.steps.length; ) index = await play(world, index);
  assert.deepEqual(world.faults, [], 'what happened');
  await finish(world);
  assert.deepEqual(await judge(world, world.seen.findings), [], 'silent differences');
  assert.deepEqual(await sameWithoutCursor(world), [], 'findings that only a run without a cursor has');
  await endAll(world);
  assert.deepEqual(await judge(world, []), [], 'differences after all was settled');
  return world;
}

const settling: ReadonlySet<ProviderStepKind | undefined> = new Set(['settle', 'settleTwice', 'reopen']);

/** Lets a step happen, and the next one in between if they meet. Returns the index of the step after it. */
async function play(world: World, index: number): Promise<number> {
  const step = world.story.steps[index];
  if (step === undefined) return index;
  let next = index + 1;
  const beforeWrite = async (write: number) => {
    if (write !== step.meets || next > index + 1) return;
    world.seen.isSettledMeanwhile ||= settling.has(step.kind) || settling.has(world.story.steps[next]?.kind);
    next = await play(world, next);
  };
  const stores = storesOfProcess(world.stores, { ...step, unreadable: world.unreadable, beforeWrite });
  try {
    await takeStep(world, step, stores);
  } catch (error) {
    if (!(error instanceof Killed) && !isRefused(error, step.kind)) throw error;
  }
  if (stores.isDead()) world.seen.kills += 1;
  return next;
}

/** Reports are recorded whatever can be read; a patron and the desk come again. */
function isRefused(error: unknown, kind: ProviderStepKind): boolean {
  const isNotRead = isPatronFeesError(error) && error.code === 'CORRUPT_HISTORY';
  return (
    isNotRead && ['start', 'startAgain', 'cash', 'portal', 'refund', 'byHand', 'disputeFee'].includes(kind)
  );
}

/** The monitor and the payouts come to an end, and nobody has settled anything. */
async function finish(world: World): Promise<void> {
  const { provider, unreadable, story } = world;
  const stores = storesOfProcess(world.stores, { dies: 0, isStored: false, unreadable });
  world.wait(60 * 24 * 2);
  for (const checkout of provider.checkouts) checkout.isClosed = true;
  const ask = story.answers ? 'answers' : 'silent';
  await world.monitor(ask, stores);
  assert.deepEqual(await judgeTold(world, world.seen.findings), [], 'silent differences before the payouts');
  provider.payOut(0, false);
  await world.reconcile(provider.rows, stores);
  await world.monitor(ask, stores);
  await world.reconcile(provider.rows, stores);
  await world.monitor(ask, stores);
}

const keyOf = ({ code, onlinePaymentId, externalTransactionId, keptId, patronId }: OnlineFinding) =>
  [code, onlinePaymentId, externalTransactionId, keptId, patronId].join(' ');

/** Without accounts that broke once their payment was finished: whether what is too much is reversed cannot be read. */
const keysOf = ({ seen }: World): ReadonlySet<string> =>
  new Set(
    seen.findings.filter(({ message }) => !message.includes('once the account can be read')).map(keyOf),
  );

/** Returns the findings of a run without a cursor that the run with a cursor did not have, and the reverse. */
async function sameWithoutCursor(world: World): Promise<readonly string[]> {
  const withCursor = keysOf(world);
  const { cursor } = world.seen;
  const stores = storesOfProcess(world.stores, { dies: 0, isStored: false, unreadable: world.unreadable });
  await world.monitor('silent', stores, null);
  world.seen.cursor = cursor;
  const without = keysOf(world);
  return [...without]
    .filter((one) => !withCursor.has(one))
    .concat([...withCursor].filter((one) => !without.has(one)));
}

/** People repair and settle until nothing is found. */
async function endAll(world: World): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    if (round === 2) world.unreadable.clear();
    world.wait(60 * 25);
    const stores = storesOfProcess(world.stores, { dies: 0, isStored: false, unreadable: world.unreadable });
    await world.reconcile(world.provider.rows, stores);
    await world.monitor('answers', stores);
    assert.deepEqual(unfollowed(await readBooks(world)), [], 'what a person has to settle');
    if (world.seen.findings.length === 0 && world.unreadable.size === 0) return;
    for (const [index, finding] of world.seen.findings.entries())
      await endFinding(world, finding, round + index, stores);
  }
  assert.deepEqual(world.seen.findings, [], 'findings that nobody could end');
}
