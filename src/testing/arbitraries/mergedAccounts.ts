import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions, checkedPolicies } from '../checkedArguments.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { moveLists } from './moveLists.js';
import { usualPolicies } from './policies.js';
import { runMoves } from './runMoves.js';

/** An account among several that were merged or separated. */
export type MergedAccount = {
  /** The patron: `p0`, `p1` and so on. */
  readonly patronId: string;
  /** The valid history of the account: what happened in it, then its merges. */
  readonly events: readonly AccountEvent[];
};

/** Accounts at one institution, some of which were merged, and some of these separated again. */
export type MergedAccounts = {
  /** The policy of all of them. */
  readonly policy: FeePolicy;
  /** The accounts. */
  readonly accounts: readonly MergedAccount[];
  /**
   * The patron ids of each group, in the order in which {@link patrons.accountsOf | accountsOf} returns its
   * accounts; an account that is not merged is a group of its own.
   */
  readonly groups: readonly (readonly string[])[];
};

/** Options of merged accounts. */
export type MergedAccountsOptions = {
  /** The maximum number of commands in each account, including refused ones; 12 if left out. */
  readonly maxCommands?: number;
  /**
   * The policies to choose from, made by `definePolicy`; policies with every setting that changes a rule if left out.
   */
  readonly policies?: readonly FeePolicy[];
};

/** A call: a merge of two accounts, or a separation. */
type Call = { readonly separates: boolean; readonly from: number; readonly into: number };

const at = '2026-05-01T09:00:00Z';

/** Generates accounts and calls that merge and separate them: chains, trees, and calls that cross. */
export function mergedAccounts(
  fc: FastCheck,
  options: MergedAccountsOptions = {},
): Arbitrary<MergedAccounts> {
  const given = checkedOptions(options);
  const maxCommands = checkedCount('maxCommands', given.maxCommands ?? 12);
  const policies = checkedPolicies(given.policies ?? usualPolicies);
  const account = fc.nat(3);
  const call = fc.record({ separates: fc.nat(4).map((n) => n === 4), from: account, into: account });
  const lists = fc.array(moveLists(fc, maxCommands), { minLength: 2, maxLength: 4, size: 'max' });
  const calls = fc.array(call, { minLength: 1, maxLength: 6, size: 'max' });
  return fc.tuple(fc.constantFrom(...policies), lists, calls).map(([policy, moves, all]) =>
    merged(
      policy,
      moves.map((list) => runMoves(list, policy)),
      all,
    ),
  );
}

function merged(
  policy: FeePolicy,
  stories: readonly ReturnType<typeof runMoves>[],
  calls: readonly Call[],
): MergedAccounts {
  const patrons = stories.map(({ account, events }, index) => ({
    patronId: `p${index}`,
    events: [...events],
    // A policy of another place may have decided the first command.
    canMerge: (account.currency ?? policy.currency) === policy.currency,
    parent: null as { readonly number: number; readonly mergeId: string } | null,
    children: [] as number[],
  }));
  const patronOf = (number: number) => patrons[number % patrons.length] as (typeof patrons)[number];
  for (const [index, call] of calls.entries()) {
    const [from, into] = [patronOf(call.from), patronOf(call.into)];
    const { parent } = from;
    if (call.separates && parent !== null) {
      const data = { mergeId: parent.mergeId, at };
      for (const { events } of [patronOf(parent.number), from])
        events.push({ type: 'AccountSeparated', data });
      const siblings = patronOf(parent.number).children;
      siblings.splice(siblings.indexOf(patrons.indexOf(from)), 1);
      from.parent = null;
    }
    if (call.separates || from.parent !== null || from === into || !from.canMerge || !into.canMerge) continue;
    const mergeId = `merge ${index}`;
    from.events.push({ type: 'AccountMerged', data: { mergeId, into: into.patronId, at } });
    let top = into;
    while (top.parent !== null) top = patronOf(top.parent.number);
    if (top === from) {
      // It crossed the merge in the other direction, and was the later one.
      from.events.push({ type: 'AccountSeparated', data: { mergeId, at } });
      continue;
    }
    into.events.push({ type: 'AccountJoined', data: { mergeId, from: from.patronId, at } });
    from.parent = { number: patrons.indexOf(into), mergeId };
    into.children.push(patrons.indexOf(from));
  }
  const groupUnder = ({ patronId, children }: (typeof patrons)[number]): readonly string[] => [
    patronId,
    ...children.flatMap((number) => groupUnder(patronOf(number))),
  ];
  return {
    policy,
    accounts: patrons.map(({ patronId, events }) => ({ patronId, events })),
    groups: patrons.filter(({ parent }) => parent === null).map(groupUnder),
  };
}
