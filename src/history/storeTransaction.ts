// Commands and events in a transaction in which nothing is awaited.
import * as v from 'valibot';
import type { Command, CommandList } from '../account/commands/command.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type StreamId, type StreamsNow, streamKey } from './eventStore.js';
import type { Executed } from './execute.js';
import { foldStream, type LoadedAccount, privateAccount } from './loadAccount.js';
import { checkedStream } from './storeArguments.js';
import { type ExecuteOptions, transactNow } from './transact.js';

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
