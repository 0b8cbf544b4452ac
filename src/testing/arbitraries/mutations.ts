import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { anything } from './anything.js';

/** Where in plain data something is replaced, and by what. */
export type Mutation = {
  readonly path: readonly number[];
  readonly value: () => unknown;
  readonly how: 'set' | 'drop';
};

/** One mutation. */
export function mutations(fc: FastCheck): Arbitrary<Mutation> {
  return fc.record({
    path: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
    value: anything(fc),
    how: fc.constantFrom('set', 'set', 'set', 'drop'),
  });
}

/** The same data with some things replaced or left out, as far as it can still be read. */
export function mutatedBy(data: unknown, changes: readonly Mutation[]): unknown {
  try {
    return changes.reduce<unknown>(mutated, data);
  } catch {
    return data;
  }
}

/** The same data with one thing in it replaced or left out, at the end of a path that exists. */
export function mutated<Data>(data: Data, { path, value, how }: Mutation): Data {
  const [step, ...rest] = path;
  if (typeof data !== 'object' || data === null || step === undefined) return value() as Data;
  const keys = Object.keys(data);
  const key = keys[step % (keys.length || 1)] ?? 'extra';
  const inner = (data as Record<string, unknown>)[key];
  const goesOn = rest.length > 0 && typeof inner === 'object' && inner !== null;
  const copy: Record<string, unknown> = Array.isArray(data)
    ? ([...data] as unknown as Record<string, unknown>)
    : Object.assign(Object.create(Object.getPrototypeOf(data)), data);
  if (how === 'drop' && !goesOn) delete copy[key];
  else copy[key] = goesOn ? mutated(inner, { path: rest, value, how }) : value();
  return copy as Data;
}

/** The same data behind a proxy that gives something else from the so-manieth reading on. */
export function unsteady<Data extends object>(data: Data, after: number, value: () => unknown): Data {
  let readings = 0;
  return new Proxy(data, {
    get: (target, key, receiver) => {
      readings += 1;
      return readings > after ? value() : Reflect.get(target, key, receiver);
    },
  });
}
