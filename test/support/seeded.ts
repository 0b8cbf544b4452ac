import type fc from 'fast-check';

/** How often every law is tried; `FC_RUNS` asks for more. */
const RUNS = 1_000;

/** Milliseconds after which a law that never ends is given up. */
export const PATIENCE = process.env.FC_RUNS === undefined ? 120_000 : 0;

/**
 * Says once per law which seed it runs with, so that any run can be had again: `FC_SEED=<seed> npx vitest run <file>`.
 *
 * @param law - the name to print
 * @param usual - the seed where chance proves nothing, as in statistics; else every run has another one
 */
export function seeded<Types>(
  law: string,
  usual = Math.floor(Math.random() * 2 ** 31),
): fc.Parameters<Types> {
  const seed = Number(process.env.FC_SEED ?? usual);
  const numRuns = Number(process.env.FC_RUNS ?? RUNS);
  console.log(`${law}: seed ${seed}, runs ${numRuns}`);
  return { seed, numRuns };
}
