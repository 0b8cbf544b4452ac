import type { AccountEvent } from '../account/events.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { isPatronFeesError } from '../errors.js';
import { type EventStore, type StreamId, streamName } from '../history/eventStore.js';
import { pauseAfter } from '../history/retry.js';

/** How often somebody else may append first before the account is left to the next run. */
export const ATTEMPTS = 10;

const MAX_PAUSE_MS = 200;

/**
 * Waits before a job tries an account again, as `execute` does.
 *
 * @param attempt - how many tries there were; none follows the last one, so nothing waits after it
 * @param events - what was to be appended
 */
export async function pauseBeforeRetry(attempt: number, events: readonly AccountEvent[]): Promise<void> {
  if (attempt === ATTEMPTS) return;
  await pauseAfter(attempt, { attempts: ATTEMPTS, maxPauseMs: MAX_PAUSE_MS }, () => JSON.stringify(events));
}

/**
 * Reads an account, plans on it, and appends what was planned; where somebody else appended first, pauses and plans anew.
 *
 * @param plan - from the account (folded when it is asked for) and its events to what is to be appended, and whatever else
 * @returns the plan that was carried out; undefined when others were first at every attempt
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`, `INVALID_EVENT`; what the store throws
 */
export async function appendPlanned<Plan extends { readonly events: readonly AccountEvent[] }>(
  store: EventStore,
  stream: StreamId,
  plan: (account: () => PatronAccount, history: readonly AccountEvent[]) => Plan,
): Promise<Plan | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const slice = await store.read(stream);
    const history = slice.events.map(({ event }) => event);
    const account = () => fold(history, undefined, { stream: streamName(stream) });
    const planned = plan(account, history);
    if (planned.events.length === 0) return planned;
    try {
      await store.append(stream, planned.events, { expectedVersion: slice.version });
      return planned;
    } catch (error) {
      if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
      await pauseBeforeRetry(attempt, planned.events);
    }
  }
  return undefined;
}
