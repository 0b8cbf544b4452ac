import { setTimeout as pause } from 'node:timers/promises';
import { type EventStore, encodeEvent, execute, type StreamSlice } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { messageAfter } from '../../../src/stores/nats/natsDriver.js';
import { leaderClock, natsLog, ownInstant } from '../../../src/stores/nats/natsLog.js';
import { assessedFee } from '../../support/assessedFee.js';
import { policy } from '../../support/deskWork.js';
import { clientError, type FakeJetStream, fakeJetStream, timeout } from '../../support/fakeJetStream.js';
import { type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';
import { describeWith } from '../../support/programs.js';
import { until } from '../../support/until.js';

const texts = [encodeEvent(assessedFee('f1'))];

async function logOf(subjects: readonly string[], totalMs = 60_000) {
  const fake = fakeJetStream();
  const client = fake.manager.jetstream();
  const message = messageAfter(undefined, { appendId: 'a', texts });
  for (const subject of subjects) {
    await client.publish(subject, message, {
      expect: { streamName: 'FEES', lastSubjectSequence: 0 },
      timeout: 1,
    });
  }
  return { fake, log: natsLog(fake.manager, 'FEES', { readMs: 100, totalMs }) };
}

describe('reading a stream', () => {
  it('returns undefined for a subject without messages', async () => {
    const { log } = await logOf([]);
    expect(await log.last('fees.a.b')).toBeUndefined();
    expect(await log.end()).toBe(0);
  });

  it('is retried without an answer', async () => {
    const { fake, log } = await logOf(['fees.a.b']);
    fake.reads.push(() => {
      throw timeout();
    });
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
  });

  it('is retried if servers that have just started do not know the stream yet', async () => {
    const { fake, log } = await logOf(['fees.a.b']);
    const unknown = clientError('StreamNotFoundError', { code: 10059, status: 404 });
    const notFound = () => {
      throw unknown;
    };
    fake.reads.push(notFound);
    await expect(log.last('fees.a.b')).rejects.toBe(unknown);
    await log.last('fees.a.b');
    fake.reads.push(notFound);
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
  });

  it('is retried if a leader is behind what was seen', async () => {
    const { fake, log } = await logOf(['fees.a.b', 'fees.a.c']);
    await log.last('fees.a.b');
    log.note('fees.a.c', 2, undefined);
    fake.reads.push(() => null);
    expect((await log.last('fees.a.b'))?.sequence).toBe(1);
    fake.ends.push(1, 1);
    expect(await log.end()).toBe(2);
    fake.reads.push(() => null);
    expect((await log.at([2])).map(({ seq }) => seq)).toEqual([2]);
  });

  it('rejects with STORE_UNAVAILABLE if the leader stays behind', async () => {
    const { fake, log } = await logOf(['fees.a.b'], 100);
    await log.last('fees.a.b');
    fake.messages.length = 0;
    const behind = { code: 'STORE_UNAVAILABLE', details: { reason: 'the leader is behind' } };
    await expect(log.last('fees.a.b')).rejects.toMatchObject(behind);
    await expect(log.at([1])).rejects.toMatchObject(behind);
    await expect(log.end()).rejects.toMatchObject(behind);
  });
});

describe('the remembered messages', () => {
  it('have the last message of a subject, until a later one is stored', async () => {
    const { log } = await logOf(['fees.a.b'], 100);
    expect(log.recent('fees.a.b')).toBeUndefined();
    await log.last('fees.a.b');
    expect(log.recent('fees.a.b')).toMatchObject({ sequence: 1, version: 1 });
    log.note('fees.a.b', 5, undefined);
    expect(log.recent('fees.a.b')).toBeUndefined();
    log.note('fees.a.b', 4, undefined);
    await expect(log.last('fees.a.b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('are at most a thousand, for the subjects used last', async () => {
    const subjects = Array.from({ length: 1001 }, (_, index) => `fees.a.p${index}`);
    const { log } = await logOf(subjects);
    for (const subject of subjects) await log.last(subject);
    expect(log.recent('fees.a.p0')).toBeUndefined();
    expect(log.recent('fees.a.p1')).toBeDefined();
  });
});

describe('leaderClock', () => {
  const account = { institution: 'north', patronId: 'p1' };
  const AT = '2026-03-02T09:00:00.000Z';

  describe("the leader's clock", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      return () => vi.useRealTimers();
    });

    it('goes on with the steady clock of the program, for a minute', () => {
      const clock = leaderClock();
      expect([clock.time(), clock.isOld()]).toEqual([undefined, true]);
      clock.see('2026-03-02T09:00:00.123456Z', ownInstant());
      expect([clock.time(), clock.isOld()]).toEqual(['2026-03-02T09:00:00.123Z', false]);
      vi.advanceTimersByTime(10_001);
      expect([clock.time(), clock.isOld()]).toEqual(['2026-03-02T09:00:10.124Z', true]);
      vi.advanceTimersByTime(50_000);
      expect(clock.time()).toBeUndefined();
    });

    it('is unknown once the clock of the machine was set, or the machine has slept', () => {
      const clock = leaderClock();
      clock.see(AT, ownInstant());
      vi.setSystemTime(Date.now() + 200);
      expect([clock.time(), clock.isOld()]).toEqual([undefined, true]);
    });
  });

  describe('a store that has seen it', () => {
    const appendAt = (store: ReturnType<typeof natsEventStore>, version: number, patronId = 'p1') =>
      store.append({ ...account, patronId }, [assessedFee(`f${version}`)], { expectedVersion: version });

    /** A store whose leader is an hour behind this machine, and is looked at by the first append. */
    async function opened() {
      const fake = fakeJetStream();
      const store = natsEventStore({ ...fake, stream: 'FEES' });
      await appendAt(store, 0, 'first');
      // The look at the clock does not keep the append waiting.
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { fake, store };
    }

    it('appends to an account that it has changed without a read, and dates the events by that clock', async () => {
      const { fake, store } = await opened();
      const before = fake.queries.length;
      for (let version = 0; version < 40; version++) await appendAt(store, version);
      expect(fake.queries.length).toBe(before);
      const { events } = await store.read(account);
      const times = events.map(({ recordedAt }) => recordedAt);
      expect(times).toEqual([...times].sort());
      // The clock of the fake stands at its first message, not at the time of this machine.
      expect(Date.parse(times[0] as string)).toBeGreaterThanOrEqual(Date.parse(AT));
      expect(Date.parse(times.at(-1) as string)).toBeLessThan(Date.parse(AT) + 600_000);
      expect(events.map(({ version }) => version)).toEqual(
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
    });

    it('never dates an event before the one before it, whatever another program wrote', async () => {
      const { fake, store } = await opened();
      const other = natsEventStore({ ...fake, stream: 'FEES' });
      await appendAt(store, 0);
      await other.append(account, [assessedFee('x')], {
        expectedVersion: 1,
        recordedAt: '2026-03-02T18:00:00Z',
      });
      const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at: AT } as const;
      expect((await execute(store, policy, account, { ...fee, id: 'y' })).version).toBe(3);
      expect((await execute(store, policy, account, { ...fee, id: 'z' })).version).toBe(4);
      const { events } = await other.read(account);
      expect(events.slice(1).map(({ recordedAt }) => recordedAt)).toEqual(
        Array(3).fill('2026-03-02T18:00:00Z'),
      );
    });

    it('leaves the time to the server as long as the leader does not show its clock', async () => {
      const fake = fakeJetStream();
      const store = natsEventStore({ ...fake, stream: 'FEES' });
      fake.reads.push(() => {
        throw timeout();
      });
      await appendAt(store, 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
      onTestFinished(() => store.close());
      await appendAt(store, 1);
      const { events } = await store.read(account);
      expect(events.map(({ recordedAt }) => recordedAt)).toEqual(
        fake.messages.map(({ timestamp }) => timestamp),
      );
    });
  });
});

describe('natsReading', () => {
  const account = { institution: 'north', patronId: 'p1' };
  const another = { institution: 'north', patronId: 'p2' };
  const APPENDS = 100;

  /** An account with a hundred appends of one or two events, between those of another account. */
  async function longAccount() {
    const fake = fakeJetStream();
    const store = natsEventStore({ ...fake, stream: 'FEES' });
    const fees: string[] = [];
    for (let index = 0; index < APPENDS; index++) {
      const ids = index % 3 === 0 ? [`f${index}`, `f${index}b`] : [`f${index}`];
      await store.append(
        account,
        ids.map((id) => assessedFee(id)),
        { expectedVersion: fees.length },
      );
      await store.append(another, [assessedFee(`f${index}`)], { expectedVersion: index });
      fees.push(...ids);
    }
    fake.queries.length = 0;
    return { fake, store, fees };
  }

  const feesIn = ({ events }: StreamSlice) =>
    events.map(({ event }) => (event.data as { feeId: string }).feeId);

  const part = (store: EventStore, after: number, limit?: number) =>
    store.read(account, limit === undefined ? { after } : { after, limit });

  describe('an account with many messages', () => {
    it('is read completely, in order', async () => {
      const { store, fees } = await longAccount();
      expect(feesIn(await part(store, 0))).toEqual(fees);
    });

    it('is read from any version and to any limit', async () => {
      const { store, fees } = await longAccount();
      for (const after of [
        0,
        1,
        2,
        3,
        31,
        32,
        33,
        64,
        98,
        fees.length - 2,
        fees.length - 1,
        fees.length,
        500,
      ]) {
        for (const limit of [1, 2, 40, undefined]) {
          const end = limit === undefined ? undefined : after + limit;
          expect(feesIn(await part(store, after, limit)), `${after} ${limit}`).toEqual(
            fees.slice(after, end),
          );
        }
      }
    });

    it('is read in a few steps: its last message lists the others', async () => {
      const { fake, store, fees } = await longAccount();
      await part(store, fees.length - 1);
      expect(fake.queries).toHaveLength(1);
      await part(store, fees.length - 3);
      expect(fake.queries).toHaveLength(4);
      fake.queries.length = 0;
      await part(store, 0);
      expect(fake.queries.length).toBeLessThan(APPENDS + 10);
    });

    it('rejects with CORRUPT_HISTORY if a listed message is not the expected one', async () => {
      const { fake, store } = await longAccount();
      const [first, , second] = fake.messages;
      if (first === undefined || second === undefined) throw new Error('nothing was stored');
      fake.messages[2] = { ...first, seq: 3 };
      await expect(part(store, 0)).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        details: { sequence: 3, subject: 'fees.north.p1', expected: 2, found: 0 },
      });
      fake.messages[2] = { ...second, subject: 'fees.north.p2' };
      await expect(part(store, 0)).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
      fake.messages[0] = { ...second, seq: 1 };
      await expect(part(store, 0)).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        details: { expected: 0 },
      });
    });
  });
});

describe('appendToNats', () => {
  const account = { institution: 'north', patronId: 'p1' };

  /** A store that has so much time that only a fault of its own lets it fail. */
  function storeOn(fake: FakeJetStream, totalMs = 60_000): EventStore {
    return natsEventStore({ ...fake, stream: 'FEES', timeouts: { publishMs: 10, totalMs } });
  }

  async function feesIn(store: EventStore): Promise<readonly string[]> {
    const { events } = await store.read(account);
    return events.map(({ event }) => (event.data as { feeId: string }).feeId);
  }

  describe('an append whose answer is lost', () => {
    it('succeeds if it arrived, and is not stored twice', async () => {
      const fake = fakeJetStream();
      const store = storeOn(fake);
      fake.publishes.push((store) => {
        store();
        throw timeout();
      });
      expect(
        await store.append(account, [assessedFee('f1'), assessedFee('f2')], { expectedVersion: 0 }),
      ).toEqual({
        version: 2,
      });
      expect(await feesIn(store)).toEqual(['f1', 'f2']);
    });

    it('succeeds if it arrived, although others have appended since', async () => {
      const fake = fakeJetStream();
      const [store, other] = [storeOn(fake), storeOn(fake)];
      await other.append(account, [assessedFee('f0')], { expectedVersion: 0 });
      let others: Promise<unknown> = Promise.resolve();
      fake.publishes.push((store) => {
        store();
        others = other.append(account, [assessedFee('f2'), assessedFee('f3')], { expectedVersion: 'any' });
        throw timeout();
      });
      expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 1 })).toEqual({
        version: 2,
      });
      await others;
      expect(await feesIn(store)).toEqual(['f0', 'f1', 'f2', 'f3']);
    });

    it('is sent again if it did not arrive, and a late copy is not stored', async () => {
      const fake = fakeJetStream();
      const store = storeOn(fake);
      let late: () => unknown = () => undefined;
      fake.publishes.push((store) => {
        late = store;
        throw timeout();
      });
      expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 0 })).toEqual({
        version: 1,
      });
      expect(late).toThrow('JetStreamApiError');
      expect(await feesIn(store)).toEqual(['f1']);
    });

    it('conflicts if another writer was first, even with the same events', async () => {
      const fake = fakeJetStream();
      const [store, other] = [storeOn(fake), storeOn(fake)];
      let others: Promise<unknown> = Promise.resolve();
      fake.publishes.push(() => {
        others = other.append(account, [assessedFee('f1')], { expectedVersion: 0 });
        throw timeout();
      });
      await expect(store.append(account, [assessedFee('f1')], { expectedVersion: 0 })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        details: { stream: 'north/p1', expected: 0, actual: 1 },
      });
      await others;
      expect(await feesIn(store)).toEqual(['f1']);
    });

    it('rejects with STORE_UNAVAILABLE and the reason if the outcome is unknown in time', async () => {
      const fake = fakeJetStream();
      fake.publishes.push(
        ...Array.from({ length: 100 }, () => () => {
          throw timeout();
        }),
      );
      await expect(
        storeOn(fake, 100).append(account, [assessedFee('f1')], { expectedVersion: 0 }),
      ).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        details: { waitedMs: 100, reason: 'TimeoutError: TimeoutError' },
      });
      expect(fake.messages).toEqual([]);
    });
  });

  describe('an append', () => {
    it('waits for a leader that refuses it and does not return the earlier message yet', async () => {
      const fake = fakeJetStream();
      const [store, other] = [storeOn(fake), storeOn(fake)];
      fake.publishes.push((store) => {
        store();
        throw timeout();
      });
      // The leader does not return the message, refuses the second copy, and returns the message only then.
      fake.reads.push(
        () => null,
        () => null,
      );
      expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 0 })).toEqual({
        version: 1,
      });
      expect(await feesIn(other)).toEqual(['f1']);
    });

    it('goes to the end of the stream if any version is expected', async () => {
      const fake = fakeJetStream();
      const [store, other] = [storeOn(fake), storeOn(fake)];
      await store.read(account);
      await other.append(account, [assessedFee('f1')], { expectedVersion: 0 });
      fake.reads.push(() => null);
      expect(await store.append(account, [assessedFee('f2')], { expectedVersion: 'any' })).toEqual({
        version: 2,
      });
      expect(await feesIn(store)).toEqual(['f1', 'f2']);
    });

    it('follows the last message read, without reading it again', async () => {
      const fake = fakeJetStream();
      const [store, other] = [storeOn(fake), storeOn(fake)];
      await other.append(account, [assessedFee('f1')], { expectedVersion: 0 });
      await store.read(account);
      const before = fake.queries.length;
      await store.append(account, [assessedFee('f2')], { expectedVersion: 1 });
      const later = fake.queries.slice(before);
      expect(later.filter((query) => 'last_by_subj' in query)).toEqual([]);
    });

    it("is refused before it is sent if it exceeds the server's limit", async () => {
      const fake = fakeJetStream(2_000);
      const comment = '€'.repeat(600);
      await expect(
        storeOn(fake).append(account, [assessedFee('f1', { comment })], { expectedVersion: 0 }),
      ).rejects.toMatchObject({ code: 'APPEND_TOO_LARGE', details: { stream: 'north/p1', limit: 2_000 } });
      expect(fake.messages).toEqual([]);
      await storeOn(fake).append(account, [assessedFee('f1')], { expectedVersion: 0 });
      expect(fake.messages).toHaveLength(1);
    });

    it('is limited by the server only, if the connection does not know its limit', async () => {
      const fake = fakeJetStream();
      const store = natsEventStore({ connection: {}, manager: fake.manager, stream: 'FEES' });
      const comment = 'x'.repeat(10_000);
      const events = Array.from({ length: 200 }, (_, index) => assessedFee(`f${index}`, { comment }));
      expect(await store.append(account, events, { expectedVersion: 0 })).toEqual({ version: 200 });
    });

    it.each([
      clientError('ClosedConnectionError'),
      clientError('PermissionViolationError'),
      clientError('JetStreamApiError', { code: 10060, status: 400 }),
    ])('rejects with the error of the client if waiting does not help: %s', async (error) => {
      const fake = fakeJetStream();
      fake.publishes.push(() => {
        throw error;
      });
      await expect(storeOn(fake).append(account, [assessedFee('f1')], { expectedVersion: 0 })).rejects.toBe(
        error,
      );
    });
  });
});

const stream = { institution: 'north', patronId: 'p1' };

const append = (store: EventStore, feeId: string) =>
  store.append(stream, [assessedFee(feeId)], { expectedVersion: 'any' });

describeWith(['nats-server'], 'a NATS store that is watched', () => {
  it('calls at every append of any process, even after its server was killed, and stops', async () => {
    const servers = await startNatsServers(1);
    try {
      const { store, other } = await opened(servers);
      let calls = 0;
      const stop = await store.watch(() => {
        calls += 1;
      });
      expect(calls).toBe(1);
      const appends = async (feeId: string) => {
        const before = calls;
        await append(other, feeId);
        await until(() => calls > before);
      };
      await appends('f1');
      await appends('f2');
      await servers.kill(0);
      await pause(200);
      servers.restart(0);
      await appends('f3');
      await stop();
      const end = calls;
      await append(other, 'late');
      await pause(300);
      expect(calls).toBe(end);
    } finally {
      await servers.stop();
    }
  });
});

async function opened(servers: NatsServers) {
  const name = await servers.newStream();
  const open = async () =>
    natsEventStore({
      ...(await servers.connect()),
      stream: name,
      prefix: prefixOf(name),
      // On a slow machine a server takes long to start.
      timeouts: { totalMs: 600_000 },
    });
  return { stream: name, store: await open(), other: await open() };
}

it('polls the last sequence of the stream if it may not create consumers', async () => {
  const fake = fakeJetStream();
  const manager = {
    ...fake.manager,
    consumers: {
      ...fake.manager.consumers,
      add: async () => {
        throw clientError('PermissionViolationError');
      },
    },
  };
  const store = natsEventStore({ connection: fake.connection, manager, stream: 'FEES' });
  let calls = 0;
  const stop = await store.watch(() => {
    calls += 1;
  });
  await append(store, 'f1');
  await until(() => calls === 2);
  await append(store, 'f2');
  await until(() => calls === 3);
  await stop();
});

it('rejects if the stream cannot be reached, and after it is closed', async () => {
  const fake = fakeJetStream();
  const streams = {
    ...fake.manager.streams,
    info: async () => {
      throw clientError('StreamNotFoundError', { code: 10059, status: 404 });
    },
  };
  const store = natsEventStore({
    connection: fake.connection,
    manager: { ...fake.manager, streams },
    stream: 'FEES',
  });
  await expect(store.watch(() => undefined)).rejects.toMatchObject({ name: 'StreamNotFoundError' });
  await store.close();
  await expect(store.watch(() => undefined)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});
