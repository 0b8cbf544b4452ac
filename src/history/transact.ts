import * as v from 'valibot';
import type { Command } from '../account/commands.js';
import { decide } from '../account/decide.js';
import type { Accepted, Decision } from '../account/decision.js';
import { applyAll } from '../account/fold.js';
import type { AccountState } from '../account/patronAccount.js';
import { isPatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type EventStore, type StreamId, streamName, versionConflict } from './eventStore.js';
import { takeInNew } from './loadAccount.js';
import { pauseAfter, type RetryOptions, retryField } from './retry.js';

/** How a command is executed. */
export type TransactOptions = {
  /**
   * The version that the stream must have: the one that a person looked at when deciding. Another version is a
   * conflict at once, except for a command that was done before: a retry gets what it repeats. Without it, the events
   * of others are simply read.
   *
   * @defaultValue any version
   */
  readonly expectedVersion?: number;
  /**
   * How to try again when others append first, deciding anew each time.
   *
   * @defaultValue 50 attempts, with pauses of up to 200 ms
   */
  readonly retry?: RetryOptions;
};

const optionsSchema = v.object({
  expectedVersion: v.optional(wholeNumber(0)),
  retry: retryField,
});

/** What commands are decided on: the account of a stream, as far as it was read. */
export type Held = {
  readonly store: EventStore;
  readonly policy: FeePolicy;
  readonly stream: StreamId;
  readonly state: AccountState;
};

/**
 * Decides, appends, applies. Where somebody else appended first, reads only what is new and decides again.
 *
 * The append holds a decision with events to the version it was made on. One without events (a rejection, a repeat)
 * has no append to hold it, so it stands only when the account is known to be up to date.
 *
 * @param upToDate - whether the account was read for this very call
 */
export async function transact(
  held: Held,
  command: Command | readonly Command[],
  options: TransactOptions,
  upToDate: boolean,
): Promise<Decision> {
  const { expectedVersion, retry } = checkedArgument(optionsSchema, options, 'options');
  const { store, policy, stream, state } = held;
  let current = upToDate;
  if (!current && expectedVersion !== undefined) {
    await takeInNew(store, stream, state);
    current = true;
  }
  let lastConflict: unknown;
  for (let attempt = 1; ; ) {
    const decision = decide(command, state, policy);
    const isRepeat = decision.accepted && decision.repeats !== undefined;
    if (!isRepeat && expectedVersion !== undefined && expectedVersion !== state.eventCount) {
      throw versionConflict(stream, expectedVersion, state.eventCount);
    }
    if (!isRepeat && lastConflict !== undefined) throw lastConflict;
    if (decision.accepted && decision.events.length > 0) {
      const conflict = await append(held, decision);
      if (conflict === undefined) return decision;
      // Who appended first may have done the same command, which is then a repeat.
      if (attempt === retry.attempts) lastConflict = conflict;
      else await pauseAfter(attempt, retry, () => JSON.stringify(decision.events));
      attempt += 1;
    } else if (current) {
      return decision;
    }
    await takeInNew(store, stream, state);
    current = true;
  }
}

/**
 * Appends what was decided and takes it into the account.
 *
 * @returns the conflict when somebody else appended first
 */
async function append({ store, stream, state }: Held, { events }: Accepted): Promise<unknown> {
  try {
    await store.append(stream, events, { expectedVersion: state.eventCount });
  } catch (error) {
    if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    return error;
  }
  applyAll(state, events, { stream: streamName(stream) });
  return undefined;
}
