import * as v from 'valibot';
import { wholeNumber } from '../input/wholeNumber.js';

/** How an append is tried again after somebody else appended first. */
export type RetryOptions = {
  /** How often to try, the first time included; 50 if left out. */
  readonly attempts?: number;
  /**
   * The longest pause before another try, in milliseconds; 200 if left out, 0 for none. Pauses begin short, and double
   * from try to try.
   */
  readonly maxPauseMs?: number;
  /**
   * Chooses the part of each pause that is waited: a number from 0 to 1.
   *
   * @defaultValue made of the events that are to be appended, so that two writers wait for different times and a test
   * waits for the same
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
 * Waits before another try: for a part of a time that doubles from try to try, so that many writers do not meet again.
 *
 * @param attempt - how many tries there were
 * @param seed - any text of the writer's own
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

/** A number from 0 to 1 that looks random and is always the same for a text (FNV-1a, with its bits mixed). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
