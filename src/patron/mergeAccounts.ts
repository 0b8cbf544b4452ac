import * as v from 'valibot';
import type { Circumstances, CommandActor } from '../account/circumstances.js';
import { digestWithoutTexts } from '../account/digest.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import {
  circumstancesFields,
  commandActorField,
  commandIdField,
  nameField,
} from '../account/fieldSchemas.js';
import { idUse } from '../account/ids.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { permissionFor } from '../account/permission.js';
import type { Merge } from '../account/records.js';
import type { NotPermitted } from '../account/rejections/commandRejections.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { loadAccount } from '../history/loadAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields, plainObject } from '../input/plainObject.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { otherSideOf, sideOf } from './accountsOf.js';
import { lastUnjoined, pathBack } from './mergeCircle.js';
import type { MergeRejection } from './mergeRejection.js';
import { type MergeResult, refused, type Step, writeInSteps } from './writeInSteps.js';

/** Two accounts of one patron that become one group. */
export type AccountMerge = Omit<Circumstances, 'by'> & {
  /** The account to merge: nothing new begins in it any more. */
  readonly from: StreamId;
  /** The account that is kept for what is new, at the same institution. */
  readonly into: StreamId;
  /** The id of the merge, unused in both accounts. Sending the same merge again finishes it, and never merges twice. */
  readonly id: string;
  /**
   * Who merges them; the roles are compared with the policy's permission of `MergeAccounts`, and never recorded.
   *
   * @defaultValue unknown
   */
  readonly by?: CommandActor;
};

const streamField = v.pipe(plainObject, v.object({ institution: nameField, patronId: nameField }));

const formSchema = onlyFields({
  ...circumstancesFields,
  by: v.exactOptional(commandActorField),
  from: streamField,
  into: streamField,
  id: commandIdField,
});

type Checked = v.InferOutput<typeof formSchema>;

/**
 * Merges two accounts of one patron: `from` into `into`. Nothing is copied: each account keeps its fees, credits and
 * payments, which are paid, waived, settled and undone where they are, under their ids. Only commands that begin
 * something new in `from` (a fee, a new fine, a credit, a payment plan) are refused from then on, with
 * {@link index.AccountMergedRejection | AccountMerged}. {@link accountsOf} returns both accounts, for views and blocks
 * over both.
 *
 * Appends {@link index.AccountMerged | AccountMerged} to `from`, then {@link index.AccountJoined | AccountJoined} to
 * `into`. After an interruption between the two, the same call finishes the merge. If two calls at the same time would
 * merge accounts in a circle, the later merge is undone again, and refused. {@link separateAccounts} undoes a merge.
 *
 * Refused: an account into itself, at another institution, or in another currency than the policy's; `from` if it is
 * merged already; `into` if it is merged into `from`, perhaps through other accounts; an id in use. An account without
 * events can be merged.
 *
 * @events {@link index.AccountMerged | AccountMerged}, {@link index.AccountJoined | AccountJoined};
 * {@link index.AccountSeparated | AccountSeparated} if it is undone again.
 * @param store - the store with the events
 * @param policy - the institution's policy
 * @param merge - the accounts, the merge's id, when and by whom
 * @returns how many events were appended, or the rejection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid merge; `VERSION_CONFLICT`
 * if other writers were first at every attempt; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { mergeAccounts } from 'patron-fees/patrons';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const from = { institution: 'north', patronId: 'dverma-2' };
 * const into = { institution: 'north', patronId: 'dverma' };
 * await mergeAccounts(store, policy, { from, into, id: 'm1', at }); //=> { accepted: true, written: 2 }
 * await mergeAccounts(store, policy, { from, into, id: 'm1', at }); //=> { accepted: true, written: 0 }
 *
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * const { decision } = await execute(store, policy, from, fee);
 * decision.accepted ? null : decision.rejection; //=> { type: 'AccountMerged', kind: 'conflict', into: 'dverma' }
 * ```
 */
export async function mergeAccounts(
  store: ReadAppendStore,
  policy: FeePolicy,
  merge: AccountMerge,
): Promise<MergeResult<MergeRejection>> {
  const rules = definedPolicy(policy);
  const form = checkedArgument(formSchema, merge, 'merge');
  const why = mismatch(form) ?? notPermitted(rules, 'MergeAccounts', form.by);
  if (why !== undefined) return refused(why);
  return writeInSteps(store, async () => {
    const from = (await loadAccount(store, form.from)).account;
    const into = (await loadAccount(store, form.into)).account;
    const here = sideOf(from, form.id);
    if (here === undefined) return begin(store, form, rules, { from, into });
    if (here.direction !== 'into' || here.patronId !== form.into.patronId) {
      return refused(idUsed(from, form) as MergeRejection);
    }
    return nextStep(store, form, rules, { from, into }, here);
  });
}

/** The accounts of a merge, as they are now. */
type Pair = { readonly from: PatronAccount; readonly into: PatronAccount };

/** Returns why two streams cannot be merged, without reading their accounts. */
function mismatch({ from, into }: Checked): MergeRejection | undefined {
  if (from.institution !== into.institution) {
    const institutions = { from: from.institution, into: into.institution };
    return { type: 'MergeAcrossInstitutions', kind: 'invalid', ...institutions };
  }
  const { patronId } = from;
  return patronId === into.patronId ? { type: 'MergeIntoItself', kind: 'invalid', patronId } : undefined;
}

/** Returns the first step of a merge: `from` records it. */
async function begin(
  store: ReadAppendStore,
  form: Checked,
  { currency }: FeePolicy,
  { from, into }: Pair,
): Promise<Step<MergeRejection>> {
  const why =
    idUsed(from, form) ??
    idUsed(into, form) ??
    otherCurrency(from, currency) ??
    otherCurrency(into, currency);
  if (why !== undefined) return refused(why);
  if (from.mergedInto !== null) {
    return refused({ type: 'AccountMerged', kind: 'conflict', into: from.mergedInto });
  }
  const path = await pathBack(store, form, into);
  if (path !== undefined) return refused(circleRejection(path));
  return { stream: form.from, event: eventOf('AccountMerged', form), expectedVersion: from.eventCount };
}

/** Returns the next step of a merge that `from` has recorded. */
async function nextStep(
  store: ReadAppendStore,
  form: Checked,
  { currency }: FeePolicy,
  { from, into }: Pair,
  here: Merge,
): Promise<Step<MergeRejection>> {
  const there = otherSideOf(here, form.from.patronId, into);
  const fromIsSeparated = here.separatedAt !== null;
  const separated = eventOf('AccountSeparated', form);
  const separateFrom = { stream: form.from, event: separated, expectedVersion: from.eventCount };
  if (there !== undefined) {
    // A call that crossed this one may have separated `from` just before `into` was joined.
    return fromIsSeparated && there.separatedAt === null
      ? { stream: form.into, event: separated, expectedVersion: into.eventCount, result: undone(form) }
      : 'done';
  }
  const path = await pathBack(store, form, into);
  if (fromIsSeparated) return path === undefined ? undone(form) : refused(circleRejection(path));
  const why = idUsed(into, form) ?? otherCurrency(into, currency);
  if (why !== undefined) return { ...separateFrom, result: refused(why) };
  if (path === undefined) {
    return { stream: form.into, event: eventOf('AccountJoined', form), expectedVersion: into.eventCount };
  }
  const last = await lastUnjoined(store, form.from, path);
  if (last === undefined) return 'again';
  if (last.mergeId === form.id) return { ...separateFrom, result: refused(circleRejection(path)) };
  return { ...last, event: eventOf('AccountSeparated', form, last.mergeId) };
}

/** Returns the refusal of an id that an account uses for something else. */
function idUsed(account: PatronAccount, form: Checked): MergeRejection | undefined {
  if (idUse(account.ids, form.id) === undefined) return undefined;
  return { type: 'IdAlreadyUsed', kind: 'conflict', id: form.id };
}

function otherCurrency(account: PatronAccount, policyCurrency: string): MergeRejection | undefined {
  const { currency: accountCurrency } = account;
  return accountCurrency === null || accountCurrency === policyCurrency
    ? undefined
    : { type: 'AccountInOtherCurrency', kind: 'conflict', accountCurrency, policyCurrency };
}

function circleRejection(path: readonly string[]): MergeRejection {
  return { type: 'MergeLeadsBack', kind: 'conflict', path };
}

function undone({ id }: Checked): MergeResult<MergeRejection> {
  return refused({ type: 'AlreadyUndone', kind: 'conflict', id });
}

/** Returns an event of a merge, or the end of another merge that it crosses. */
function eventOf(
  type: 'AccountMerged' | 'AccountJoined' | 'AccountSeparated',
  form: Checked,
  mergeId = form.id,
): AccountEvent {
  const { from, into, id, by, ...circumstances } = form;
  const { roles, ...actor } = by ?? {};
  const side = {
    AccountMerged: { into: into.patronId },
    AccountJoined: { from: from.patronId },
    AccountSeparated: {},
  };
  const data = { mergeId, ...side[type], ...circumstances, ...(by && { by: actor }) };
  const metadata = { commandId: id, commandDigest: digestOfMerge(form) };
  // The end of a merge creates nothing, so it has no command of its own, and is the same for every merge.
  return (type === 'AccountSeparated' ? { type, data } : { type, data, metadata }) as AccountEvent;
}

/** The digest of the merge without its circumstances, as commands have it. */
function digestOfMerge({ id, from, into }: Checked): string {
  return digestWithoutTexts({ type: 'MergeAccounts', id, from, into });
}

/** Returns the refusal of an actor whom the policy does not permit to merge or separate accounts. */
export function notPermitted(
  policy: FeePolicy,
  commandType: 'MergeAccounts' | 'SeparateAccounts',
  by: CommandActor | undefined,
): NotPermitted | undefined {
  const isPatron = by?.channel === 'online' || by?.channel === 'selfCheck';
  const roles = isPatron ? [] : (by?.roles ?? []);
  return permissionFor(policy, commandType, roles).rejection ?? undefined;
}
