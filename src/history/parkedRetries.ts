// A runner tries parked accounts again by itself: what `apply` threw may have been no fault of the account.
import { type Clock, timeOf } from '../input/clock.js';
import type { EventStore } from './eventStore.js';
import type { ParkedAccount } from './parkedAccounts.js';
import { type ProjectionRun, retryIn } from './projectionRun.js';

const MINUTE_MS = 60_000;

/** From this number of minutes on, the pauses are an hour: 1 + 2 + 4 + 8 + 16 + 32. */
const HOURLY_FROM = 63;

/**
 * Returns when an account is to be tried next: 1, 3, 7, 15, 31, 63, 123 ... minutes after it was parked, so that the
 * pauses are 1, 2, 4 ... 60 minutes.
 *
 * @param since - when it was parked, in milliseconds
 * @param last - when it was tried last
 */
export function nextTry(since: number, last: number): number {
  const minutes = (last - since) / MINUTE_MS;
  if (minutes < 0) return since;
  const next =
    minutes < HOURLY_FROM
      ? 2 ** (Math.floor(Math.log2(minutes + 1)) + 1) - 1
      : HOURLY_FROM + 60 * (Math.floor((minutes - HOURLY_FROM) / 60) + 1);
  return since + next * MINUTE_MS;
}

/** Waits for a cause in the events to be removed, such as by an upgrade: `retryParked` is for it. */
function isUnreadable({ reason: { code } }: ParkedAccount): boolean {
  return code === 'INVALID_EVENT' || code === 'CORRUPT_HISTORY';
}

/** Returns a function that tries those accounts of a run again that are due; first, those that this runner does not know. */
export function parkedRetries(
  store: EventStore,
  now: Clock,
  beforeEach: () => void,
): (run: ProjectionRun) => Promise<void> {
  const tried = new Map<string, number>();
  return async (run) => {
    if (run.onBadEvent !== 'park' || run.parked.size === 0) return;
    const time = Date.parse(timeOf(now));
    for (const [key, account] of run.parked) {
      const last = tried.get(key);
      if (isUnreadable(account) || (last !== undefined && time < nextTry(Date.parse(account.since), last)))
        continue;
      beforeEach();
      if (await retryIn(store, run, key)) tried.delete(key);
      else tried.set(key, time);
    }
  };
}
