import { expect, it } from 'vitest';
import { decodeEvent, encodeEvent } from '../../src/history/codec.js';
import { type Appended, type StreamsNow, versionConflict } from '../../src/history/eventStore.js';
import { checkedTransaction, storeTransaction } from '../../src/history/storeTransaction.js';
import { assess, at, pay, policy } from '../support/account.js';

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
