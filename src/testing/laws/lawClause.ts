import type fastCheck from 'fast-check';
import { stories } from '../arbitraries/stories.js';
import { printedAs } from '../arbitraries/story.js';
import { checkedCount, checkedOptions, checkedSeed } from '../checkedArguments.js';
import { described } from '../described.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { Clause, LawText, Subject } from './law.js';

/** Options of checking a law. */
export type CheckOptions = {
  /** The number of random inputs for each clause; 100 if left out. */
  readonly runs?: number;
  /** The random seed, a 32-bit integer: the same seed generates the same inputs. Random if left out. */
  readonly seed?: number;
  /**
   * The path reported with a failure of this clause and seed: checks that input only.
   *
   * @defaultValue every input
   */
  readonly path?: string;
};

/** One clause of a law. */
export type LawClause = {
  /** The statement that must hold. */
  readonly sentence: string;
  /**
   * Returns the clause as a property for `fc.assert`, created by the fast-check that is passed in. Await it: what is
   * looked at in stores is an asynchronous property.
   */
  readonly property: (fc: FastCheck) => fastCheck.IRawProperty<[unknown]>;
  /**
   * Checks the clause. Needs `fast-check` to be installed. Rejects with an error that shows the smallest story found
   * that violates it, and how to reproduce it; the error's `inputs` has the input itself: a {@link Story} first, for
   * most clauses. Rejects with `INVALID_ARGUMENT` if the number of runs is not above 0 or the seed is not a 32-bit
   * integer.
   */
  readonly check: (options?: CheckOptions) => Promise<void>;
};

/** Returns a clause of a law as users see it, ready to be checked. */
export function lawClause(law: LawText, clause: Clause, subject: Subject): LawClause {
  const isAsync = 'input' in clause && clause.isAsync === true;
  const property = (fc: FastCheck): fastCheck.IRawProperty<[unknown]> =>
    isAsync
      ? fc.asyncProperty(trials(fc, clause, subject), async ({ run }) => {
          await run();
        })
      : fc.property(trials(fc, clause, subject), ({ run }) => {
          run();
        });
  return {
    sentence: clause.sentence,
    property,
    check: async (options = {}) => {
      const { runs = 100, seed, path } = checkedOptions(options);
      const how = {
        numRuns: checkedCount('runs', runs),
        ...(checkedSeed(seed) === undefined ? {} : { seed }),
      };
      const { default: fc } = await import('fast-check');
      const result = await fc.check(property(fc), { ...how, ...(path === undefined ? {} : { path }) });
      if (result.failed) throw failure(fc, law, clause, result);
    },
  };
}

/** One input of a clause, ready to be checked. */
type Trial = { readonly run: () => void | Promise<void>; readonly inputs: readonly unknown[] };

function trials(fc: FastCheck, clause: Clause, subject: Subject): Arbitrary<Trial> {
  if ('input' in clause)
    return clause
      .input(fc, subject)
      .map((input) => trial([input], () => clause.holds(input as never, subject), fc));
  const { beside, holdsIn } = clause;
  const all = stories(fc, subject);
  return beside === undefined
    ? all.map((story) => trial([story], () => holdsIn(story, subject, undefined as never), fc))
    : fc
        .tuple(all, beside(fc, subject))
        .map(([story, one]) => trial([story, one], () => holdsIn(story, subject, one as never), fc));
}

function trial(inputs: readonly unknown[], run: Trial['run'], fc: FastCheck): Trial {
  return printedAs({ run, inputs }, () =>
    inputs.map((input) => fc.stringify(input).trim()).join('\nand beside it '),
  );
}

/** The details of a failed check that are reported. */
type Failed = Pick<
  fastCheck.RunDetailsCommon<[unknown]>,
  'counterexample' | 'counterexamplePath' | 'seed' | 'numRuns' | 'errorInstance'
>;

function failure(fc: FastCheck, law: LawText, clause: Clause, result: Failed): Error {
  const { counterexample, counterexamplePath, seed, numRuns, errorInstance } = result;
  const lines = [
    `Law ${law.number} (${law.name}) does not hold: ${clause.sentence}`,
    fc.stringify(counterexample?.[0]).trim(),
    described(errorInstance),
    `Found in run ${numRuns}. Once more: clauses[${law.clauses.indexOf(clause)}].check({ seed: ${seed}, path: '${counterexamplePath}' })`,
  ];
  const inputs = (counterexample?.[0] as Trial | undefined)?.inputs ?? [];
  return Object.assign(new Error(lines.join('\n\n'), { cause: errorInstance }), { inputs });
}
