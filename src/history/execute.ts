import type { Command } from '../account/commands.js';
import type { Decision } from '../account/decision.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { EventStore, StreamId } from './eventStore.js';
import { type LoadedAccount, type LoadOptions, loadState } from './loadAccount.js';
import { type TransactOptions, transact } from './transact.js';

/** How {@link execute} loads and retries. */
export type ExecuteOptions = TransactOptions & LoadOptions;

/** What came of a command. */
export type Executed = LoadedAccount & {
  /** The decision: its events are stored. A rejection stored nothing. */
  readonly decision: Decision;
};

/**
 * Executes a command: loads the account, decides, appends what was decided.
 *
 * When somebody else appended first, only what is new is read and the command is decided again. A rejection is the
 * answer and is never tried again. A command that was done before is accepted, with no events and no append, so after
 * an error that leaves open what happened the same command can simply be executed again.
 *
 * @param store - where the events are
 * @param policy - the institution's policy
 * @param stream - whose account
 * @param command - what is asked; a list is done whole or not at all
 * @param options - which version is expected, how often to try, where snapshots are
 * @returns the decision, and the account after it with its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` when the expected version is not the stream's, or when others were
 * first at every attempt; `CORRUPT_HISTORY` when the stream does not fold; what {@link index.decide | decide} and the store throw
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
  store: EventStore,
  policy: FeePolicy,
  stream: StreamId,
  command: Command | readonly Command[],
  options: ExecuteOptions = {},
): Promise<Executed> {
  const state = await loadState(store, stream, options);
  const decision = await transact({ store, policy, stream, state }, command, options, true);
  return { version: state.eventCount, account: state, decision };
}
