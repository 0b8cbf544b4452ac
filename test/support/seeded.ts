/** How often every law is tried; `FC_RUNS` asks for more, or for fewer. */
const RUNS = 1_000;

/** Milliseconds after which a law that never ends is given up. */
export const PATIENCE = process.env.FC_RUNS === undefined ? 120_000 : 0;

/** What fast-check is told about a property. */
interface Tries {
  readonly seed?: number;
  readonly numRuns: number;
}

/**
 * Says once per law which seed it runs with, so that any run can be had again: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 * @param usual - the seed where chance proves nothing, as in statistics; else every run has another one
 */
export function seeded(law: string, usual = Math.floor(Math.random() * 2 ** 31)): Tries {
  const seed = Number(process.env.FC_SEED ?? usual);
  const { numRuns } = tried(RUNS);
  console.log(`${law}: seed ${seed}, runs ${numRuns}`);
  return { seed, numRuns };
}

/**
 * How often a quick property is tried, which says its seed only when it fails; `FC_RUNS` and `FC_SEED` hold here too.
 *
 * @param usual - the number of runs where nobody asks for another one
 */
export function tried(usual: number): Tries {
  const { FC_SEED, FC_RUNS } = process.env;
  return { numRuns: Number(FC_RUNS ?? usual), ...(FC_SEED === undefined ? {} : { seed: Number(FC_SEED) }) };
}
