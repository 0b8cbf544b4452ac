/** The number of runs of a law in full, as in the gate. */
const RUNS = 1_000;

/** The default fraction of the full runs, and its minimum. */
const USUAL_PART = 1 / 10;
const LEAST_RUNS = 20;

/**
 * `FC_RUNS`: `all` runs every property in full, a number sets the runs of each; the default is a tenth, so that the
 * tests of a change stay fast.
 */
const FC_RUNS = process.env.FC_RUNS || undefined;

/** The timeout of a law, in milliseconds. */
export const LAW_TIMEOUT_MS = FC_RUNS === undefined || FC_RUNS === 'all' ? 480_000 : 0;

/** The options of fast-check for a property. */
interface RunOptions {
  readonly seed?: number;
  readonly numRuns: number;
}

/**
 * Prints the seed of a law, so that a run can be repeated: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 * @param statisticsSeed - a fixed seed for a law about frequencies, which always runs in full. Any other law has the seed
 *   of `FC_SEED`, or a random one
 */
export function seeded(law: string, statisticsSeed?: number): RunOptions {
  const seed = Number(statisticsSeed ?? process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = statisticsSeed === undefined ? runsOf(RUNS) : runsOf(RUNS, RUNS);
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

function runsOf(full: number, usual = Math.min(full, Math.max(LEAST_RUNS, full * USUAL_PART))): number {
  if (FC_RUNS === undefined) return Math.round(usual);
  if (FC_RUNS === 'all') return full;
  const runs = Number(FC_RUNS);
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new Error(`FC_RUNS: expected "all" or a number, found "${FC_RUNS}"`);
  return runs;
}
