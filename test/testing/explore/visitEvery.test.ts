import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type Visit, visitEvery, type World } from '../../../src/testing/explore/visitEvery.js';

/** A walk on a grid of 4 by 4: a state is a place. */
const grid: World<readonly [number, number], readonly [number, number]> = {
  start: [0, 0],
  keyOf: String,
  movesOf: () => [
    [1, 0],
    [0, 1],
    [0, 0],
  ],
  after: ([x, y], [right, down]) => (x + right > 3 || y + down > 3 ? undefined : [x + right, y + down]),
};

type Place = Visit<readonly [number, number], readonly [number, number]>;

const visit = (look: (place: Place) => void) => (place: Place) => {
  look(place);
  return place.moves.map((move) => grid.after(place.state, move));
};

it('visits every state once, by the shortest path, and returns that path', async () => {
  const places: string[] = [];
  const visited = await visitEvery(
    grid,
    visit(({ state, depth, story }) => {
      places.push(String(state));
      expect(story()).toHaveLength(depth);
      expect(story().reduce<number[]>(([x = 0, y = 0], [a, b]) => [x + a, y + b], [0, 0])).toEqual(state);
    }),
    {},
  );
  expect(visited).toEqual({ states: 16, depth: 6, endedBy: null });
  expect(new Set(places).size).toBe(16);
  expect(places).toHaveLength(16);
});

it('visits more states than can wait in memory: it computes the others again', async () => {
  const wide = 6_000;
  const star: World<number, number> = {
    start: 0,
    keyOf: String,
    movesOf: (state) => (state === 0 ? Array.from({ length: wide }, (_, move) => move + 1) : [wide]),
    after: (state, move) => (state > wide ? undefined : state + move),
  };
  const places: number[] = [];
  const visited = await visitEvery(
    star,
    ({ state, moves, depth, story }) => {
      places.push(state);
      if (state % 1_000 === 0) expect(story()).toHaveLength(depth);
      return moves.map((move) => star.after(state, move));
    },
    {},
  );
  expect(visited).toEqual({ states: 2 * wide + 1, depth: 2, endedBy: null });
  expect(places).toEqual(Array.from({ length: 2 * wide + 1 }, (_, state) => state));
});

it.each([
  ['depth', { depth: 2 }, 6],
  ['states', { states: 5 }, 5],
  ['seconds', { seconds: 0 }, 1],
  ['signal', { signal: AbortSignal.abort() }, 1],
] as const)('ends because of %s, and reports it', async (endedBy, limits, states) => {
  expect(
    await visitEvery(
      grid,
      visit(() => {}),
      limits,
    ),
  ).toMatchObject({ endedBy, states });
});

it('reports its progress, and lets other tasks run meanwhile', async () => {
  const told: number[] = [];
  const stop = new AbortController();
  const slow = visit(() => {
    const end = performance.now() + 30;
    while (performance.now() < end);
  });
  setTimeout(() => stop.abort(), 0);
  const visited = await visitEvery(grid, slow, {
    signal: stop.signal,
    onProgress: ({ states }) => told.push(states),
  });
  expect(visited.endedBy).toBe('signal');
  expect(told).not.toEqual([]);
});

it('keeps less than a kilobyte for each state', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const large = 150;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  let last = 0;
  const after: typeof grid.after = ([x, y], [right, down]) =>
    x + right >= large || y + down >= large ? undefined : [x + right, y + down];
  const wide = { ...grid, after };
  const { states } = await visitEvery(
    wide,
    ({ state, moves }) => {
      if (state[0] + state[1] === 2 * large - 2) last = used();
      return moves.map((move) => wide.after(state, move));
    },
    {},
  );
  expect(states).toBe(large * large);
  expect((last - before) / states).toBeLessThan(1_000);
});
