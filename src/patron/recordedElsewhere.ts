import { isReversedWhole } from '../account/transactionPart.js';
import { loadAccount } from '../history/loadAccount.js';
import type { JoinedAccount } from './accountsOf.js';
import type { AccountsContext, PatronGroup } from './patronGroup.js';
import { amountOf, type PaymentIdentity, recordedParts, wholeOf } from './transactionParts.js';

/**
 * Returns whether a payment is in accounts that are separated from the group since: a client that sends it again gets no
 * second one. A payment that was reversed there is recorded here.
 *
 * @param payment - with the only fee that it pays, and its amount in minor units; undefined for all
 */
export async function isRecordedElsewhere(
  context: AccountsContext,
  {
    group,
    fee,
    amount,
    digits,
    ...payment
  }: PaymentIdentity & {
    readonly group: PatronGroup;
    readonly fee: string | undefined;
    readonly amount: number | undefined;
    readonly digits: number;
  },
): Promise<boolean> {
  const partsIn = (accounts: readonly JoinedAccount[]) =>
    recordedParts(accounts, payment).filter((part) => !isReversedWhole(part.payment));
  const elsewhere = partsIn(await separatedFrom(context, group));
  if (elsewhere.length === 0) return false;
  const isSame = (recorded: number | undefined) =>
    recorded !== undefined && recorded === (amount ?? recorded);
  if (fee !== undefined)
    return elsewhere.some(
      ({ payment: { feesNamed, amount: recorded } }) =>
        feesNamed.length === 1 && feesNamed[0] === fee && isSame(recorded),
    );
  const parts = [...partsIn(group), ...elsewhere];
  return isSame(wholeOf(parts, digits)?.amount) || amountOf(parts) === amount;
}

/** Reads the accounts that were merged with a group, and are separated from it now. */
async function separatedFrom(
  { store, institution }: AccountsContext,
  group: PatronGroup,
): Promise<readonly JoinedAccount[]> {
  const all: JoinedAccount[] = [...group];
  const known = new Set(all.map(({ patronId }) => patronId));
  // The list grows while it is read: an account may have been merged by way of others.
  for (const { account } of all) {
    for (const { patronId } of account.merges) {
      if (known.has(patronId)) continue;
      known.add(patronId);
      all.push({ institution, patronId, ...(await loadAccount(store, { institution, patronId })) });
    }
  }
  return all.slice(group.length);
}
