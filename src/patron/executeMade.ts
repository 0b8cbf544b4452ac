import type { Command } from '../account/commands/command.js';
import type { PatronAccount } from '../account/patronAccount.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { executeLoaded } from '../history/execute.js';
import { untilNoConflict } from '../history/retry.js';
import type { JoinedAccount } from './accountsOf.js';
import type { AccountsContext } from './patronGroup.js';

/**
 * Executes commands that are made for an account as it is, which changes in place.
 *
 * @param make - returns the commands, or why there are none
 * @param dependsOnAccount - whether the commands are made again if others change the account
 * @returns why they are refused; undefined if they are recorded
 */
export async function executeMade<Refused>(
  { store, policy, institution, how }: AccountsContext,
  { patronId, ...loaded }: JoinedAccount,
  make: (account: PatronAccount) => readonly Command[] | Refused,
  dependsOnAccount: boolean,
): Promise<Refused | Rejection | undefined> {
  const stream = { institution, patronId };
  // After a conflict, the account has the events of the other writer.
  return untilNoConflict(async (write) => {
    const commands = make(loaded.account);
    if (!Array.isArray(commands)) return commands as Refused;
    if (commands.length === 0) return undefined;
    const expected = { ...how, expectedVersion: loaded.account.eventCount };
    const { decision } = dependsOnAccount
      ? await write(() => executeLoaded(store, policy, stream, loaded, commands, expected), commands)
      : await executeLoaded(store, policy, stream, loaded, commands, how);
    return decision.accepted ? undefined : decision.rejection;
  });
}
