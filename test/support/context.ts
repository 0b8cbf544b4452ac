import { DecisionContext } from '../../src/account/decisionContext.js';
import { openWorkingSet } from '../../src/account/workingSet.js';
import type { Command, FeePolicy, PatronAccount } from '../../src/index.js';
import { at, policy } from './account.js';

/** Returns a decision context for an account in dollars, by default with an arbitrary command. */
export function contextOf(
  account: PatronAccount,
  command: Command = { type: 'DisputeFee', id: 'some', feeId: 'f1', at },
  rules: FeePolicy = policy,
): DecisionContext {
  return new DecisionContext(command, rules, 2, openWorkingSet(account));
}
