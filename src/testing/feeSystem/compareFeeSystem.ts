import { checkedOptions } from '../checkedArguments.js';
import { type FeeSystemConformanceOptions, feeSystemConformance } from './feeSystemConformance.js';
import type { RemoteFeeSystem } from './remoteFeeSystem.js';

/** The progress of {@link compareFeeSystem}. */
export type ComparisonProgress = {
  /** The title of the case that runs. */
  readonly title: string;
  /** Its number, from 1. */
  readonly number: number;
  /** The number of cases. */
  readonly cases: number;
  /** The number of stories of the case that have begun; those that shorten a failed one count too. */
  readonly stories: number;
  /** The stories per second of the case. */
  readonly perSecond: number;
};

/** Options of {@link compareFeeSystem}. */
export type ComparisonOptions = Omit<FeeSystemConformanceOptions, 'capabilities'> & {
  /**
   * Called when a story begins.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: ComparisonProgress) => void;
};

/** The result of one case. */
export type ComparedCase = {
  /** The requirement, as the rest of a sentence that begins with `it`. */
  readonly title: string;
  /** The number of stories. */
  readonly stories: number;
  /** The time that it took, in milliseconds. */
  readonly milliseconds: number;
  /** The shortest story that shows a difference, as {@link feeSystemConformance} reports it; null if none differed. */
  readonly difference: string | null;
};

/** The results of all cases. */
export type ComparedFeeSystem = {
  /** The name of the system. */
  readonly name: string;
  /** Whether no case found a difference. */
  readonly passed: boolean;
  /** The cases. */
  readonly cases: readonly ComparedCase[];
};

/**
 * Runs all cases of {@link feeSystemConformance} on a system in another process or on another machine, one after the
 * other, also if some fail. {@link formatComparison} formats the results for people and for build servers.
 *
 * @param system - the system; its description says which capabilities are compared
 * @param options - the policy (the one that the system was started with), the number and length of stories, progress
 * @returns a result for each case
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { compareFeeSystem, formatComparison, type RemoteFeeSystem } from 'patron-fees/testing';
 *
 * const system: RemoteFeeSystem = {
 *   description: { protocol: 1, name: 'refuses everything', capabilities: [] },
 *   open: async () => ({
 *     assess: async () => ({ accepted: false }),
 *     pay: async () => ({ accepted: false }),
 *     balances: async () => ({ fees: [] }),
 *   }),
 *   close: async () => {},
 * };
 * const results = await compareFeeSystem(system, { seed: 1 });
 * results.passed; //=> false
 * formatComparison(results, 'tap').split('\n')[2]; //=> 'not ok 1 - charges fees and takes payments as our account does'
 * ```
 */
export async function compareFeeSystem(
  system: RemoteFeeSystem,
  options: ComparisonOptions = {},
): Promise<ComparedFeeSystem> {
  const { onProgress, ...more } = checkedOptions(options);
  const { name, capabilities } = system.description;
  let stories = 0;
  let began = () => {};
  const open = () => {
    stories += 1;
    began();
    return system.open();
  };
  const all = feeSystemConformance(open, { ...more, capabilities });
  const cases: ComparedCase[] = [];
  for (const [index, { title, run }] of all.entries()) {
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    stories = 0;
    began = () =>
      onProgress?.({
        title,
        number: index + 1,
        cases: all.length,
        stories,
        perSecond: Math.round((stories * 1_000) / Math.max(1, elapsed())),
      });
    const difference = await run().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    cases.push({ title, stories, milliseconds: Math.round(elapsed()), difference });
  }
  return { name, passed: cases.every(({ difference }) => difference === null), cases };
}
