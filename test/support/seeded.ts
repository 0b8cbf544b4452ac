/** How often a law is tried in full, as the gate does. */
const RUNS = 1_000;

/** The part of the full runs that is tried where nobody asks for more, and the least that is tried of it. */
const USUAL_PART = 1 / 10;
const LEAST_RUNS = 20;

/**
 * `FC_RUNS`: `all` tries every property in full, a number tries each of them so often; else it is a tenth, so that the
 * tests of a change do not take longer than people wait.
 */
const FC_RUNS = process.env.FC_RUNS || undefined;

/** Milliseconds after which a law that never ends is given up. */
export const PATIENCE = FC_RUNS === undefined || FC_RUNS === 'all' ? 120_000 : 0;

/** What fast-check is told about a property. */
interface Tries {
  readonly seed?: number;
  readonly numRuns: number;
}

/**
 * Says once per law which seed it runs with, so that any run can be had again: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 * @param statisticsSeed - the seed of a law about frequencies, where chance proves nothing: it is always tried in full.
 *   Any other law has another seed in every run
 */
export function seeded(law: string, statisticsSeed?: number): Tries {
  const seed = Number(process.env.FC_SEED ?? statisticsSeed ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = statisticsSeed === undefined ? runsOf(RUNS) : runsOf(RUNS, RUNS);
  console.log(`${law}: seed ${seed}, runs ${numRuns}`);
  return { seed, numRuns };
}

/**
 * How often a quick property is tried, which says its seed only when it fails; `FC_RUNS` and `FC_SEED` hold here too.
 *
 * @param full - the number of runs when it is tried in full
 */
export function tried(full: number): Tries {
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
