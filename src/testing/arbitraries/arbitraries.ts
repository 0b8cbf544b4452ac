import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { assertAccount, type PatronAccount } from '../../account/patronAccount.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedFastCheck } from '../checkedArguments.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { amounts, notAmounts } from './amounts.js';
import { type CorruptHistory, corruptHistories } from './corruptHistories.js';
import { damaged, damages } from './damages.js';
import { ids, notIds } from './ids.js';
import { type MergedAccounts, type MergedAccountsOptions, mergedAccounts } from './mergedAccounts.js';
import { moveCommand } from './moveCommand.js';
import { moves } from './moves.js';
import { madePolicies } from './policies.js';
import { type StoryOptions, stories } from './stories.js';
import type { Story } from './story.js';

/** Random values for testing with fees. They shrink to small, readable values. */
export type Arbitraries = {
  /**
   * Amounts in canonical form, from the smallest to twelve digits. Every third one is an edge case: a carry, a third, a
   * value that floats cannot represent, the largest.
   */
  readonly amounts: (currency?: string) => Arbitrary<string>;
  /**
   * Values that must be refused as an amount: exponents, signs, other digits, numbers, objects that convert to text.
   */
  readonly invalidAmounts: () => Arbitrary<unknown>;
  /** Ids that a command may have, including `"__proto__"`, `"17"` and `"a#1"`. */
  readonly ids: () => Arbitrary<string>;
  /** Values that must be refused as an id. */
  readonly invalidIds: () => Arbitrary<unknown>;
  /**
   * Random policies: currencies of 0 to 3 decimals, every payment order, overpayment rules, percentages of lost items,
   * minimums of transfers, limits of the user group `STUDENT`. They shrink to the default rules.
   */
  readonly policies: () => Arbitrary<FeePolicy>;
  /**
   * Commands of every type that mostly make sense for an account: they name its fees, credits and payments, and codes
   * of the policy. Some are refused. The id is the given one, or a new one; sometimes it is already in use, which must
   * be refused.
   */
  readonly commands: (account: PatronAccount, policy: FeePolicy, id?: string) => Arbitrary<Command>;
  /** Accounts that result from deciding commands one after the other, including refused ones. */
  readonly stories: (options?: StoryOptions) => Arbitrary<Story>;
  /** Valid histories: the events of {@link Arbitraries.stories}. */
  readonly histories: (options?: StoryOptions) => Arbitrary<readonly AccountEvent[]>;
  /**
   * Two to four accounts of one policy that were merged and separated: chains, trees, calls that cross. Append each
   * history to an empty stream.
   */
  readonly mergedAccounts: (options?: MergedAccountsOptions) => Arbitrary<MergedAccounts>;
  /** Valid histories with one named fault added, and the error that folding must throw. */
  readonly corruptHistories: (options?: StoryOptions) => Arbitrary<CorruptHistory>;
  /**
   * Valid histories damaged at random: events dropped, repeated, moved or changed. Some of them can still be folded;
   * the others must throw the documented error.
   */
  readonly damagedHistories: (options?: StoryOptions) => Arbitrary<readonly AccountEvent[]>;
};

/**
 * Returns arbitraries for property-based tests. They are created by the fast-check that is passed in, so that they use
 * the same copy as your tests.
 *
 * @param fc - fast-check 4, as imported with `import fc from 'fast-check'`
 * @returns the arbitraries
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if `fc` is not fast-check; its functions
 * throw the same for an invalid currency or invalid options, `INVALID_ACCOUNT` for an invalid account, and
 * `INVALID_POLICY` for an invalid policy
 *
 * @example Nobody can be waived more than the fee
 * ```ts
 * import fc from 'fast-check';
 * import { fold } from 'patron-fees';
 * import { arbitraries } from 'patron-fees/testing';
 *
 * const { histories } = arbitraries(fc);
 * fc.assert(
 *   fc.property(histories({ maxCommands: 10 }), (events) =>
 *     fold(events).fees.every(({ waived, original }) => waived <= original),
 *   ),
 *   { numRuns: 50 },
 * );
 * ```
 */
export function arbitraries(fc: FastCheck): Arbitraries {
  checkedFastCheck(fc);
  const histories = (options?: StoryOptions) => stories(fc, options).map(({ events }) => events);
  return {
    amounts: (currency = 'USD') => amounts(fc, currency),
    invalidAmounts: () => fc.constantFrom('0', '0.00', ...notAmounts),
    ids: () => ids(fc),
    invalidIds: () => fc.constantFrom(...notIds),
    policies: () => madePolicies(fc),
    commands: (account, policy, id = `new-${Number(account?.eventCount) + 1}`) => {
      assertAccount(account);
      const rules = definedPolicy(policy);
      return moves(fc).map((move) => moveCommand(move, id, account, rules));
    },
    stories: (options) => stories(fc, options),
    histories,
    mergedAccounts: (options) => mergedAccounts(fc, options),
    corruptHistories: (options) => corruptHistories(fc, stories(fc, options)),
    damagedHistories: (options) =>
      fc.tuple(histories(options), damages(fc)).map(([events, all]) => damaged(events, all)),
  };
}
