import { describe, it } from 'vitest';
import { laws } from '../../src/testing/laws/laws.js';
import { LAW_TIMEOUT_MS, seeded } from './seeded.js';
import { withExplorer } from './storyFile.js';

/**
 * Registers a published law as tests, one for each of its sentences.
 *
 * @param elsewhere - how a sentence begins that a test of its own checks
 */
export function checkLaw(number: number, elsewhere?: string): void {
  const law = laws().find((one) => one.number === number);
  if (law === undefined) throw new Error(`no law ${number}`);
  describe(`law ${number}, ${law.name}: ${law.sentence}`, () => {
    const own = law.clauses.filter(
      ({ sentence }) => elsewhere === undefined || !sentence.startsWith(elsewhere),
    );
    it.each(own.map(({ sentence, check }) => [sentence, check] as const))(
      '%s',
      async (sentence, check) => {
        const { seed, numRuns } = seeded(`law ${number}, ${sentence}`);
        // With FC_RUNS=0 no property has any case, and a law refuses to be checked with none.
        if (numRuns === 0) return;
        await check({ seed: seed as number, runs: numRuns as number }).catch((error: unknown) => {
          throw withExplorer(error);
        });
      },
      LAW_TIMEOUT_MS,
    );
  });
}
