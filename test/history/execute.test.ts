import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutableCopy } from '../../src/account/fold.js';
import { decodeEvent, encodeEvent } from '../../src/history/codec.js';
import { type Appended, type StreamsNow, versionConflict } from '../../src/history/eventStore.js';
import { checkedTransaction, execute, storeTransaction, transact } from '../../src/history/execute.js';
import { loadAccount, privateAccount } from '../../src/history/loadAccount.js';
import { balancesInMinorUnits, decide, emptyAccount, fold } from '../../src/index.js';
import { assess, at, pay, policy } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { slowStore, storeWith, stream, tickingStore, watched } from '../support/stores.js';
import { commandOf, moves, policies } from '../support/stories.js';

describe('execute', () => {
  it('loads, decides, appends, and returns the account after it', async () => {
    const store = tickingStore();
    const first = await execute(store, policy, stream, assess('f1', '10.00'));
    const second = await execute(store, policy, stream, pay('p1', '4.00'));
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(second.decision.events.map(({ type }) => type)).toEqual(['PaymentReceived']);
    expect(balancesInMinorUnits(second.account).active).toBe(600);
    expect(await loadAccount(store, stream)).toEqual({ version: 2, account: second.account });
  });

  it('executes all commands of a list', async () => {
    const store = tickingStore();
    const done = await execute(store, policy, stream, [assess('f1', '10.00'), pay('p1', '10.00')]);
    expect(done.version).toBe(2);
    const refused = await execute(store, policy, stream, [assess('f2', '10.00'), pay('p2', '99.00')]);
    expect(refused.decision).toMatchObject({ accepted: false, commandIndex: 1 });
    expect(refused.version).toBe(2);
    expect((await store.read(stream)).version).toBe(2);
  });

  it('stores nothing for a rejection, and does not retry', async () => {
    const { store, calls } = watched(tickingStore());
    const { decision, version } = await execute(store, policy, stream, pay('p1', '4.00'));
    expect(decision).toMatchObject({ accepted: false, rejection: { type: 'PaymentExceedsOwed' } });
    expect(version).toBe(0);
    expect(calls).toEqual(['read after 0']);
  });

  it('accepts a repeated command, and stores nothing', async () => {
    const { store, calls } = watched(tickingStore());
    await execute(store, policy, stream, assess('f1', '10.00'));
    const repeat = await execute(store, policy, stream, assess('f1', '10.00'));
    expect(repeat).toMatchObject({ version: 1, decision: { accepted: true, events: [], repeats: {} } });
    expect(calls).toEqual(['read after 0', 'append 1 at 0', 'read after 0']);
  });

  it('rejects an invalid command', async () => {
    const { decision } = await execute(tickingStore(), policy, stream, null as never);
    expect(decision).toMatchObject({ accepted: false, rejection: { type: 'InvalidCommand' } });
  });
});

describe('when another writer appends first', () => {
  /** A store in which another writer assesses a fee just before each of the first appends. */
  const contested = (times: number) => {
    const store = tickingStore();
    let left = times;
    return watched(
      storeWith(store, {
        append: async (id, events, options) => {
          if (left > 0) {
            left -= 1;
            await execute(store, policy, stream, assess(`other-${left}`, '1.00'));
          }
          return store.append(id, events, options);
        },
      }),
    );
  };

  it('reads only the new events and decides again', async () => {
    const { store, calls } = contested(2);
    const { version, account } = await execute(store, policy, stream, assess('f1', '10.00'));
    expect(version).toBe(3);
    expect(account.fees.map(({ feeId }) => feeId)).toEqual(['other-1', 'other-0', 'f1']);
    expect(calls).toEqual([
      'read after 0',
      'append 1 at 0',
      'read after 0',
      'append 1 at 1',
      'read after 1',
      'append 1 at 2',
    ]);
  });

  it('gives up after the last attempt, and throws the conflict', async () => {
    const { store, calls } = contested(99);
    await expect(
      execute(store, policy, stream, assess('f1', '1.00'), { retry: { attempts: 2 } }),
    ).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      details: { expected: 1, actual: 2 },
    });
    expect(calls.filter((call) => call.startsWith('append'))).toHaveLength(2);
  });

  it('makes fifty attempts by default', async () => {
    const retry = { maxPauseMs: 0 };
    const fee = assess('f1', '1.00');
    expect((await execute(contested(49).store, policy, stream, fee, { retry })).version).toBe(50);
    await expect(execute(contested(50).store, policy, stream, fee, { retry })).rejects.toThrow(
      'VERSION_CONFLICT',
    );
  });

  it('decides on the new state: the first payment leaves nothing to pay', async () => {
    const store = tickingStore();
    await execute(store, policy, stream, assess('f1', '10.00'));
    const beaten = storeWith(store, {
      append: async (id, events, options) => {
        await execute(store, policy, stream, pay('first', '10.00'));
        return store.append(id, events, options);
      },
    });
    const { decision } = await execute(beaten, policy, stream, pay('second', '10.00'));
    expect(decision).toMatchObject({ accepted: false, rejection: { type: 'PaymentExceedsOwed' } });
    expect((await store.read(stream)).version).toBe(2);
  });

  it('recognises its own command if it was stored but the answer was lost', async () => {
    const store = tickingStore();
    let lost = true;
    const flaky = storeWith(store, {
      append: async (...given) => {
        const answer = await store.append(...given);
        if (lost) {
          lost = false;
          throw new Error('connection reset');
        }
        return answer;
      },
    });
    await expect(execute(flaky, policy, stream, assess('f1', '10.00'))).rejects.toThrow('connection reset');
    const again = await execute(flaky, policy, stream, assess('f1', '10.00'));
    expect(again).toMatchObject({ version: 1, decision: { accepted: true, events: [], repeats: {} } });
  });
});

describe('an expected version', () => {
  it("accepts the command if it is the stream's version", async () => {
    const store = tickingStore();
    expect((await execute(store, policy, stream, assess('f1', '1.00'), { expectedVersion: 0 })).version).toBe(
      1,
    );
    expect((await execute(store, policy, stream, assess('f2', '1.00'), { expectedVersion: 1 })).version).toBe(
      2,
    );
  });

  it.each([0, 2])(
    'conflicts without a retry if the stream is at 1 and %i is expected',
    async (expectedVersion) => {
      const { store, calls } = watched(tickingStore());
      await execute(store, policy, stream, assess('f1', '1.00'));
      calls.length = 0;
      const stale = execute(store, policy, stream, assess('f2', '1.00'), { expectedVersion });
      await expect(stale).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        details: { stream: 'north/p1', expected: expectedVersion, actual: 1 },
      });
      // An account that is expected to be empty is not read first.
      expect(calls).toEqual(expectedVersion === 0 ? ['append 1 at 0', 'read after 0'] : ['read after 0']);
    },
  );

  it('throws the conflict even if the command would be rejected', async () => {
    const store = tickingStore();
    await execute(store, policy, stream, assess('f1', '1.00'), { expectedVersion: 0 });
    await expect(execute(store, policy, stream, pay('p1', '99.00'), { expectedVersion: 0 })).rejects.toThrow(
      'VERSION_CONFLICT',
    );
  });

  it('is not compared for a repeated command; the decision names the id that it repeats', async () => {
    const store = tickingStore();
    const command = assess('f1', '1.00');
    await execute(store, policy, stream, command, { expectedVersion: 0 });
    const retry = await execute(store, policy, stream, command, { expectedVersion: 0 });
    expect(retry).toMatchObject({ version: 1, decision: { events: [], repeats: { id: 'f1', kind: 'fee' } } });
  });

  it('does not conflict if the other writer executed the same command, even at the last attempt', async () => {
    const store = tickingStore();
    const command = assess('f1', '1.00');
    const beaten = storeWith(store, {
      append: async (id, events, options) => {
        await store.append(id, events, options);
        return store.append(id, events, options);
      },
    });
    const options = { expectedVersion: 0, attempts: 1 };
    const { decision, version } = await execute(beaten, policy, stream, command, options);
    expect([version, decision]).toMatchObject([1, { events: [], repeats: { id: 'f1', kind: 'fee' } }]);
  });

  it('needs no read of an account that is expected to be empty, except before a rejection', async () => {
    const { store, calls } = watched(tickingStore());
    await execute(store, policy, stream, assess('f1', '1.00'), { expectedVersion: 0 });
    expect(calls).toEqual(['append 1 at 0']);
    const other = { ...stream, patronId: 'p2' };
    const { decision } = await execute(store, policy, other, pay('p1', '1.00'), { expectedVersion: 0 });
    expect(decision.accepted).toBe(false);
    expect(calls.slice(1)).toEqual(['read after 0']);
  });

  it('is never replaced by a newer one: the writer that loses the race gets a conflict', async () => {
    const store = tickingStore();
    const beaten = storeWith(store, {
      append: async (id, events, options) => {
        await execute(store, policy, stream, assess('other', '1.00'));
        return store.append(id, events, options);
      },
    });
    await expect(
      execute(beaten, policy, stream, assess('f1', '1.00'), { expectedVersion: 0 }),
    ).rejects.toMatchObject({ code: 'VERSION_CONFLICT', details: { expected: 0, actual: 1 } });
    expect((await store.read(stream)).version).toBe(1);
  });

  it.each([
    { expectedVersion: -1 },
    { expectedVersion: 1.5 },
    { expectedVersion: '0' },
    { retry: { attempts: 0 } },
    { retry: { attempts: null } },
    { retry: { maxPauseMs: -1 } },
    { retry: { random: 0.5 } },
    { retry: { tries: 3 } },
  ])('and retry options are checked: %j is refused', async (options) => {
    await expect(
      execute(tickingStore(), policy, stream, assess('f1', '1.00'), options as never),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('many at once', () => {
  it('lose and duplicate nothing: each of fifty clerks charges one fee twice', async () => {
    const store = slowStore(tickingStore());
    const ids = Array.from({ length: 50 }, (_, index) => `f${index}`);
    const all = [...ids, ...ids].map((id) =>
      execute(store, policy, stream, assess(id, '1.00'), { retry: { attempts: 200 } }),
    );
    const results = await Promise.all(all);
    expect(results.every(({ decision }) => decision.accepted)).toBe(true);
    const { version, account } = await loadAccount(store, stream);
    expect(version).toBe(50);
    expect(account.fees.map(({ feeId }) => feeId).sort()).toEqual([...ids].sort());
    expect(balancesInMinorUnits(account).active).toBe(5000);
  });

  it('never pay more than is owed: one of ten payments of a whole fee is accepted', async () => {
    const store = slowStore(tickingStore());
    await execute(store, policy, stream, assess('f1', '10.00'));
    const payments = Array.from({ length: 10 }, (_, index) =>
      execute(store, policy, stream, pay(`p${index}`, '10.00'), { retry: { attempts: 50 } }),
    );
    const accepted = (await Promise.all(payments)).filter(({ decision }) => decision.accepted);
    expect(accepted).toHaveLength(1);
    expect(balancesInMinorUnits((await loadAccount(store, stream)).account).active).toBe(0);
  });
});

describe('a whole story', () => {
  it('has the same result as decide and fold alone', async () => {
    await fc.assert(
      fc.asyncProperty(moves(10), fc.constantFrom(...policies), async (story, rules) => {
        const store = tickingStore();
        let account = emptyAccount();
        for (const [index, move] of story.entries()) {
          const command = commandOf(move, `c${index}`, account, rules);
          const expected = decide(command, account, rules);
          const { decision } = await execute(store, rules, stream, command);
          expect(decision).toEqual(expected);
          account = fold(expected.events, account);
        }
        expect((await loadAccount(store, stream)).account).toEqual(account);
      }),
      tried(1000),
    );
  });
});

describe('a stream that does not fold', () => {
  it('is named in the error, with the position of the event', async () => {
    const store = tickingStore();
    const [fee] = decide(assess('f1', '1.00'), emptyAccount(), policy).events;
    await store.append(stream, [fee, fee] as never, { expectedVersion: 0 });
    await expect(execute(store, policy, stream, assess('f2', '1.00'))).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', position: 2, fault: 'IdUsedTwice' },
    });
  });
});

/** An account in memory, and the calls of its store. */
const held = ({ isUpToDate }: { readonly isUpToDate: boolean }) => {
  const { store, calls } = watched(tickingStore());
  const growing = privateAccount(mutableCopy(emptyAccount()));
  return { held: { store, policy, stream, growing, isUpToDate }, calls };
};

// Concurrent writers: see execute.test.ts and openAccount.test.ts.
describe('transact', () => {
  it('appends a decision with events without reading, since the append checks the version', async () => {
    const { held: account, calls } = held({ isUpToDate: false });
    await transact(account, assess('f1', '1.00'), {});
    expect(calls).toEqual(['append 1 at 0']);
    expect(account.growing.account.eventCount).toBe(1);
  });

  it('reads the new events once before it returns a decision without events', async () => {
    const { held: account, calls } = held({ isUpToDate: false });
    expect(await transact(account, pay('p1', '1.00'), {})).toMatchObject({ accepted: false });
    expect(calls).toEqual(['read after 0']);
  });

  it('reads nothing if the account was just read', async () => {
    const { held: account, calls } = held({ isUpToDate: true });
    expect(await transact(account, pay('p1', '1.00'), {})).toMatchObject({ accepted: false });
    expect(calls).toEqual([]);
  });

  it.each([
    ['inherited', Object.create({ expectedVersion: 7 })],
    ['hidden', Object.defineProperty({}, 'expectedVersion', { value: 7 })],
  ])('compares an expected version that is %s', async (_, options) => {
    const { held: account, calls } = held({ isUpToDate: true });
    const expected = { code: 'VERSION_CONFLICT', details: { expected: 7, actual: 0 } };
    await expect(transact(account, assess('f1', '1.00'), options)).rejects.toMatchObject(expected);
    expect(calls).toEqual([]);
  });

  it.each([
    ['null', null],
    ['a text', 'none'],
    ['something that throws when it is read', Proxy.revocable({}, {})],
  ])('refuses options that are %s', async (_, options) => {
    if (options !== null && typeof options === 'object') options.revoke();
    const given = options !== null && typeof options === 'object' ? options.proxy : options;
    const { held: account } = held({ isUpToDate: true });
    await expect(transact(account, assess('f1', '1.00'), given as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('storeTransaction', () => {
  const stream = { institution: 'north', patronId: 'p1' };

  /** Streams in memory, of one account. */
  function newTransaction() {
    const texts: string[] = [];
    const streams: StreamsNow = {
      read: (_, { after = 0 } = {}) => ({
        version: texts.length,
        events: texts.slice(after).map((text, index) => {
          return { version: after + index + 1, recordedAt: at, event: decodeEvent(text) };
        }),
      }),
      append: (_, events, { expectedVersion }): Appended => {
        if (expectedVersion !== texts.length)
          throw versionConflict(stream, Number(expectedVersion), texts.length);
        texts.push(...events.map(encodeEvent));
        return { version: texts.length };
      },
    };
    return storeTransaction(streams);
  }

  it('decides each command after the ones before it, and appends nothing for a repeat or a rejection', () => {
    const { execute, load } = newTransaction();
    const [charged, paid] = [assess('f1', '2.50'), pay('p1', '1.00')].map((one) =>
      execute(policy, stream, one),
    );
    expect([charged?.version, paid?.version]).toEqual([1, 2]);
    expect(execute(policy, stream, pay('p1', '1.00'))).toMatchObject({
      version: 2,
      decision: { accepted: true, events: [] },
    });
    expect(execute(policy, stream, pay('p2', '9.00'))).toMatchObject({
      version: 2,
      decision: { accepted: false },
    });
    expect(load(stream)).toEqual({ version: 2, account: paid?.account });
  });

  it('refuses a version other than the expected one, except for a repeat', () => {
    const { execute } = newTransaction();
    expect(execute(policy, stream, assess('f1', '2.50'), { expectedVersion: 0 }).version).toBe(1);
    expect(execute(policy, stream, assess('f1', '2.50'), { expectedVersion: 0 }).version).toBe(1);
    expect(() => execute(policy, stream, assess('f2', '2.50'), { expectedVersion: 0 })).toThrow(
      expect.objectContaining({
        code: 'VERSION_CONFLICT',
        details: { stream: 'north/p1', expected: 0, actual: 1 },
      }),
    );
  });

  it('lists each account of a transaction once, without other fields', () => {
    expect(checkedTransaction([stream, { ...stream, more: 1 } as never], () => 1)).toEqual([stream]);
    for (const [accounts, task] of [
      [[{ institution: 'north' }], () => 1],
      [stream, () => 1],
      [[stream], {}],
    ] as const)
      expect(() => checkedTransaction(accounts as never, task)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
  });
});
