import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions, checkedPolicies } from '../checkedArguments.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type NamingName, namings } from './ids.js';
import { moveLists } from './moveLists.js';
import { usualPolicies } from './policies.js';
import { type Decide, ours, runMoves } from './runMoves.js';
import type { Story } from './story.js';

/** Options of stories. */
export type StoryOptions = {
  /** The maximum number of commands of a story, including refused ones; 20 if left out. */
  readonly maxCommands?: number;
  /**
   * The policies to choose from, made by `definePolicy`; policies with every setting that changes a rule if left out.
   */
  readonly policies?: readonly FeePolicy[];
  /** Whether commands have the ids `c0`, `c1` ... or ids that often cause errors; both if left out. */
  readonly ids?: 'plain' | 'hostile';
  /** Decides commands; this library's `decide` if left out. */
  readonly decide?: Decide;
  /** Folds events; this library's `fold` if left out. */
  readonly fold?: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
};

/** Generates stories with the given options. */
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
    .tuple(moveLists(fc, maxCommands), fc.constantFrom(...policies), naming)
    .map(([moveList, policy, name]) => runMoves(moveList, policy, namings[name], { decide, fold }));
}
