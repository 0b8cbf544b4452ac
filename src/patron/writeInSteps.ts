import type { AccountEvent } from '../account/events/accountEvent.js';
import { isPatronFeesError } from '../errors.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { pauseAfter } from '../history/retry.js';

/** The result of `mergeAccounts` and `separateAccounts`. */
export type MergeResult<Why> =
  | {
      /** Whether both accounts have recorded it. */
      readonly accepted: true;
      /** The number of events that this call appended; 0 if all was done before. */
      readonly written: number;
    }
  | {
      /** Whether both accounts have recorded it. */
      readonly accepted: false;
      /** Why not. */
      readonly rejection: Why;
    };

/**
 * The next step: append an event, end, or read again because others wrote while the accounts were read. The result
 * after the event is left out if there may be more to do.
 */
export type Step<Why> =
  | {
      readonly stream: StreamId;
      readonly event: AccountEvent;
      readonly expectedVersion: number;
      readonly result?: MergeResult<Why>;
    }
  | MergeResult<Why>
  | 'done'
  | 'again';

const RETRY = { attempts: 50, maxPauseMs: 200, random: undefined };

/** Returns the result of a refusal. */
export function refused<Why>(rejection: Why): MergeResult<Why> {
  return { accepted: false, rejection };
}

/**
 * Writes two accounts one event after the other. Each step is found in what the accounts contain at that time, so it
 * works after an earlier call that ended early, and after appends of others.
 *
 * @param next - reads the accounts and returns the next step
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every attempt
 */
export async function writeInSteps<Why>(
  store: ReadAppendStore,
  next: () => Promise<Step<Why>>,
): Promise<MergeResult<Why>> {
  let written = 0;
  for (let attempt = 1; ; ) {
    const step = await next();
    if (step === 'done') return { accepted: true, written };
    if (step === 'again') continue;
    if ('accepted' in step) return step;
    const { stream, event, expectedVersion } = step;
    try {
      await store.append(stream, [event], { expectedVersion });
      written += 1;
      if (step.result !== undefined) return step.result;
    } catch (error) {
      if (!isPatronFeesError(error, 'VERSION_CONFLICT') || error.details.isFinal === true) throw error;
      if (attempt === RETRY.attempts) throw error;
      await pauseAfter(attempt, RETRY, () => JSON.stringify(event));
      attempt += 1;
    }
  }
}
