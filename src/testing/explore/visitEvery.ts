import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** What is visited: a state to begin with, and what leads from one to the next. */
export type World<State, Move> = {
  readonly start: State;
  /** Returns a text that equal states have in common. */
  readonly keyOf: (state: State) => string;
  /** Returns the moves to try; always the same for a state and a depth. */
  readonly movesOf: (state: State, depth: number) => readonly Move[];
  /** Returns the state after a move; undefined if it changes nothing. */
  readonly after: (state: State, move: Move) => State | undefined;
};

/** A state that is visited for the first time. */
export type Visit<State, Move> = {
  readonly state: State;
  readonly moves: readonly Move[];
  /** The number of moves that lead here, which is the smallest possible. */
  readonly depth: number;
  /** Returns the moves that lead here, during the visit. */
  readonly story: () => readonly Move[];
};

/** Where a visit of all states ends early. */
export type Limits = {
  readonly depth?: number | undefined;
  readonly states?: number | undefined;
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly states: number; readonly depth: number }) => void) | undefined;
};

/** How far a visit came. */
export type Visited = {
  readonly states: number;
  readonly depth: number;
  readonly endedBy: 'depth' | 'states' | 'seconds' | 'signal' | null;
};

/** How long it may work before timers and signals have their turn, in milliseconds. */
const TURN_MS = 50;

/** How many states wait as a whole for their visit; the others are made again. */
const WAITING_MAX = 5_000;

/**
 * Visits every state once, the nearest first. Keeps of each state a hash, its predecessor and a number, and of some that
 * wait for their visit the state itself. Those of the others that are on the way to the next one are mostly at hand:
 * states come in the order of their predecessors.
 *
 * @param visit - looks at a state; returns the state after each of its moves
 */
export async function visitEvery<State, Move>(
  world: World<State, Move>,
  visit: (visited: Visit<State, Move>) => readonly (State | undefined)[],
  {
    depth: depthMax = Infinity,
    states: statesMax = Infinity,
    seconds = Infinity,
    signal,
    onProgress,
  }: Limits,
): Promise<Visited> {
  const hashOf = (state: State) => hash('sha1', world.keyOf(state), 'base64');
  const seen = new Set([hashOf(world.start)]);
  const [before, moved] = [[-1], [-1]];
  const way = [{ index: 0, state: world.start, moves: world.movesOf(world.start, 0) }];
  type Place = (typeof way)[number];
  const waiting = new Map<number, State>();

  /** Returns a state of a depth, with those on its way in `way`. */
  const placeOf = (index: number, depth: number): Place => {
    const ahead: number[] = [];
    let [at, known] = [index, depth];
    while (way[known]?.index !== at) {
      ahead.push(at);
      at = before[at] as number;
      known--;
    }
    way.length = known + 1;
    for (const next of ahead.reverse()) {
      const { state, moves } = way.at(-1) as Place;
      const after = world.after(state, moves[moved[next] as number] as Move) as State;
      way.push({ index: next, state: after, moves: world.movesOf(after, way.length) });
    }
    return way.at(-1) as Place;
  };

  const start = performance.now();
  let [turn, depth, from] = [start, 0, 0];
  const ended = (endedBy: Visited['endedBy']) => ({ states: seen.size, depth, endedBy });
  for (; from < before.length; depth++) {
    if (depth >= depthMax) return ended('depth');
    const to = before.length;
    for (; from < to; from++) {
      if (performance.now() - turn > TURN_MS) {
        onProgress?.({ states: seen.size, depth });
        await setImmediate();
        turn = performance.now();
      }
      if (signal?.aborted === true) return ended('signal');
      if (seen.size >= statesMax) return ended('states');
      if (performance.now() - start > seconds * 1_000) return ended('seconds');
      const kept = waiting.get(from);
      waiting.delete(from);
      const { state, moves } =
        kept === undefined ? placeOf(from, depth) : { state: kept, moves: world.movesOf(kept, depth) };
      const story = () => {
        placeOf(from, depth);
        return way.slice(1).map(({ index }, at) => (way[at] as Place).moves[moved[index] as number] as Move);
      };
      for (const [move, next] of visit({ state, moves, depth, story }).entries()) {
        const { size } = seen;
        if (next === undefined || seen.add(hashOf(next)).size === size) continue;
        if (waiting.size < WAITING_MAX) waiting.set(before.length, next);
        before.push(from);
        moved.push(move);
      }
    }
  }
  depth--;
  return ended(null);
}
