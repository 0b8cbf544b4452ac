import * as v from 'valibot';
import type { Command, CommandList } from '../account/commands/command.js';
import { decide } from '../account/decide.js';
import type { Decision } from '../account/decision.js';
import { fold } from '../account/fold.js';
import { type AccountState, emptyAccount, NO_ENTRIES, type PatronAccount } from '../account/patronAccount.js';
import { frozenAccount } from '../account/workingSet.js';
import type { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import {
  assertStore,
  observed,
  type ReadAppendStore,
  type StreamId,
  type StreamsNow,
  streamKey,
  streamName,
  versionConflict,
} from './eventStore.js';
import {
  addNew,
  foldStream,
  type GrowingAccount,
  type LoadedAccount,
  loadState,
  privateAccount,
  recentAccountsOf,
  sharedAccount,
} from './loadAccount.js';
import { RETRY, type RetryOptions, retryField, untilNoConflict } from './retry.js';
import { checkedStream } from './storeArguments.js';

/** The result of an executed command. */
export type Executed = LoadedAccount & {
  /** The decision. If it was accepted, its events are stored; a rejection stores nothing. */
  readonly decision: Decision;
};

/**
 * Executes a command: loads the account, decides, and appends the events of the decision.
 *
 * If another writer appended first, only the new events are read, and the command is decided again. A rejection is a
 * result and is not retried. A command that was executed before is accepted, with no events and no append: after an
 * error that leaves the outcome unknown, the same command can safely be executed again.
 *
 * @param store - the event store, or a store in your own transaction
 * @param policy - the institution's policy
 * @param stream - the account
 * @param command - the command; of a list, all commands are executed or none
 * @param options - the expected version, and retries
 * @returns the decision, and the account after it with its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if the stream is not at the expected
 * version, or if other writers were first at every attempt; `CORRUPT_HISTORY` if the stream does not fold; errors of
 * {@link index.decide | decide} and of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { summary } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const fee = { type: 'AssessFee' as const, id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
 *
 * const done = await execute(store, policy, stream, fee);
 * done.version; //=> 1
 * summary(done.account, policy).active; //=> '2.50'
 * (await execute(store, policy, stream, fee)).version; //=> 1
 * ```
 */
export async function execute(
  store: ReadAppendStore,
  policy: FeePolicy,
  stream: StreamId,
  command: Command | CommandList,
  options: ExecuteOptions = {},
): Promise<Executed> {
  assertStore(store, 'append');
  return observed(store, stream, command, async () => {
    const recent = recentAccountsOf(store, stream);
    const executed = async (growing: GrowingAccount, isUpToDate: boolean): Promise<Executed> => {
      const decision = await transact({ store, policy, stream, growing, isUpToDate }, command, options);
      const { account } = growing;
      recent?.keep(stream, account);
      return { version: account.eventCount, account, decision };
    };
    // An account that is remembered must not change when the next command is executed.
    const growing = (state: AccountState) =>
      recent === undefined ? privateAccount(state) : sharedAccount(frozenAccount(state));
    const loaded = async () => executed(growing(await loadState(store, stream)), true);
    // An account that is expected to be empty need not be read: the append fails if it is not.
    if (checkedOptions(options).expectedVersion === 0)
      return executed(growing(emptyAccount() as AccountState), false);
    const known = recent?.find(stream);
    if (known === undefined) return loaded();
    try {
      return await executed(sharedAccount(known), false);
    } catch (error) {
      if ((error as Partial<PatronFeesError>).code !== 'CORRUPT_HISTORY') throw error;
      // The store may have been restored from an older backup.
      recent?.drop(stream);
      return loaded();
    }
  });
}

/**
 * Executes a command as {@link execute} does, for an account that was just read, so that its stream is not read again.
 *
 * @param loaded - the account, as `loadAccount` returned it; its `account` changes in place
 */
export async function executeLoaded(
  store: ReadAppendStore,
  policy: FeePolicy,
  stream: StreamId,
  loaded: LoadedAccount,
  command: Command | readonly Command[],
  options: ExecuteOptions = {},
): Promise<Executed> {
  return observed(store, stream, command, async () => {
    const state = loaded.account as AccountState;
    const held = { store, policy, stream, growing: privateAccount(state), isUpToDate: true };
    const decision = await transact(held, command, options);
    return { version: state.eventCount, account: state, decision };
  });
}

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
function checkedOptions(options: ExecuteOptions) {
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
type Held = {
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
function transactNow(
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

/** An account that is kept in memory between commands. */
export type HeldAccount = {
  /** The stream of the account. */
  readonly stream: StreamId;
  /** The version of the stream up to which the account was read. */
  readonly version: number;
  /**
   * The account as it is now: the object changes with every command and every refresh. To keep a state, use
   * {@link HeldAccount.copy}.
   */
  readonly account: PatronAccount;
  /** Returns a copy of the account that never changes. The cost is proportional to the size of the account. */
  readonly copy: () => PatronAccount;
  /** Reads the events that others appended; resolves with {@link HeldAccount.account}. */
  readonly refresh: () => Promise<LoadedAccount>;
  /**
   * Executes a command as {@link execute} does, but reads from the store only if another writer appended, or if the
   * command is rejected: then it reads the new events and decides again, so that a rejection is never based on an
   * outdated account.
   */
  readonly execute: (command: Command | CommandList, options?: ExecuteOptions) => Promise<Executed>;
};

/**
 * Opens an account and keeps it in memory: for a desk that works on one patron, or a job that sends one account many
 * commands. The cost of a command depends on the rows it touches, not on the size of the account.
 *
 * Overlapping calls run one after the other, in the order in which they were made. If an append fails, or an event does
 * not fold, the account keeps the state after the last valid event, and remains usable.
 *
 * @param store - the event store
 * @param policy - the institution's policy
 * @param stream - the account
 * @returns the held account
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link loadAccount} does
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy } from 'patron-fees';
 * import { memoryEventStore, openAccount } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const held = await openAccount(store, definePolicy({ currency: 'USD' }), { institution: 'north', patronId: 'p1' });
 *
 * await held.execute({ type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at });
 * await held.execute({ type: 'ReceivePayment', id: 'p1', amount: '1.00', method: 'CASH', at });
 * held.version; //=> 2
 * balancesInMinorUnits(held.account).active; //=> 150
 * ```
 */
export async function openAccount(
  store: ReadAppendStore,
  policy: FeePolicy,
  stream: StreamId,
): Promise<HeldAccount> {
  const id = checkedStream(stream);
  const state = await loadState(store, id);
  const growing = privateAccount(state);
  const held = { store, policy, stream: id, growing, isUpToDate: false };
  const inTurn = queue();
  return {
    stream: id,
    get version() {
      return state.eventCount;
    },
    get account() {
      return state;
    },
    copy: () => fold([], state),
    refresh: () =>
      inTurn(async () => {
        await addNew(store, id, growing);
        return { version: state.eventCount, account: state };
      }),
    execute: (command, how = {}) =>
      inTurn(() =>
        observed(store, id, command, async () => {
          const decision = await transact(held, command, how);
          return { version: state.eventCount, account: state, decision };
        }),
      ),
  };
}

/** Returns a function that runs tasks one after the other, even after a task that failed. */
function queue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next;
    return next;
  };
}

// Commands and events in a transaction in which nothing is awaited.

/**
 * The accounts of a transaction. Every function returns or throws at once, so that the task of the transaction has
 * nothing to await. An append or a command that throws has stored nothing, and leaves the transaction usable.
 */
export type StoreTransaction = StreamsNow & {
  /** Reads an account, as {@link loadAccount} does. */
  readonly load: (stream: StreamId) => LoadedAccount;
  /**
   * Executes a command, as {@link execute} does. No other writer can be first, so nothing is tried again. A rejection
   * stores nothing, and does not throw: to roll back your own rows too, throw.
   */
  readonly execute: (
    policy: FeePolicy,
    stream: StreamId,
    command: Command | CommandList,
    options?: Omit<ExecuteOptions, 'retry'>,
  ) => Executed;
};

/** Adds what reads and appends events to the functions on single streams. */
export function storeTransaction({ read, append }: StreamsNow): StoreTransaction {
  const loadState = (stream: StreamId) => foldStream(stream, read(stream));
  return {
    read,
    append,
    load: (stream) => {
      const account = loadState(stream);
      return { version: account.eventCount, account };
    },
    execute: (policy, stream, command, options = {}) => {
      const state = loadState(stream);
      const decision = transactNow(
        { append, policy, stream, growing: privateAccount(state) },
        command,
        options,
      );
      return { version: state.eventCount, account: state, decision };
    },
  };
}

/** Checks the arguments of a transaction. Returns its accounts, each once. */
export function checkedTransaction(accounts: readonly StreamId[], task: unknown): readonly StreamId[] {
  const list = checkedArgument(v.array(v.any()), accounts, 'accounts').map(checkedStream);
  assertMethods(task, ['call'], 'task', 'a function');
  return [...new Map(list.map((stream) => [streamKey(stream), stream])).values()];
}
