import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { Move } from './moves.js';

/** The kinds to which moves shrink, the simplest first. */
const plainKinds: readonly Move['kind'][] = [
  'assess',
  'overpay',
  'assessLost',
  'payWhole',
  'waive',
  'transfer',
];

const plain: Omit<Move, 'kind'> = {
  ...{ pick: 0, other: 0, amount: 1, flag: false, sensible: true, policy: 'same' },
};

/** Generates plots with another arbitrary and shrinks them move by move, independent of how they were generated. */
export function shrinkingPlots(fc: FastCheck, made: Arbitrary<readonly Move[]>): Arbitrary<readonly Move[]> {
  const numbers = fc.nat();
  const smaller = (number: number) => numbers.shrink(number, undefined).map(({ value }) => value);
  // Drops the context of generation, so that a plot may shrink to one that `made` never generates.
  const alone = (plot: readonly Move[]) => new fc.Value(plot, undefined);

  class Plots extends fc.Arbitrary<readonly Move[]> {
    override generate(...chance: Parameters<typeof made.generate>) {
      return alone(made.generate(...chance).value);
    }

    override canShrinkWithoutContext(plot: unknown): plot is readonly Move[] {
      return Array.isArray(plot);
    }

    override shrink(plot: readonly Move[]) {
      return fc.stream(simplerPlots(plot, smaller)).map(alone);
    }
  }
  return new Plots();
}

/** Yields shorter plots first, then plots with one simpler move. */
function* simplerPlots(
  plot: readonly Move[],
  smaller: (number: number) => Iterable<number>,
): Generator<readonly Move[]> {
  const { length } = plot;
  for (let size = length; size >= 1; size = Math.floor(size / 2))
    for (let from = length - size; from >= 0; from -= size)
      yield [...plot.slice(0, from), ...plot.slice(from + size)];
  for (const [index, move] of plot.entries())
    for (const other of simplerMoves(move, smaller))
      yield [...plot.slice(0, index), other, ...plot.slice(index + 1)];
}

function* simplerMoves(move: Move, smaller: (number: number) => Iterable<number>): Generator<Move> {
  for (const kind of plainKinds) {
    if (kind === move.kind) break;
    yield { ...move, kind };
  }
  const left = (Object.keys(plain) as (keyof typeof plain)[]).filter((field) => move[field] !== plain[field]);
  if (left.length > 1) yield { ...move, ...plain };
  for (const field of left) yield { ...move, [field]: plain[field] };
  for (const field of ['pick', 'other', 'amount'] as const)
    for (const number of smaller(move[field])) if (number > plain[field]) yield { ...move, [field]: number };
}
