import type fastCheck from 'fast-check';
import { printedAs } from '../arbitraries/printedAs.js';
import { stories } from '../arbitraries/stories.js';
import { checkedCount, checkedOptions, checkedSeed } from '../checkedArguments.js';
import { described } from '../described.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { Clause, LawText, Subject } from './law.js';

/** How a law is tried. */
export type CheckOptions = {
  /** How many random inputs each clause is tried with; 100 if left out. */
  readonly runs?: number;
  /** Where chance begins, a 32-bit integer: the same seed tries the same inputs. Another one each time if left out. */
  readonly seed?: number;
  /**
   * A path that was told with a failure of this clause and seed: tries that input only.
   *
   * @defaultValue every input
   */
  readonly path?: string;
};

/** One sentence of a law. */
export type LawClause = {
  /** What must hold. */
  readonly sentence: string;
  /** The clause as a property for `fc.assert`, made by the fast-check that is handed in. */
  readonly property: (fc: FastCheck) => fastCheck.IProperty<[unknown]>;
  /**
   * Tries the clause. Needs `fast-check` to be installed. Rejects with an error that tells the smallest story found in
   * which it does not hold, and how to have it again; with `INVALID_ARGUMENT` for runs that are no number above 0, and for
   * a seed that is no 32-bit integer.
   */
  readonly check: (options?: CheckOptions) => Promise<void>;
};

/** A clause of a law, ready to be tried on something. */
export function lawClause(law: LawText, clause: Clause, subject: Subject): LawClause {
  const property = (fc: FastCheck) =>
    fc.property(trials(fc, clause, subject), ({ run }) => {
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
      const result = fc.check(property(fc), { ...how, ...(path === undefined ? {} : { path }) });
      if (result.failed) throw failure(fc, law, clause, result);
    },
  };
}

/** One input of a clause, ready to be tried. */
type Trial = { readonly run: () => void };

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

function trial(inputs: readonly unknown[], run: () => void, fc: FastCheck): Trial {
  return printedAs({ run }, () => inputs.map((input) => fc.stringify(input).trim()).join('\nand beside it '));
}

/** What of a failed check is told. */
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
  return new Error(lines.join('\n\n'), { cause: errorInstance });
}
