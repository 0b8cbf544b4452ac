import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { anything } from './anything.js';

/** A replacement in plain data: where, and the new value. */
export type Mutation = {
  readonly path: readonly number[];
  readonly value: () => unknown;
  readonly how: 'set' | 'drop';
};

/** Generates mutations. */
export function mutations(fc: FastCheck): Arbitrary<Mutation> {
  return fc.record({
    path: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
    value: anything(fc),
    how: fc.constantFrom('set', 'set', 'set', 'drop'),
  });
}

/** Returns the data with some values replaced or removed, as far as the data can be read. */
export function mutatedBy(data: unknown, changes: readonly Mutation[]): unknown {
  try {
    return changes.reduce<unknown>(mutated, data);
  } catch {
    return data;
  }
}

/** Returns the data with one value replaced or removed, at the end of an existing path. */
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

/** Returns a proxy of the data that returns a different value from the nth read on. */
export function unsteady<Data extends object>(data: Data, after: number, value: () => unknown): Data {
  let readings = 0;
  return new Proxy(data, {
    get: (target, key, receiver) => {
      readings += 1;
      return readings > after ? value() : Reflect.get(target, key, receiver);
    },
  });
}
