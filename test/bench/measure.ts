import type { Figure } from './plots.js';

/** Returns the time of a piece of work, in nanoseconds. */
function nanoseconds(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;
}

/** A ratio, with the range of the middle half of its pairs. */
export type Ratio = {
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
  /** The ratio of the fastest runs, which a busy machine affects least. */
  readonly best: number;
  readonly pairs: number;
};

/**
 * Compares two pieces of work within one run: the median ratio of interleaved pairs, so that a slow machine affects
 * both. The order within a pair alternates.
 *
 * @returns how many times as fast `work` is as `reference` (1 = as fast, 0.5 = half as fast)
 */
export function compare(work: () => unknown, reference: () => unknown, asked = 41): Ratio {
  const pairs = Number(process.env.BENCH_PAIRS ?? asked);
  for (let warmUp = 0; warmUp < Math.min(5, pairs); warmUp++) {
    work();
    reference();
  }
  const runs = Array.from({ length: pairs }, (_, pair) => {
    if (pair % 2 === 0) {
      const own = nanoseconds(work);
      return { own, other: nanoseconds(reference) };
    }
    const other = nanoseconds(reference);
    return { own: nanoseconds(work), other };
  });
  const ratios = runs.map(({ own, other }) => other / own).sort((a, b) => a - b);
  const fastest = (which: 'own' | 'other') => Math.min(...runs.map((run) => run[which]));
  return {
    ratio: round(quantile(ratios, 0.5)),
    lower: round(quantile(ratios, 0.25)),
    upper: round(quantile(ratios, 0.75)),
    best: round(fastest('other') / fastest('own')),
    pairs,
  };
}

/** Repeats short work, so that a pair is long enough to be timed. */
export function repeated(times: number, work: () => unknown): () => void {
  return () => {
    for (let time = 0; time < times; time++) work();
  };
}

/**
 * Returns the median time of a piece of work, in nanoseconds; for figures that are not ratios, such as a cold start.
 */
export function medianNanoseconds(work: () => unknown, times: number): number {
  const all = Array.from({ length: times }, () => nanoseconds(work)).sort((a, b) => a - b);
  return Math.round(quantile(all, 0.5));
}

export function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** The figures that were reported in this run. */
export const reported: Figure[] = [];

/** Prints one figure as a line of JSON. */
export function report(figure: string, details: object): void {
  reported.push({ figure, ...details });
  process.stdout.write(`${JSON.stringify({ figure, ...details })}\n`);
}
