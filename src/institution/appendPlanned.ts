import type { AccountEvent } from '../account/events/accountEvent.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { isPatronFeesError } from '../errors.js';
import { type EventStore, type StreamId, streamName } from '../history/eventStore.js';
import { pauseAfter } from '../history/retry.js';

/** The number of attempts before a job leaves an account to the next run. */
export const ATTEMPTS = 10;

const MAX_PAUSE_MS = 200;

/**
 * Waits before a job retries an account, as `execute` does.
 *
 * @param attempt - the number of attempts so far; does not wait after the last one
 * @param events - the events that could not be appended
 */
export async function pauseBeforeRetry(attempt: number, events: readonly AccountEvent[]): Promise<void> {
  if (attempt === ATTEMPTS) return;
  await pauseAfter(attempt, { attempts: ATTEMPTS, maxPauseMs: MAX_PAUSE_MS }, () => JSON.stringify(events));
}

/**
 * Reads an account, plans on it, and appends the planned events. After a conflict, pauses and plans again.
 *
 * @param plan - gets the account (folded on demand) and its events; returns the events to append, with any other data
 * @returns the plan that was carried out; undefined if every attempt conflicted
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`, `INVALID_EVENT`; any error of the store
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
