import type { Command, CommandList } from '../account/commands/command.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { ReadAppendStore, StreamId } from './eventStore.js';
import type { Executed } from './execute.js';
import { addNew, type LoadedAccount, loadState, privateAccount } from './loadAccount.js';
import { observed } from './observed.js';
import { checkedStream } from './storeArguments.js';
import { type ExecuteOptions, transact } from './transact.js';

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
export function queue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next;
    return next;
  };
}
