import { isPatronFeesError, PatronFeesError } from '../errors.js';

/** Reports that the event in work does not fit those before it. */
export type FailOfEvent = (problem: string) => never;

/**
 * Folds events of the office one after the other. Stores check the events that they read; the caller of a fold may pass
 * anything.
 *
 * @param eventCount - the number of events that were folded before
 * @param apply - folds one event; `fail` throws `CORRUPT_HISTORY` with its position and type
 * @returns the number of events, with those before
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT`
 * for a value that is not such an event; what `apply` throws
 */
export function foldOffice<Event extends { readonly type: string }>(
  events: Iterable<Event>,
  eventCount: number,
  apply: (event: Event, fail: FailOfEvent) => void,
): number {
  if (typeof events?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'events: expected a list of events');
  }
  let position = eventCount;
  for (const event of events) {
    position += 1;
    try {
      apply(event, (problem) => {
        throw new PatronFeesError('CORRUPT_HISTORY', `event ${position} (${event.type}): ${problem}`, {
          position,
          eventType: event.type,
        });
      });
    } catch (error) {
      if (isPatronFeesError(error)) throw error;
      throw new PatronFeesError('INVALID_EVENT', 'expected events of the office');
    }
  }
  return position;
}
