import * as v from 'valibot';
import { wholeNumber } from '../input/wholeNumber.js';

/** How an append is retried after another writer appended first. */
export type RetryOptions = {
  /** The number of attempts, the first one included; 50 if left out. */
  readonly attempts?: number;
  /**
   * The longest pause between two attempts, in milliseconds; 200 if left out, 0 for no pause. Pauses start short and
   * double with each attempt.
   */
  readonly maxPauseMs?: number;
  /**
   * Returns the fraction of each pause to wait, a number from 0 to 1.
   *
   * @defaultValue derived from the events to append: two writers wait for different times, a repeated test for the same
   */
  readonly random?: () => number;
};

/** The schema of {@link RetryOptions}. */
export const retryField = v.optional(
  v.strictObject({
    attempts: v.optional(wholeNumber(1), 50),
    maxPauseMs: v.optional(wholeNumber(0), 200),
    random: v.optional(v.custom<() => number>((input) => typeof input === 'function', 'a function')),
  }),
  {},
);

const FIRST_PAUSE_MS = 4;

/**
 * Waits before the next attempt: for a fraction of a time that doubles with each attempt, so that many writers do not
 * collide again.
 *
 * @param attempt - the number of attempts so far
 * @param seed - a text that differs between writers
 */
export async function pauseAfter(
  attempt: number,
  { maxPauseMs, random }: v.InferOutput<typeof retryField>,
  seed: () => string,
): Promise<void> {
  if (maxPauseMs === 0) return;
  const part = random === undefined ? fractionOf(`${attempt} ${seed()}`) : random();
  const longest = Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 30));
  await new Promise((resolve) => {
    setTimeout(resolve, part * longest);
  });
}

/** Returns a number from 0 to 1 that looks random but depends on the text only (FNV-1a, with its bits mixed). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
