import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountAsOf, loadAccountAsOf } from '../../src/history/loadAccount.js';
import { type AccountEvent, definePolicy, emptyAccount, fold } from '../../src/index.js';
import { summary } from '../../src/views/index.js';
import { goldenLogs } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';
import { stream, tickingStore } from '../support/stores.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const log = goldenLogs.get('at-the-desk') ?? [];

/** Recorded events, one per minute unless the times are given. */
const recorded = (events: readonly AccountEvent[], times: readonly string[] = []) =>
  events.map((event, index) => ({
    version: index + 1,
    recordedAt: times[index] ?? `2026-03-02T10:${String(index).padStart(2, '0')}:00Z`,
    event,
  }));

const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' });

describe('an account as of a version', () => {
  it('is folded from that many events', () => {
    for (let version = 0; version <= log.length; version++) {
      expect(accountAsOf(recorded(log), { version })).toEqual(fold(log.slice(0, version)));
    }
  });

  it.each([-1, 0.5, log.length + 1, Number.NaN, '1', null, undefined])(
    'refuses the version %s',
    (version) => {
      expect(() => accountAsOf(recorded(log), { version } as never)).toThrow(refused);
    },
  );
});

describe('an account as of a time', () => {
  const times = [
    '2026-03-02T10:00:00Z',
    '2026-03-02T10:00:00Z',
    '2026-03-02T12:00:00.000500+01:00',
    '2026-03-03T00:00:00Z',
  ];
  const events = recorded(log.slice(0, 4), times);

  it.each([
    ['2026-03-02T09:59:59.999999Z', 0],
    ['2026-03-02T10:00:00Z', 2],
    ['2026-03-02T05:00:00-05:00', 2],
    ['2026-03-02T11:00:00.000499Z', 2],
    ['2026-03-02T11:00:00.0005Z', 3],
    ['2026-03-02T23:59Z', 3],
    ['2999-01-01T00:00:00Z', 4],
  ])('%s includes the events recorded by then: %i', (recordedAt, version) => {
    expect(accountAsOf(events, { recordedAt })).toEqual(fold(log.slice(0, version)));
  });

  it('ignores the time at which things happened', () => {
    const late = log
      .slice(0, 2)
      .map((event) => ({ ...event, data: { ...event.data, at: '1999-01-01T00:00:00Z' } }));
    const known = accountAsOf(recorded(late as never, times), { recordedAt: '2026-03-02T09:00:00Z' });
    expect(known).toEqual(emptyAccount());
  });

  it('is a prefix of the stream even if the clock went back', () => {
    const back = recorded(log.slice(0, 3), [
      '2026-03-02T10:00:00Z',
      '2026-03-02T10:00:09Z',
      '2026-03-02T10:00:01Z',
    ]);
    expect(accountAsOf(back, { recordedAt: '2026-03-02T10:00:05Z' }).eventCount).toBe(1);
    expect(accountAsOf(back, { recordedAt: '2026-03-02T10:00:09Z' }).eventCount).toBe(3);
  });

  it.each(['', 'now', '2026-03-02', '2026-02-30T00:00:00Z', '2026-03-02T10:00:00', null, 5])(
    'refuses the time %j',
    (recordedAt) => {
      expect(() => accountAsOf(events, { recordedAt } as never)).toThrow(refused);
    },
  );
});

describe('accountAsOf', () => {
  it('grows by one event with each version, in every story', () => {
    fc.assert(
      fc.property(moves(15), anyPolicy, fc.nat(), (story, policy, pick) => {
        const events = eventsOf(runMoves(story, policy));
        const version = pick % (events.length + 1);
        expect(fold(events.slice(version), accountAsOf(recorded(events), { version }))).toEqual(fold(events));
      }),
      tried(1000),
    );
  });

  it('refuses events that are not a stream from its first event on', () => {
    const events = recorded(log);
    expect(() => accountAsOf(events.slice(1), { version: 1 })).toThrow(refused);
    expect(() => accountAsOf([...events.slice(0, 2), ...events.slice(3)], { version: 1 })).toThrow(refused);
    expect(() => accountAsOf([...events].reverse(), { version: 1 })).toThrow(refused);
    for (const garbage of [undefined, null, {}, 'events', [null], [undefined], ['event'], [{}]]) {
      expect(() => accountAsOf(garbage as never, { version: 0 }), String(garbage)).toThrow(refused);
    }
  });

  it('refuses a moment that is neither a version nor a time', () => {
    for (const moment of [undefined, null, {}, 'yesterday', 3]) {
      expect(() => accountAsOf(recorded(log), moment as never)).toThrow(refused);
    }
  });
});

describe('loadAccountAsOf', () => {
  it('reads an account that every view accepts', async () => {
    const store = tickingStore();
    for (const event of log) await store.append(stream, [event], { expectedVersion: 'any' });
    const { version, account } = await loadAccountAsOf(store, stream, { version: 3 });
    expect(version).toBe(3);
    const policy = definePolicy({ currency: 'USD' });
    expect(summary(account, policy)).toEqual(summary(fold(log.slice(0, 3)), policy));
    expect((await loadAccountAsOf(store, stream, { recordedAt: '2026-03-02T10:00:01Z' })).version).toBe(2);
  });

  it('names a stream that does not fold up to the moment, and ignores what comes later', async () => {
    const store = tickingStore();
    await store.append(stream, log.slice(0, 1).concat(log.slice(0, 1)), { expectedVersion: 0 });
    expect((await loadAccountAsOf(store, stream, { version: 1 })).version).toBe(1);
    await expect(loadAccountAsOf(store, stream, { version: 2 })).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', position: 2 },
    });
  });

  it('accepts only version 0 of an empty stream', async () => {
    expect((await loadAccountAsOf(tickingStore(), stream, { version: 0 })).account).toEqual(emptyAccount());
    await expect(loadAccountAsOf(tickingStore(), stream, { version: 1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
