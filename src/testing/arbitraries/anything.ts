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
