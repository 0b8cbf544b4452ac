import type { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions, checkedPolicies } from '../checkedArguments.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type NamingName, namings } from './ids.js';
import { ours, play } from './play.js';
import { plots } from './plots.js';
import { usualPolicies } from './policies.js';
import type { Story } from './story.js';

/** What stories are like. */
export type StoryOptions = {
  /** How many commands a story has at most, refused ones included; 20 if left out. */
  readonly maxCommands?: number;
  /** The policies to choose from, made by `definePolicy`; of every kind that changes a rule if left out. */
  readonly policies?: readonly FeePolicy[];
  /** Whether commands are named `c0`, `c1` ... or in ways that lead programs astray; both if left out. */
  readonly ids?: 'plain' | 'hostile';
  /** Who decides; this library's `decide` if left out. */
  readonly decide?: typeof decide;
  /** Who folds; this library's `fold` if left out. */
  readonly fold?: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
};

/** Stories as they are asked for. */
export function stories(fc: FastCheck, options: StoryOptions = {}): Arbitrary<Story> {
  const { ids } = checkedOptions(options);
  if (ids !== undefined && !Object.hasOwn(namings, ids)) {
    throw new PatronFeesError('INVALID_ARGUMENT', `ids: expected plain or hostile, found ${String(ids)}`);
  }
  const maxCommands = checkedCount('maxCommands', options.maxCommands ?? 20);
  const policies = checkedPolicies(options.policies ?? usualPolicies);
  const { decide = ours.decide, fold = ours.fold } = options;
  const naming: Arbitrary<NamingName> =
    ids === undefined ? fc.constantFrom('plain', 'hostile') : fc.constant(ids);
  return fc
    .tuple(plots(fc, maxCommands), fc.constantFrom(...policies), naming)
    .map(([plot, policy, name]) => play(plot, policy, namings[name], { decide, fold }));
}
