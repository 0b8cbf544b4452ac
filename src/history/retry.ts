import * as v from 'valibot';
import { isPatronFeesError } from '../errors.js';
import { wholeNumber } from '../input/wholeNumber.js';

/** How an append is retried after another writer appended first. */
export type RetryOptions = {
  /** The number of attempts, the first one included; 50 if left out. Jobs make 50, too. */
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

/** How appends are retried unless the caller says otherwise. */
export const RETRY = { attempts: 50, maxPauseMs: 200 } as const;

/** The schema of {@link RetryOptions}. */
export const retryField = v.optional(
  v.strictObject({
    attempts: v.optional(wholeNumber(1), RETRY.attempts),
    maxPauseMs: v.optional(wholeNumber(0), RETRY.maxPauseMs),
    random: v.optional(v.custom<() => number>((input) => typeof input === 'function', 'a function')),
  }),
  {},
);

/** Checked {@link RetryOptions}. */
export type Retry = v.InferOutput<typeof retryField>;

/** Runs a write of an attempt; `events`, which it writes, differ between writers. */
export type Write = <Result>(write: () => Promise<Result>, events: unknown) => Promise<Result>;

/**
 * Makes attempts until no other writer appends first. An attempt reads, decides, and passes what it appends to `write`;
 * if that rejects with `VERSION_CONFLICT`, the attempt is made again after a pause. Errors of anything else are thrown
 * at once, and so is a conflict that no attempt can resolve (`isFinal`).
 *
 * After the last conflict, a final attempt may find nothing left to write: the other writer may have
 * executed the same command.
 *
 * @param attempt - reads, decides and writes
 * @param retry - the number of attempts, and their pauses
 * @param givenUp - returns the result if every attempt conflicted; the last conflict is thrown if left out
 */
export async function untilNoConflict<Result, GivenUp = never>(
  attempt: (write: Write) => Promise<Result>,
  retry: Retry = RETRY,
  givenUp?: () => GivenUp,
): Promise<Result | GivenUp> {
  let conflict: { readonly error: unknown; readonly events: unknown } | undefined;
  for (let made = 1; ; made++) {
    const isFinal = made > retry.attempts;
    const write: Write = async (task, events) => {
      if (isFinal) throw conflict?.error;
      try {
        return await task();
      } catch (error) {
        if (isPatronFeesError(error, 'VERSION_CONFLICT') && error.details.isFinal !== true)
          conflict = { error, events };
        throw error;
      }
    };
    try {
      return await attempt(write);
    } catch (error) {
      if (conflict === undefined || error !== conflict.error) throw error;
      if (isFinal && givenUp === undefined) throw error;
      if (isFinal) return (givenUp as () => GivenUp)();
      const { events } = conflict;
      if (made < retry.attempts) await pauseAfter(made, retry, () => JSON.stringify(events));
    }
  }
}

const FIRST_PAUSE_MS = 4;

/**
 * Waits before the next attempt: for a fraction of a time that doubles with each attempt, so that many writers do not
 * collide again.
 *
 * @param attempt - the number of attempts so far
 * @param seed - a text that differs between writers
 */
async function pauseAfter(attempt: number, { maxPauseMs, random }: Retry, seed: () => string): Promise<void> {
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
