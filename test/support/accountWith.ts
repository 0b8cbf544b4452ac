import type { RecordedEvent } from '../../src/history/index.js';
import { type Command, decide, definePolicy, emptyAccount, type FeePolicy, fold } from '../../src/index.js';
import { acceptedEvents, policy } from './account.js';
import { recorded } from './institutionHistories.js';

/** The history of an account after commands that must all be accepted; an overpayment becomes a credit. */
export function accountWith(
  commands: readonly Command[],
  rules: FeePolicy = definePolicy({ ...policy, overpayment: 'credit' }),
): RecordedEvent[] {
  let account = emptyAccount();
  const events = commands.flatMap((command) => {
    const decided = acceptedEvents(decide(command, account, rules));
    account = fold(decided, account);
    return decided;
  });
  return recorded(events);
}
