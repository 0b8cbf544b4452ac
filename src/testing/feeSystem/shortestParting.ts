import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { Parting } from './playPlot.js';
import type { PlotStep } from './plot.js';
import { shortened } from './shortened.js';

/** The shortest story found in which the systems part, or what was thrown beside the requests. */
export type Found = { readonly seed: number; readonly parting?: Parting; readonly error?: unknown };

/** Plays random plots until the systems part on one, and looks for the shortest that does. */
export async function shortestParting(
  fc: FastCheck,
  plot: Arbitrary<readonly PlotStep[]>,
  play: (plot: readonly PlotStep[]) => Promise<Parting | undefined>,
  { runs, seed }: { readonly runs: number; readonly seed: number | undefined },
): Promise<Found | undefined> {
  // Kept here, since a system that races with itself may not fail once more.
  let last: Omit<Found, 'seed'> & { readonly steps: readonly PlotStep[] } = { steps: [] };
  const property = fc.asyncProperty(plot, async (steps) => {
    try {
      const parting = await play(steps);
      if (parting !== undefined) last = { parting, steps };
      return parting === undefined;
    } catch (error) {
      last = { error, steps };
      return false;
    }
  });
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  if (!details.failed) return undefined;
  if (last.parting === undefined) return { ...last, seed: details.seed };
  const again = (steps: readonly PlotStep[]) => play(steps).catch(() => undefined);
  return { parting: (await shortened(last.steps, again)) ?? last.parting, seed: details.seed };
}
