import * as v from 'valibot';
import type { Circumstances, CommandActor } from '../account/circumstances.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { circumstancesFields, commandActorField, nameField } from '../account/fieldSchemas.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { loadAccount } from '../history/loadAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields, plainObject } from '../input/plainObject.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { otherSideOf, sideOf } from './accountsOf.js';
import { notPermitted } from './mergeAccounts.js';
import type { SeparationRejection } from './mergeRejection.js';
import { type MergeResult, refused, writeInSteps } from './writeInSteps.js';

/** The end of a merge. */
export type AccountSeparation = Omit<Circumstances, 'by'> & {
  /** The account that was merged into another one. */
  readonly from: StreamId;
  /** The id of the merge. */
  readonly mergeId: string;
  /**
   * Who separates them; the roles are compared with the policy's permission of `SeparateAccounts`, and never recorded.
   *
   * @defaultValue unknown
   */
  readonly by?: CommandActor;
};

const formSchema = onlyFields({
  ...circumstancesFields,
  by: v.exactOptional(commandActorField),
  from: v.pipe(plainObject, v.object({ institution: nameField, patronId: nameField })),
  mergeId: nameField,
});

/**
 * Undoes a merge, for example of two persons with the same name. As nothing was copied, each account has its own fees,
 * credits and payments, and the separated account can be charged again. What was charged to the other account in the
 * meantime stays there.
 *
 * Appends {@link index.AccountSeparated | AccountSeparated} to the other account, then to `from`. After an interruption
 * between the two, the same call finishes it; after a merge that was interrupted, it undoes the half that was done.
 *
 * @events {@link index.AccountSeparated | AccountSeparated}.
 * @param store - the store with the events
 * @param policy - the institution's policy
 * @param separation - the merged account, the merge's id, when and by whom
 * @returns how many events were appended, or the rejection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid separation;
 * `VERSION_CONFLICT` if other writers were first at every attempt; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { accountsOf, mergeAccounts, separateAccounts } from 'patron-fees/patrons';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const from = { institution: 'north', patronId: 'dverma-2' };
 * const into = { institution: 'north', patronId: 'dverma' };
 * await mergeAccounts(store, policy, { from, into, id: 'm1', at });
 * await separateAccounts(store, policy, { from, mergeId: 'm1', at }); //=> { accepted: true, written: 2 }
 * (await accountsOf(store, into)).length; //=> 1
 * ```
 */
export async function separateAccounts(
  store: ReadAppendStore,
  policy: FeePolicy,
  separation: AccountSeparation,
): Promise<MergeResult<SeparationRejection>> {
  const rules = definedPolicy(policy);
  const form = checkedArgument(formSchema, separation, 'separation');
  const denied = notPermitted(rules, 'SeparateAccounts', form.by);
  if (denied !== undefined) return refused(denied);
  const { from, mergeId, by, ...circumstances } = form;
  const { roles, ...actor } = by ?? {};
  const data = { mergeId, ...circumstances, ...(by && { by: actor }) };
  const event = { type: 'AccountSeparated', data } as AccountEvent;
  return writeInSteps(store, async () => {
    const { account, version } = await loadAccount(store, from);
    const here = sideOf(account, mergeId);
    if (here?.direction !== 'into') return refused({ type: 'MergeNotFound', kind: 'notFound', mergeId });
    const into = { institution: from.institution, patronId: here.patronId };
    const other = await loadAccount(store, into);
    // The other account first: until `from` is separated too, nobody can merge it again.
    if (otherSideOf(here, from.patronId, other.account)?.separatedAt === null) {
      return { stream: into, event, expectedVersion: other.version };
    }
    return here.separatedAt === null ? { stream: from, event, expectedVersion: version } : 'done';
  });
}
