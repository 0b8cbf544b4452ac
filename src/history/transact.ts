import * as v from 'valibot';
import type { Command } from '../account/commands.js';
import { decide } from '../account/decide.js';
import type { Accepted, Decision } from '../account/decision.js';
import type { AccountState } from '../account/effects/guards.js';
import { applyAll } from '../account/fold.js';
import { isPatronFeesError } from '../errors.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { checkedArgument } from '../views/checkedArgument.js';
import { type EventStore, type StreamId, streamName, versionConflict } from './eventStore.js';
import { takeInNew } from './loadAccount.js';
import { wholeNumber } from './storeArguments.js';

/** How a command is executed. */
export type TransactOptions = {
  /**
   * The version that the stream must have: the one that a person looked at when deciding. Another version is a
   * conflict at once, even where the command was done before. Without it, what others append is simply taken in.
   *
   * @defaultValue any version
   */
  readonly expectedVersion?: number;
  /** How often to try to append, deciding anew each time; 5 if left out. */
  readonly attempts?: number;
};

const optionsSchema = v.object({
  expectedVersion: v.optional(wholeNumber(0)),
  attempts: v.optional(wholeNumber(1), 5),
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
  const { expectedVersion, attempts } = checkedArgument(optionsSchema, options, 'options');
  const { store, policy, stream, state } = held;
  let current = upToDate;
  if (!current && expectedVersion !== undefined) {
    await takeInNew(store, stream, state);
    current = true;
  }
  for (let attempt = 1; ; ) {
    if (expectedVersion !== undefined && expectedVersion !== state.eventCount) {
      throw versionConflict(stream, expectedVersion, state.eventCount);
    }
    const decision = decide(command, state, policy);
    if (decision.accepted && decision.events.length > 0) {
      if (await appended(held, decision, attempt === attempts)) return decision;
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
 * @param isLast - whether a conflict is an error
 * @returns false when somebody else appended first
 */
async function appended(
  { store, stream, state }: Held,
  { events }: Accepted,
  isLast: boolean,
): Promise<boolean> {
  try {
    await store.append(stream, events, { expected: state.eventCount });
  } catch (error) {
    if (isLast || !isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    return false;
  }
  applyAll(state, events, { stream: streamName(stream) });
  return true;
}
