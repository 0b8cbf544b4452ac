import type { Parting } from './playPlot.js';
import type { PlotStep, Wish } from './plot.js';

/** The most that is tried, since a story may take a while on a real system. */
const TRIES_MAX = 500;

/**
 * Makes a story shorter and its amounts rounder for as long as the systems still part on it: takes away what random
 * shrinking leaves, such as a first fee that nothing happens to.
 *
 * @returns the last parting found; undefined when the systems do not part on the plot again
 */
export async function shortened(
  plot: readonly PlotStep[],
  play: (plot: readonly PlotStep[]) => Promise<Parting | undefined>,
): Promise<Parting | undefined> {
  let parting = await play(plot);
  if (parting === undefined) return undefined;
  let current = plot;
  let tries = 0;
  let simpler = simplerThan(current);
  for (let next = simpler.next(); !next.done && tries < TRIES_MAX; next = simpler.next()) {
    tries += 1;
    const found = await play(next.value);
    if (found === undefined || found.steps.length > parting.steps.length) continue;
    parting = found;
    current = next.value;
    simpler = simplerThan(current);
  }
  return parting;
}

/** Plots that are simpler in one place, the largest steps first. */
function* simplerThan(plot: readonly PlotStep[]): Generator<readonly PlotStep[]> {
  for (const index of plot.keys()) yield* without(plot, [index], [0, -1, 1]);
  // Two steps may be of use only to each other: a dispute and its end, a fee and what pays it.
  for (const one of plot.keys())
    for (const other of plot.keys()) if (one < other) yield* without(plot, [one, other], [0, -1, -2]);
  for (const [index, step] of plot.entries())
    for (const simpler of simplerSteps(step)) yield plot.map((other, at) => (at === index ? simpler : other));
}

/** A plot without some steps. Where a fee is taken away, what was meant for a later one is meant for its neighbour now. */
function* without(
  plot: readonly PlotStep[],
  indices: readonly number[],
  shifts: readonly number[],
): Generator<readonly PlotStep[]> {
  for (const shift of shifts)
    yield plot.flatMap((step, index) => {
      if (indices.includes(index)) return [];
      return index < (indices[0] as number) ? [step] : [picked(step, shift)];
    });
}

function picked(step: PlotStep, shift: number): PlotStep {
  const moved = (wish: Wish) => ({ ...wish, pick: Math.max(0, wish.pick + shift) });
  return { ...step, wish: moved(step.wish), rival: step.rival && moved(step.rival) };
}

function* simplerSteps(step: PlotStep): Generator<PlotStep> {
  const { wish, rival, delivery } = step;
  if (rival !== null)
    yield* [
      { ...step, rival: null },
      { ...step, wish: rival, rival: null },
    ];
  if (delivery !== 'once') yield { ...step, delivery: 'once' };
  if (wish.span > 1) yield { ...step, wish: { ...wish, span: wish.span - 1 } };
  yield* rounder(wish).map((round) => ({ ...step, wish: round }));
}

/** A fee of 10.00, of which 4.00 or all is paid, is easier to follow than one of 0.03. */
function rounder(wish: Wish): readonly Wish[] {
  const minor = wish.name === 'assess' ? 1000 : 400;
  const round: Wish = { ...wish, size: 'asIs', minor };
  if (wish.size === 'asIs' && wish.minor === minor) return [];
  return wish.size === 'all' || wish.name === 'assess' ? [round] : [round, { ...wish, size: 'all' }];
}
