import { isPatronFeesError, PatronFeesError } from '../errors.js';

/**
 * Folds events of the office one after the other. Stores check the events that they read; the caller of a fold may pass
 * anything.
 *
 * @param apply - folds one event
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT`
 * for a value that is not such an event; what `apply` throws
 */
export function foldOffice<Event>(events: Iterable<Event>, apply: (event: Event) => void): void {
  if (typeof events?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'events: expected a list of events');
  }
  for (const event of events) {
    try {
      apply(event);
    } catch (error) {
      if (isPatronFeesError(error)) throw error;
      throw new PatronFeesError('INVALID_EVENT', 'expected events of the office');
    }
  }
}
