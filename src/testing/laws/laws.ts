import { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { evolve } from '../../account/evolve.js';
import { fold } from '../../account/fold.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { journal as ownJournal } from '../../books/journal/journal.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { spread } from '../../policy/paymentOrder.js';
import { usualPolicies } from '../arbitraries/policies.js';
import type { Decide } from '../arbitraries/runMoves.js';
import { checkedCount, checkedFunction, checkedOptions, checkedPolicies } from '../checkedArguments.js';
import { memoryStores, type OpenStores } from '../online/onlineWorld.js';
import { anyInput } from './anyInput.js';
import { conservation } from './conservation.js';
import { deciding } from './deciding.js';
import { effects } from './effects.js';
import { folding } from './folding.js';
import { growingFines } from './growingFines.js';
import { journal } from './journal.js';
import type { JournalOf, LawText, Subject } from './law.js';
import { type CheckOptions, type LawClause, lawClause } from './lawClause.js';
import { merges } from './merges.js';
import { moneyEquation } from './moneyEquation.js';
import { onlinePayments } from './onlinePayments.js';
import { paymentPlans } from './paymentPlans.js';
import { repeats } from './repeats.js';
import { settling } from './settling.js';
import { splits } from './splits.js';
import { undoing } from './undoing.js';
import { waivers } from './waivers.js';

/** The functions and policies to test. The default for each is this library's own. */
export type LawOptions = {
  /** The policies to test, made by `definePolicy`; policies with every setting that changes a rule if left out. */
  readonly policies?: readonly FeePolicy[];
  /**
   * Decides commands, as this library's `decide` does.
   *
   * @defaultValue `decide` of this library
   */
  readonly decide?: Decide;
  /**
   * Folds events, as this library's `fold` does; derived from `evolve` if only that is given.
   *
   * @defaultValue `fold` of this library
   */
  readonly fold?: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  /**
   * Folds one event, as this library's `evolve` does; derived from `fold` if only that is given.
   *
   * @defaultValue `evolve` of this library
   */
  readonly evolve?: (account: PatronAccount, event: AccountEvent) => PatronAccount;
  /**
   * Splits an amount over owed amounts, as this library's `spread` does.
   *
   * @defaultValue `spread` of this library
   */
  readonly spread?: typeof spread;
  /**
   * Returns the journal of an account, as `journal` of `patron-fees/reports` does.
   *
   * @defaultValue `journal` of this library
   */
  readonly journal?: JournalOf;
  /** The maximum number of commands of a story; 20 if left out. */
  readonly maxCommands?: number;
  /**
   * Opens the stores in which a story of law 14 plays, to test a store of your own: with processes that die at a write,
   * and with two that meet.
   *
   * @defaultValue stores in memory
   */
  readonly openStores?: OpenStores;
};

/** A law that holds in every state of an account. */
export type Law = {
  /** Its number in the contract. */
  readonly number: number;
  /** Its name, e.g. `waivers`. */
  readonly name: string;
  /** The law in one sentence. */
  readonly sentence: string;
  /** The clauses of the law. */
  readonly clauses: readonly LawClause[];
  /**
   * Checks all clauses, one after the other. Rejects like {@link LawClause.check}. No path, because a path belongs to
   * one clause.
   */
  readonly check: (options?: Omit<CheckOptions, 'path'>) => Promise<void>;
};

/** The laws of the contract, in its order. */
export const lawTexts: readonly LawText[] = [
  conservation,
  waivers,
  moneyEquation,
  repeats,
  deciding,
  folding,
  undoing,
  journal,
  splits,
  anyInput,
  growingFines,
  paymentPlans,
  merges,
  onlinePayments,
  effects,
  settling,
];

/**
 * Returns the laws that every account of this library obeys, to test a policy of your own, or a `decide`, `fold` or
 * `evolve` of your own. They need no test runner.
 *
 * 1. conservation
 * 2. waivers
 * 3. the money equation
 * 4. repeats
 * 5. deciding and folding
 * 6. folding
 * 7. undoing
 * 8. the journal
 * 9. splits
 * 10. any input
 * 11. growing fines
 * 12. payment plans
 * 13. merges
 * 14. online payments
 * 15. effects
 * 16. settling
 *
 * If a `decide` throws, or decides events that its `fold` rejects, the story ends there. Law 5 reports it, and the
 * other laws check the story up to that step. So make law 5 pass first: until then the other laws check only parts of
 * stories.
 *
 * @param options - the functions and policies to test; this library's own if left out
 * @returns the laws
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options,
 * `INVALID_POLICY` for an invalid policy
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { laws } from 'patron-fees/testing';
 *
 * const policies = [definePolicy({ currency: 'CHF', unpaidOnReturn: 'all' })];
 *
 * // With a test runner: for (const law of laws({ policies })) it(law.sentence, () => law.check());
 * for (const law of laws({ policies })) await law.check({ runs: 5 });
 * laws()[1]?.name; //=> 'waivers'
 * ```
 */
export function laws(options: LawOptions = {}): readonly Law[] {
  const subject = subjectOf(options);
  return lawTexts.map((text) => {
    const clauses = text.clauses.map((clause) => lawClause(text, clause, subject));
    return {
      number: text.number,
      name: text.name,
      sentence: text.sentence,
      clauses,
      check: async (how) => {
        for (const clause of clauses) await clause.check(how);
      },
    };
  });
}

/** Completes the functions and policies to test with the defaults. */
export function subjectOf(options: LawOptions = {}): Subject {
  const { fold: folds, evolve: evolves } = checkedOptions(options);
  for (const name of ['decide', 'fold', 'evolve', 'spread', 'journal', 'openStores'] as const) {
    if (options[name] !== undefined) checkedFunction(name, options[name]);
  }
  return {
    decide: options.decide ?? decide,
    fold: folds ?? (evolves === undefined ? (events, account) => fold(events, account) : foldOf(evolves)),
    evolve: evolves ?? (folds === undefined ? evolve : (account, event) => folds([event], account)),
    spread: options.spread ?? spread,
    journal: options.journal ?? ownJournal,
    policies: checkedPolicies(options.policies ?? usualPolicies),
    maxCommands: checkedCount('maxCommands', options.maxCommands ?? 20),
    openStores: options.openStores ?? memoryStores,
  };
}

function foldOf(evolves: Subject['evolve']): Subject['fold'] {
  return (events, account = emptyAccount()) => {
    let folded = account;
    for (const event of events) folded = evolves(folded, event);
    return folded;
  };
}
