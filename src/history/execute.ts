import type { Command, CommandList } from '../account/commands/command.js';
import type { Decision } from '../account/decision.js';
import { frozenAccount } from '../account/foldShared.js';
import { type AccountState, emptyAccount } from '../account/patronAccount.js';
import type { PatronFeesError } from '../errors.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { assertStore, type ReadAppendStore, type StreamId } from './eventStore.js';
import {
  type GrowingAccount,
  type LoadedAccount,
  loadState,
  privateAccount,
  sharedAccount,
} from './loadAccount.js';
import { observed } from './observed.js';
import { recentAccountsOf } from './recentAccounts.js';
import { checkedOptions, type ExecuteOptions, transact } from './transact.js';

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
