import { PatronFeesError } from 'patron-fees';
import { type EventStore, loadAccount } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isFinal, RETRY, retryUntil } from '../../../src/stores/nats/readAhead.js';
import { assessedFee } from '../../support/assessedFee.js';
import { clientError, type FakeJetStream, fakeJetStream, timeout } from '../../support/fakeJetStream.js';

const storeOn = (fake: FakeJetStream) =>
  natsEventStore({ ...fake, stream: 'FEES', timeouts: { readMs: 50 } });

const feeOf = ({ event }: { event: { data: object } }) => (event.data as { feeId: string }).feeId;

/** A stream of 300 messages of two events, each of another account. */
async function filled() {
  const fake = fakeJetStream();
  const store = storeOn(fake);
  for (let index = 0; index < 300; index++) {
    const events = [assessedFee(`f${index}a`), assessedFee(`f${index}b`)];
    await store.append({ institution: 'north', patronId: `p${index}` }, events, { expectedVersion: 0 });
  }
  fake.queries.length = 0;
  return { fake, store };
}

const all = Array.from({ length: 300 }, (_, index) => [`f${index}a`, `f${index}b`]).flat();

/** Returns a message whose events the server dates, as those of programs that have not seen the leader's clock. */
function undated({ messages }: FakeJetStream, index: number): Uint8Array {
  const text = new TextDecoder().decode(messages[index]?.data);
  return new TextEncoder().encode(text.replace(/"recordedAt":"[^"]*",/, ''));
}

async function readAll(store: EventStore, limit: number): Promise<readonly string[]> {
  const fees: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.readAll({ limit, ...(after !== undefined && { after }) });
    if (page.events.length === 0) return fees;
    fees.push(...page.events.map(feeOf));
    after = page.cursor;
  }
}

describe('all events', () => {
  it.each([1, 7, 100, 1_000])('are read through one consumer, in pages of %i', async (limit) => {
    const { fake, store } = await filled();
    expect(await readAll(store, limit)).toEqual(all);
    expect(fake.consumers).toHaveLength(1);
    expect(fake.queries).toEqual([]);
  });

  it('are read again from an earlier cursor, with the consumers of two readers at most', async () => {
    const { fake, store } = await filled();
    for (let reader = 0; reader < 5; reader++) {
      const { events } = await store.readAll({ limit: 40 + reader });
      expect(events.map(feeOf)).toEqual(all.slice(0, 40 + reader));
    }
    expect(fake.consumers).toHaveLength(5);
    expect(fake.open.size).toBe(2);
  });

  it('are read from the leader if only a few are new, and a follower that waits needs no consumer', async () => {
    const { fake, store } = await filled();
    const { cursor } = await storeOn(fake).readAll();
    const reader = storeOn(fake);
    fake.consumers.length = 0;
    expect(await reader.readAll({ after: cursor })).toEqual({ events: [], cursor });
    await store.append({ institution: 'north', patronId: 'q' }, [assessedFee('g')], { expectedVersion: 0 });
    const page = await reader.readAll({ after: cursor });
    expect(page.events.map(feeOf)).toEqual(['g']);
    expect(fake.consumers).toEqual([]);
  });

  it('are complete if a consumer leaves out messages, or is behind, or ends', async () => {
    for (const fault of [
      (sent: readonly never[]) => sent.filter((_, index) => index !== 5),
      (sent: readonly never[]) => sent.slice(0, 9),
      () => [],
      (): never => {
        throw timeout();
      },
    ]) {
      const { fake, store } = await filled();
      fake.fetches.push(fault as never, fault as never);
      expect(await readAll(store, 50)).toEqual(all);
    }
  });

  it('are read from the leader if no consumer can be created, and for a while no other is tried', async () => {
    // The while is not over, however slow the machine is.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1);
    onTestFinished(() => clock.mockRestore());
    const { fake, store } = await filled();
    let asked = 0;
    fake.manager.consumers.add = async () => {
      asked += 1;
      throw clientError('PermissionViolationError');
    };
    expect(await readAll(store, 50)).toEqual(all);
    expect(asked).toBe(1);
    expect(fake.queries.length).toBe(300);
  });

  it('continue after the server deleted the consumer', async () => {
    const { fake, store } = await filled();
    const first = await store.readAll({ limit: 20 });
    // The request that is running ends without a message, and so does the next one.
    for (let index = 0; index < 3; index++) fake.fetches.push(() => []);
    const rest = await store.readAll({ after: first.cursor });
    expect([...first.events, ...rest.events].map(feeOf)).toEqual(all);
  });

  it('have the same times as those that the leader sends', async () => {
    const { fake, store } = await filled();
    const times = [
      '2026-03-02T09:00:00Z',
      '2026-03-02T09:00:00.5Z',
      '2026-03-02T09:00:00.123456Z',
      '2026-03-02T09:00:00.1234Z',
      '2026-03-02T09:00:01Z',
    ];
    for (const [index, timestamp] of times.entries())
      Object.assign(fake.messages[index] as object, { timestamp, data: undated(fake, index) });
    const page = await store.readAll();
    fake.manager.consumers.add = async () => {
      throw timeout();
    };
    const leader = await storeOn(fake).readAll({ limit: 10 });
    expect(fake.queries.length).toBeGreaterThan(0);
    expect(page.events.slice(0, 10).map(({ recordedAt }) => recordedAt)).toEqual(
      times.flatMap((time) => [time, time]),
    );
    expect(leader.events).toEqual(page.events.slice(0, 10));
  });

  it('with large messages are read a few at a time', async () => {
    const { fake, store } = await filled();
    // As large as a message of many events.
    for (const message of fake.messages) {
      Object.assign(message, { data: Buffer.concat([message.data, Buffer.alloc(400_000, ' ')]) });
    }
    expect(await readAll(store, 100)).toEqual(all);
    // Each request is for eight megabytes, judged by the messages before.
    expect(Math.max(...fake.fetched.slice(1))).toBeLessThan(25);
  });

  it('reject with INVALID_EVENT at a message that is not an append', async () => {
    const { fake, store } = await filled();
    Object.assign(fake.messages[200] as object, { data: new TextEncoder().encode('hello') });
    await expect(store.readAll()).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      details: { sequence: 201 },
    });
    expect(fake.open.size).toBe(0);
    expect((await store.readAll({ limit: 400 })).events).toHaveLength(400);
  });
});

describe('a long account', () => {
  const account = { institution: 'north', patronId: 'long' };

  async function longAccount() {
    const { fake, store } = await filled();
    for (let version = 0; version < 200; version++) {
      await store.append(account, [assessedFee(`l${version}`)], { expectedVersion: version });
      if (version % 50 === 0) {
        await store.append({ institution: 'north', patronId: `s${version}` }, [assessedFee('s')], {
          expectedVersion: 0,
        });
      }
    }
    fake.queries.length = 0;
    fake.consumers.length = 0;
    return { fake, store: storeOn(fake) };
  }

  const long = Array.from({ length: 200 }, (_, index) => `l${index}`);

  it('is read through a separate consumer, from any version', async () => {
    const { fake, store } = await longAccount();
    for (const after of [0, 1, 50, 130]) {
      const { events } = await store.read(account, { after });
      expect(events.map(feeOf)).toEqual(long.slice(after));
    }
    expect(fake.consumers.map(({ filter_subject }) => filter_subject)).toEqual(
      Array(4).fill('fees.north.long'),
    );
    expect(fake.queries).toHaveLength(4);
    expect(fake.open.size).toBe(0);
  });

  it('is complete if its consumer leaves out messages, or is behind, or ends', async () => {
    for (const fault of [
      (sent: readonly never[]) => sent.filter((_, index) => index !== 5),
      (sent: readonly never[]) => sent.slice(0, 9),
      () => [],
      (): never => {
        throw timeout();
      },
    ]) {
      const { fake, store } = await longAccount();
      fake.fetches.push(fault as never, fault as never);
      expect((await store.read(account)).events.map(feeOf)).toEqual(long);
    }
  });

  it('is read from its last version once it was loaded', async () => {
    const { fake, store } = await longAccount();
    await loadAccount(store, account);
    fake.queries.length = 0;
    fake.consumers.length = 0;
    await store.append(account, [assessedFee('next')], { expectedVersion: 200 });
    const { version } = await loadAccount(store, account);
    expect(version).toBe(201);
    const ofAccount = fake.queries.filter((query) => 'last_by_subj' in query);
    expect([ofAccount.length, fake.consumers.length]).toEqual([1, 0]);
  });
});

/** An attempt that runs one step each time. */
function attempts(...steps: (() => unknown)[]) {
  return async () => (steps.length > 1 ? steps.shift() : steps[0])?.();
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('retryUntil', () => {
  it('retries after a failed attempt and after one that returns RETRY', async () => {
    expect(
      await retryUntil(
        60_000,
        attempts(
          failing(timeout()),
          () => RETRY,
          () => 'answer',
        ),
      ),
    ).toBe('answer');
  });

  it('rejects with the last reason', async () => {
    const cause = timeout();
    await expect(retryUntil(30, attempts(failing(cause)))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { waitedMs: 30, reason: 'TimeoutError: TimeoutError', cause },
    });
    await expect(
      retryUntil(
        30,
        attempts(() => RETRY),
      ),
    ).rejects.toMatchObject({
      details: { reason: 'the leader is behind' },
    });
    await expect(retryUntil(30, attempts(failing('text')))).rejects.toMatchObject({
      details: { reason: 'text' },
    });
  });

  it('rejects at once with a final error', async () => {
    const error = clientError('ClosedConnectionError');
    await expect(
      retryUntil(
        60_000,
        attempts(failing(error), () => 'answer'),
      ),
    ).rejects.toBe(error);
  });
});

describe('an error', () => {
  it.each([
    [timeout(), false],
    [clientError('JetStreamNotEnabled'), false],
    [clientError('RequestError'), false],
    [Object.assign(clientError('RequestError'), { cause: clientError('PermissionViolationError') }), true],
    [Object.assign(clientError('RequestError'), { cause: timeout() }), false],
    [clientError('JetStreamApiError', { code: 10008, status: 503 }), false],
    ['text', false],
    [null, false],
    [clientError('StreamNotFoundError', { code: 10059, status: 404 }), true],
    [clientError('AuthorizationError'), true],
    [new TypeError('a fault of the program'), true],
    [new PatronFeesError('VERSION_CONFLICT', 'x'), true],
  ])('%s is final: %s', (error, final) => {
    expect(isFinal(error)).toBe(final);
  });
});
