import type { AccountEvent } from '../account/events/accountEvent.js';
import type { NotAccepted } from '../account/rejections/refusal.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { untilNoConflict } from '../history/retry.js';

/** The result of `mergeAccounts` and `separateAccounts`. */
export type MergeResult<Why> =
  | {
      /** Whether both accounts have recorded it. */
      readonly accepted: true;
      /** The number of events that this call appended; 0 if all was done before. */
      readonly written: number;
    }
  | NotAccepted<Why>;

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

/** Returns the result of a refusal. */
export function refused<Why>(rejection: Why): MergeResult<Why> {
  return { accepted: false, rejection };
}

/**
 * Writes two accounts one event after the other. Each step is found in what the accounts contain at that time, so it
 * works after an earlier call that ended early, and after appends of others.
 *
 * @param next - reads the accounts and returns the next step
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt
 */
export async function writeInSteps<Why>(
  store: ReadAppendStore,
  next: () => Promise<Step<Why>>,
): Promise<MergeResult<Why>> {
  let written = 0;
  for (;;) {
    const end = await untilNoConflict(async (write) => {
      const step = await next();
      if (step === 'done') return { accepted: true, written } as const;
      if (step === 'again' || 'accepted' in step) return step;
      const { stream, event, expectedVersion, result } = step;
      await write(() => store.append(stream, [event], { expectedVersion }), event);
      written += 1;
      return result ?? 'again';
    });
    if (end !== 'again') return end;
  }
}
