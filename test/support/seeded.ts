import type fc from 'fast-check';

/** What every law is tried with, unless it says otherwise. */
export const RUNS = 1_000;

/**
 * Says once per law which seed it runs with, so that any run can be had again: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 * @param numRuns - how many runs
 */
export function seeded<Types>(law: string, numRuns = RUNS): fc.Parameters<Types> & { seed: number } {
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${law}: seed ${seed}, runs ${numRuns}`);
  return { seed, numRuns };
}
