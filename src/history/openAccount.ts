import type { Command } from '../account/commands.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { EventStore, StreamId } from './eventStore.js';
import type { Executed } from './execute.js';
import { type LoadedAccount, type LoadOptions, loadState, takeInNew } from './loadAccount.js';
import { type TransactOptions, transact } from './transact.js';

/** An account that is kept in memory between commands. */
export type HeldAccount = {
  /** Whose account. */
  readonly stream: StreamId;
  /** Up to which version of the stream the account was read. */
  readonly version: number;
  /**
   * The account itself, as it is now: it changes with every command and every refresh. To keep how it is, take a
   * {@link HeldAccount.copy}.
   */
  readonly account: PatronAccount;
  /** Gives the account as it is now, to keep: it never changes. Costs what the account is long. */
  readonly copy: () => PatronAccount;
  /** Takes in what others appended; resolves with the account that {@link HeldAccount.account} gives. */
  readonly refresh: () => Promise<LoadedAccount>;
  /**
   * Executes a command as {@link execute} does, but reads nothing unless somebody else appended, or the command is
   * refused: then it makes sure that the refusal is not owed to an account that is out of date.
   */
  readonly execute: (command: Command | readonly Command[], options?: TransactOptions) => Promise<Executed>;
};

/**
 * Opens an account to hold: for a desk that works on one patron, or a job that sends one account many commands. Every
 * command costs what it touches, not what the account is long.
 *
 * Calls that overlap are done one after the other, in the order in which they were made. When an append fails, or an
 * event does not fold, the account stands where the last good event left it, and can be used further.
 *
 * @param store - where the events are
 * @param policy - the institution's policy
 * @param stream - whose account
 * @param options - where snapshots are, if there are any
 * @returns the held account
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link loadAccount} does
 *
 * @example
 * ```ts
 * import { balances, definePolicy } from 'patron-fees';
 * import { memoryEventStore, openAccount } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const held = await openAccount(store, definePolicy({ currency: 'USD' }), { institution: 'north', patronId: 'p1' });
 *
 * await held.execute({ type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at });
 * await held.execute({ type: 'ReceivePayment', id: 'p1', amount: '1.00', method: 'CASH', at });
 * held.version; //=> 2
 * balances(held.account).active; //=> 150
 * ```
 */
export async function openAccount(
  store: EventStore,
  policy: FeePolicy,
  stream: StreamId,
  options: LoadOptions = {},
): Promise<HeldAccount> {
  const { institution, patronId } = stream;
  const id = { institution, patronId };
  const state = await loadState(store, id, options);
  const held = { store, policy, stream: id, state };
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
        await takeInNew(store, id, state);
        return { version: state.eventCount, account: state };
      }),
    execute: (command, how = {}) =>
      inTurn(async () => {
        const decision = await transact(held, command, how, false);
        return { version: state.eventCount, account: state, decision };
      }),
  };
}

/** Makes a function that runs tasks one after the other, whatever becomes of the one before. */
function queue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next;
    return next;
  };
}
