import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { type NamedStream, streamName } from '../history/eventStore.js';
import { type Retry, type RetryOptions, retryField, untilNoConflict } from '../history/retry.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { type OfficeDecideOptions, officeOptionFields } from './officeDecision.js';
import type { OfficeEvent, OfficeStore } from './officeEvents.js';

/** How a command of the office is executed. */
export type OfficeExecuteOptions = OfficeDecideOptions & {
  /**
   * How to retry if other writers append first.
   *
   * @defaultValue 50 attempts, with pauses of up to 200 ms
   */
  readonly retry?: RetryOptions;
};

const optionsSchema = v.strictObject({ ...officeOptionFields, retry: retryField });

/** Checks the options of a command of the office: how to retry, and those of its decision. */
export function checkedOfficeOptions(options: OfficeExecuteOptions): {
  readonly retry: Retry;
  readonly how: OfficeDecideOptions;
} {
  const { retry, ...how } = checkedArgument(optionsSchema, options, 'options');
  return { retry, how };
}

/** How a stream of the office is read and decided on. */
export type OfficeRules<State, Decision> = {
  /** Reads the state that the decision needs; all events of the stream if left out. */
  readonly read?: () => Promise<State>;
  /** Folds events of the stream onto a state; onto an empty one if left out. */
  readonly fold: (events: readonly OfficeEvent[], state?: State) => State;
  /** Decides on a state. */
  readonly decide: (state: State) => Decision;
};

/** Folds the events of a stream of the office. The error of a corrupt one names the stream. */
export function foldedStream<State>(stream: NamedStream, fold: () => State): State {
  try {
    return fold();
  } catch (error) {
    if (!isPatronFeesError(error, 'CORRUPT_HISTORY')) throw error;
    const name = streamName(stream);
    const message = error.message.slice(`${error.code}: `.length);
    throw new PatronFeesError(error.code, `${name}: ${message}`, { ...error.details, stream: name });
  }
}

/**
 * Reads a stream of the office, decides, and appends the events. If another writer appended first, reads and decides
 * again.
 *
 * @returns the decision and the state after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt; `CORRUPT_HISTORY`; errors of the store
 */
export async function executeOffice<
  State extends { readonly eventCount: number },
  Decision extends { readonly events: readonly OfficeEvent[] },
>(
  store: OfficeStore,
  stream: NamedStream,
  { fold, decide, read }: OfficeRules<State, Decision>,
  retry: Retry,
): Promise<{ readonly decision: Decision; readonly state: State }> {
  const readAll = async () => {
    const { events } = await store.read(stream);
    return foldedStream(stream, () => fold(events.map(({ event }) => event)));
  };
  return untilNoConflict(async (write) => {
    const state = await (read ?? readAll)();
    const decision = decide(state);
    const { events } = decision;
    if (events.length === 0) return { decision, state };
    await write(() => store.append(stream, events, { expectedVersion: state.eventCount }), events);
    return { decision, state: fold(events, state) };
  }, retry);
}
