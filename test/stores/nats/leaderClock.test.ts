import { execute } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { leaderClock, ownInstant } from '../../../src/stores/nats/leaderClock.js';
import { assessedFee } from '../../support/assessedFee.js';
import { policy } from '../../support/deskWork.js';
import { fakeJetStream, timeout } from '../../support/fakeJetStream.js';

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
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
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
