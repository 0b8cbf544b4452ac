import type { EventStore } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { describe, expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
import { clientError, type FakeJetStream, fakeJetStream, timeout } from '../../support/fakeJetStream.js';

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
    expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 1 })).toEqual({ version: 2 });
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
    expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 0 })).toEqual({ version: 1 });
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
    expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 0 })).toEqual({ version: 1 });
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
