import * as v from 'valibot';
import type { Command, CommandList } from '../account/commands/command.js';
import { decide } from '../account/decide.js';
import type { Decision } from '../account/decision.js';
import { NO_ENTRIES } from '../account/lists.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import {
  type ReadAppendStore,
  type StreamId,
  type StreamsNow,
  streamName,
  versionConflict,
} from './eventStore.js';
import { addNew, type GrowingAccount } from './loadAccount.js';
import { RETRY, type RetryOptions, retryField, untilNoConflict } from './retry.js';

/** How a command is executed. */
export type ExecuteOptions = {
  /**
   * The version that the stream must have: the one that a person saw when deciding. Any other version is a conflict and
   * is not retried, except for a command that was executed before: that is accepted as a repeat. Without an expected
   * version, events of other writers are read, and the command is decided again.
   *
   * @defaultValue any version
   */
  readonly expectedVersion?: number;
  /**
   * The other accounts of the same patron, as `accountsOf` of `patron-fees/patrons` returns them: what is owed
   * there counts for the policy's `accrualLimits`.
   *
   * @defaultValue none
   */
  readonly others?: readonly PatronAccount[];
  /**
   * The present time, ISO 8601 with a zone, for a policy with `backdating`.
   *
   * @defaultValue none
   */
  readonly now?: string;
  /**
   * How to retry if other writers append first; the command is decided again each time.
   *
   * @defaultValue 50 attempts, with pauses of up to 200 ms
   */
  readonly retry?: RetryOptions;
};

const optionsSchema = v.object({
  expectedVersion: v.optional(wholeNumber(0)),
  others: v.optional(v.custom<readonly PatronAccount[]>(Array.isArray, 'a list of accounts'), []),
  now: v.optional(instantField),
  retry: retryField,
});

/** Checks the options. Nearly every command has none, and the schema takes a tenth of the time of a decision. */
export function checkedOptions(options: ExecuteOptions) {
  if (hasNone(options))
    return { expectedVersion: undefined, others: NO_ENTRIES, now: undefined, retry: RETRY };
  return checkedArgument(optionsSchema, options, 'options');
}

/** Returns whether no option is given; false if reading them throws. */
function hasNone(options: ExecuteOptions): boolean {
  try {
    const { expectedVersion, others, now, retry } = options;
    return typeof options === 'object' && (expectedVersion ?? others ?? now ?? retry) === undefined;
  } catch {
    return false;
  }
}

/** An account in memory, and the store and policy for its commands. */
export type Held = {
  readonly store: ReadAppendStore;
  readonly policy: FeePolicy;
  readonly stream: StreamId;
  readonly growing: GrowingAccount;
  /** Whether the account was just read, so that it need not be read again before a command is rejected. */
  readonly isUpToDate: boolean;
};

/**
 * Decides, appends, applies. If another writer appended first, reads only the new events and decides again.
 *
 * The append fails if a decision with events was made on an outdated account. A decision without events (a rejection, a
 * repeat) appends nothing, so it is final only if the account is known to be up to date.
 */
export async function transact(
  { store, policy, stream, growing, isUpToDate }: Held,
  command: Command | CommandList,
  options: ExecuteOptions,
): Promise<Decision> {
  const how = checkedOptions(options);
  const decideNow = () => decided({ policy, stream, growing }, command, how);
  let isCurrent = isUpToDate;
  let isOutdated = !isCurrent && !isExpected(growing, how.expectedVersion);
  return untilNoConflict(async (write) => {
    if (isOutdated) {
      await addNew(store, stream, growing);
      isCurrent = true;
    }
    isOutdated = true;
    let decision = decideNow();
    if (decision.events.length === 0 && !isCurrent) {
      await addNew(store, stream, growing);
      isCurrent = true;
      decision = decideNow();
    }
    const { events } = decision;
    if (events.length > 0) {
      await write(
        () => store.append(stream, events, { expectedVersion: growing.account.eventCount }),
        events,
      );
      growing.add(events, { stream: streamName(stream) });
    }
    return decision;
  }, how.retry);
}

/** Decides and appends at once, for an account that was just read in a transaction, in which no other writer can be first. */
export function transactNow(
  {
    append,
    policy,
    stream,
    growing,
  }: Pick<Held, 'policy' | 'stream' | 'growing'> & Pick<StreamsNow, 'append'>,
  command: Command | CommandList,
  options: Omit<ExecuteOptions, 'retry'>,
): Decision {
  const decision = decided({ policy, stream, growing }, command, checkedOptions(options));
  const { events } = decision;
  if (events.length > 0) {
    append(stream, events, { expectedVersion: growing.account.eventCount });
    growing.add(events, { stream: streamName(stream) });
  }
  return decision;
}

function isExpected({ account }: GrowingAccount, expectedVersion: number | undefined): boolean {
  return expectedVersion === undefined || expectedVersion === account.eventCount;
}

/** Decides on the account as it is. Throws if it is at another version than expected, but for a repeat. */
function decided(
  { policy, stream, growing }: Pick<Held, 'policy' | 'stream' | 'growing'>,
  command: Command | CommandList,
  { expectedVersion, others, now }: Omit<ReturnType<typeof checkedOptions>, 'retry'>,
): Decision {
  const decision = decide(command, growing.account, policy, { others, ...(now !== undefined && { now }) });
  const isRepeat = decision.accepted && decision.repeats !== undefined;
  if (isRepeat || isExpected(growing, expectedVersion)) return decision;
  throw versionConflict(stream, expectedVersion as number, growing.account.eventCount);
}
