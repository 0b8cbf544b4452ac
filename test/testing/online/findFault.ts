import fc from 'fast-check';
import { playProviderStory } from '../../../src/testing/online/playProviderStory.js';
import type { ProviderStep, ProviderStory } from '../../../src/testing/online/providerStory.js';
import type { Simulator } from './plantFault.js';

/** The seed of the stories, how many there are, and how long they are at most. */
const SEED = 39;
const STORIES = 600;
const STEPS = 40;

/** How a fault is found. */
export type Found = {
  /** The number of stories that were played. */
  readonly stories: number;
  /** The first story that fails, and what it fails with. */
  readonly story: ProviderStory;
  readonly message: string;
};

/** Plays stories, always the same ones, until one fails. Null if none does. */
export async function findFault({
  playProviderStory: play,
  providerStories,
  usualPolicies,
}: Simulator): Promise<Found | null> {
  const stories = fc.sample(providerStories(fc, usualPolicies, STEPS), { seed: SEED, numRuns: STORIES });
  for (const [index, story] of stories.entries()) {
    const message = await failureOf(play, story);
    if (message !== null) return { stories: index + 1, story, message };
  }
  return null;
}

/** Returns with what a story fails because of the fault; null if it does not fail, or fails without the fault as well. */
async function failureOf(play: Simulator['playProviderStory'], story: ProviderStory): Promise<string | null> {
  const message = await messageOf(play, story);
  return message === null || (await messageOf(playProviderStory, story)) !== null ? null : message;
}

async function messageOf(play: Simulator['playProviderStory'], story: ProviderStory): Promise<string | null> {
  try {
    await play(story);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Leaves out of a story whatever it fails without: steps, then deaths, meetings and amounts. */
export async function shortest({ playProviderStory: play }: Simulator, found: Found): Promise<Found> {
  let best = found;
  const isWorse = async (story: ProviderStory): Promise<boolean> => {
    const message = await failureOf(play, story);
    if (message === null) return false;
    best = { ...best, story, message };
    return true;
  };
  const { story } = best;
  await isWorse({ ...story, serviceFee: 'none', isShared: false });
  for (let size = story.steps.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.story.steps.length; ) {
      const { steps } = best.story;
      const isLeftOut = await isWorse({
        ...best.story,
        steps: [...steps.slice(0, from), ...steps.slice(from + size)],
      });
      if (!isLeftOut) from += size;
    }
  }
  for (const [index] of best.story.steps.entries()) {
    for (const field of ['dies', 'meets', 'amount'] as const) {
      const change = (step: ProviderStep, at: number) => (at === index ? { ...step, [field]: 0 } : step);
      await isWorse({ ...best.story, steps: best.story.steps.map(change) });
    }
  }
  return best;
}

/** Returns the steps of a story, in words: how many payments had begun, who died. */
export function storyText({ begun, steps }: ProviderStory): string {
  const starts = Array.from({ length: begun }, () => 'start');
  const words = steps.map(({ kind, dies, meets }) => {
    const how = [...(dies > 0 ? ['dies'] : []), ...(meets > 0 ? ['meets the next'] : [])];
    return how.length === 0 ? kind : `${kind} (${how.join(', ')})`;
  });
  return [...starts, ...words].join(', ');
}

/** Returns as what a fault is found, in words. */
export function foundAs(message: string): string {
  const [first = ''] = message.split('\n');
  if (first.includes('CORRUPT_HISTORY')) return 'a history that does not fold';
  return message.includes('actual - expected') ? first : 'an error';
}
