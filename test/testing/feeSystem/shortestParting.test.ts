import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parting } from '../../../src/testing/feeSystem/playPlot.js';
import { type PlotStep, plots } from '../../../src/testing/feeSystem/plot.js';
import { shortestParting } from '../../../src/testing/feeSystem/shortestParting.js';

const plot = plots(fc, { capabilities: ['waive'], focus: [], maxSteps: 10 });
const terms = { runs: 200, seed: 1 };

function partingOn(steps: readonly PlotStep[]): Parting {
  return {
    steps: steps.map(() => ({ requests: [], delivery: 'once', answers: [] })),
    comparison: { rows: [{ label: String(steps.length), cells: [], differs: true }], differs: true },
  };
}

const hasWaiver = (steps: readonly PlotStep[]) => steps.some(({ wish }) => wish.name === 'waive');

describe('the shortest parting', () => {
  it('is none where the systems never part, after as many plots as wanted', async () => {
    let played = 0;
    const play = async () => {
      played += 1;
      return undefined;
    };
    expect(await shortestParting(fc, plot, play, terms)).toBeUndefined();
    expect(played).toBe(200);
  });

  it('has only what it takes, and names its seed', async () => {
    const play = async (steps: readonly PlotStep[]) => (hasWaiver(steps) ? partingOn(steps) : undefined);
    const found = await shortestParting(fc, plot, play, terms);
    expect(found?.seed).toBe(1);
    expect(found?.parting?.steps).toHaveLength(1);
  });

  it('is one that was seen, where the systems do not part again', async () => {
    let parted = 0;
    const once = async (steps: readonly PlotStep[]) => {
      if (!hasWaiver(steps) || parted > 0) return undefined;
      parted += 1;
      return partingOn(steps);
    };
    const found = await shortestParting(fc, plot, once, terms);
    expect(found?.parting?.steps.length).toBeGreaterThan(0);
  });

  it('is what was thrown, where that came of a plot and no parting did', async () => {
    const error = new Error('no database');
    expect(await shortestParting(fc, plot, () => Promise.reject(error), terms)).toMatchObject({ error });
  });

  it('stays a parting, though shortening it throws', async () => {
    let shortest = Number.POSITIVE_INFINITY;
    const play = async (steps: readonly PlotStep[]) => {
      if (!hasWaiver(steps)) return undefined;
      if (steps.length < 2) throw new Error('too short');
      shortest = Math.min(shortest, steps.length);
      return partingOn(steps);
    };
    expect((await shortestParting(fc, plot, play, terms))?.parting?.steps).toHaveLength(shortest);
  });

  it('has a random seed where none is given', async () => {
    const play = async (steps: readonly PlotStep[]) => partingOn(steps);
    const seeds = [1, 2].map(() => shortestParting(fc, plot, play, { runs: 1, seed: undefined }));
    const [one, other] = await Promise.all(seeds);
    expect(one?.seed).not.toBe(other?.seed);
  });
});
