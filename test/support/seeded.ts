import fc from 'fast-check';

/** The number of runs of a law in full. */
const RUNS = 1_000;

/**
 * `FC_RUNS`: `all` runs every property in full, `1/4` a quarter of it, a number sets the runs of each; the default is a
 * twentieth, so that the tests of a change stay fast, and a fiftieth in `npm test`. With 0 no property has any case: a test
 * that fails then counts cases that are random.
 */
const FC_RUNS = process.env.FC_RUNS || '1/20';

/** The part of the full runs; undefined for a number. */
const part = FC_RUNS === 'all' ? 1 : /^1\/[1-9]\d*$/.test(FC_RUNS) ? 1 / Number(FC_RUNS.slice(2)) : undefined;

/** Whether it is a run that leaves to the gate what is the same in every run. */
const isShort = part !== undefined && part < 1 / 20;

/** The minimum of a part of the full runs. */
const LEAST_RUNS = isShort ? 2 : 5;

/** The timeout of a law, in milliseconds. */
export const LAW_TIMEOUT_MS = part === undefined ? 0 : 1_200_000;

/** The options of fast-check for a property. */
interface RunOptions {
  readonly seed?: number;
  readonly numRuns: number;
}

/**
 * Prints the seed of a law, so that a run can be repeated: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 */
export function seeded(law: string): RunOptions {
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = runsOf(RUNS);
  console.log(`${law}: seed ${seed}, runs ${numRuns}`);
  return { seed, numRuns };
}

/**
 * Returns the options of a quick property, which prints its seed only if it fails; `FC_RUNS` and `FC_SEED` apply too.
 *
 * @param full - the number of runs in full
 */
export function tried(full: number): RunOptions {
  const { FC_SEED } = process.env;
  return { numRuns: runsOf(full), ...(FC_SEED === undefined ? {} : { seed: Number(FC_SEED) }) };
}

/**
 * Returns the options of a property with the same cases in every run, whatever `FC_RUNS` and `FC_SEED` are. Only such
 * cases may be counted: a bound on the number of random cases fails by chance.
 */
export function fixedCases(numRuns: number): RunOptions {
  return { seed: 1, numRuns };
}

/**
 * Checks a property with fixed cases, then `varied`, which counts what these cases contained, and then the property with
 * random cases. A short run has only the random cases: what the fixed ones contain is the same in every run.
 *
 * @param cases - the number of fixed cases
 */
export async function assertVaried(
  property: fc.IRawProperty<unknown>,
  runs: RunOptions,
  cases: number,
  varied: () => void,
): Promise<void> {
  if (!isShort) {
    await fc.assert(property, fixedCases(cases));
    varied();
  }
  await fc.assert(property, runs);
}

export function runsOf(full: number): number {
  if (part !== undefined) return Math.round(Math.min(full, Math.max(LEAST_RUNS, full * part)));
  const runs = Number(FC_RUNS);
  if (!Number.isSafeInteger(runs) || runs < 0)
    throw new Error(`FC_RUNS: expected "all", a part like "1/4" or a number, found "${FC_RUNS}"`);
  return runs;
}
