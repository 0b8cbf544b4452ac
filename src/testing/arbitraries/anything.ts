import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** Generates any value that JavaScript can have, as a function, because some values throw when they are inspected. */
export function anything(fc: FastCheck): Arbitrary<() => unknown> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
        })
        .map((value) => () => value),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '__proto__',
          'constructor',
          '',
          '\u0000',
          '\ud800',
          '1e9',
          '٣',
          '0x1',
          '-0',
          ' 1',
          '1.005',
        )
        .map((text) => () => text),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<(() => unknown)[]>(
        () => '9'.repeat(400),
        () => 'x'.repeat(10_000),
        () => Number.NaN,
        () => Number.POSITIVE_INFINITY,
        () => -0,
        () => 10n,
        () => Symbol('symbol'),
        () => () => 'function',
        () => /expression/,
        () => new Date(Number.NaN),
        () => ({ valueOf: () => 5, toString: () => '5.00', toJSON: () => '5.00' }),
        cyclic,
        deep,
        revoked,
        () => new Proxy({}, throwing(new Error('trap'))),
        // The thrown value may itself be unreadable.
        () => new Proxy({}, throwing(Object.create(null))),
        () => new Proxy({}, throwing(undefined)),
        () => new Proxy([], throwing(new Proxy({}, throwing(new Error('trap in a trap'))))),
      ),
    },
  );
}

function cyclic(): unknown {
  const self: Record<string, unknown> = { type: 'AssessFee' };
  self.amount = self;
  self.data = self;
  return self;
}

function deep(): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < 50_000; level++) value = { data: value };
  return value;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function throwing(thrown: unknown): ProxyHandler<object> {
  const trap = () => {
    throw thrown;
  };
  return { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap };
}

/** A replacement in plain data: the place and the new value. */
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
export function changingProxy<Data extends object>(data: Data, after: number, value: () => unknown): Data {
  let readings = 0;
  return new Proxy(data, {
    get: (target, key, receiver) => {
      readings += 1;
      return readings > after ? value() : Reflect.get(target, key, receiver);
    },
  });
}
