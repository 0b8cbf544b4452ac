import { describe, expect, it } from 'vitest';
import { sealChain } from '../../src/seals/sealRule.js';
import { type SealOfStream, streamComparison } from '../../src/seals/streamComparison.js';

const stream = { institution: 'north', patronId: 'p' };
const eventOf = (version: number, text = 'x') => ({
  version,
  recordedAt: `2026-0${version}-05T09:00:00Z`,
  event: { type: text, data: {} },
});
const purge = (version: number) => eventOf(version, 'AccountPurged');

/** The seal of some events, made of them. */
function sealOf(number: number, events: readonly ReturnType<typeof eventOf>[], since = 0): SealOfStream {
  const chain = sealChain('1', 'account', stream);
  const leaves = events.map((event) => chain.add(event).slice(0, 8));
  const version = events.at(-1)?.version ?? 0;
  const line = {
    kind: 'account',
    id: 'p',
    version,
    digest: chain.digest(),
    open: false,
    leaves: leaves.slice(since).join(''),
  } as const;
  return {
    number,
    cutoff: `2026-0${number + 1}-01T00:00:00Z`,
    rule: '1',
    isKnown: false,
    line: version === 0 ? undefined : line,
  };
}

function compared(seals: readonly SealOfStream[], events: readonly ReturnType<typeof eventOf>[]) {
  const comparison = streamComparison('account', stream, seals);
  for (const event of events) comparison.add(event);
  const codes = comparison.differences().map(({ code, version, seal }) => `${code} ${version} ${seal}`);
  return { codes, purge: comparison.purgeToCheck() };
}

const [one, two, three] = [eventOf(1), eventOf(2), eventOf(3)];
const seals = [sealOf(1, [one]), sealOf(2, [one, two], 1)];

describe('a stream and its seals', () => {
  it('agree, even if the stream has events after the last seal', () => {
    expect(compared(seals, [one, two]).codes).toEqual([]);
    expect(compared(seals, [one, two, three]).codes).toEqual([]);
  });

  it('differ at the first event that is not the sealed one', () => {
    expect(compared(seals, [eventOf(1, 'y'), two]).codes).toEqual(['EVENT_CHANGED 1 1']);
    expect(compared(seals, [one, eventOf(2, 'y')]).codes).toEqual(['EVENT_CHANGED 2 2']);
    expect(compared(seals, [one]).codes).toEqual(['EVENT_MISSING 2 2']);
    expect(compared(seals, []).codes).toEqual(['ACCOUNT_MISSING 1 1']);
  });

  it('have a difference for every changed version, reported by the seal that covers it', () => {
    const four = eventOf(4);
    const three3 = sealOf(3, [one, two, three, four], 2);
    const all = [...seals, three3];
    const y = (version: number) => eventOf(version, 'y');
    expect(compared(all, [y(1), two, y(3), y(4)]).codes).toEqual([
      'EVENT_CHANGED 1 1',
      'EVENT_CHANGED 3 3',
      'EVENT_CHANGED 4 3',
    ]);
    expect(compared(all, [one, y(2), three]).codes).toEqual(['EVENT_CHANGED 2 2', 'EVENT_MISSING 4 3']);
    const unchanged = [...all, sealOf(4, [one, two, three, four], 4)];
    expect(compared(unchanged, [one, two, three, y(4)]).codes).toEqual(['EVENT_CHANGED 4 3']);
    expect(compared(all, [y(1)]).codes).toEqual(['EVENT_CHANGED 1 1', 'EVENT_MISSING 2 2']);
  });

  it('have a separate difference for each change of the same event', () => {
    const digests = ['y', 'z'].map((text) => {
      const comparison = streamComparison('account', stream, seals);
      for (const event of [eventOf(1, text), two]) comparison.add(event);
      return comparison.differences().map(({ digest }) => digest);
    });
    expect(new Set(digests.flat()).size).toBe(2);
  });

  it('differ without a version if the file with that line is gone', () => {
    expect(compared(seals.slice(1), [eventOf(1, 'y'), two]).codes).toEqual(['EVENT_CHANGED null 2']);
    expect(compared(seals.slice(1), [eventOf(1, 'y'), eventOf(2, 'y')]).codes).toEqual(['EVENT_CHANGED 2 2']);
  });

  it('differ at the right event, even if two digests begin with the same characters', () => {
    const [seal] = [sealOf(1, [one, two])];
    const leaf = sealChain('1', 'account', stream).add(eventOf(2, 'y')).slice(0, 8);
    const line = { ...seal.line, leaves: `${seal.line?.leaves.slice(0, 8)}${leaf}` } as never;
    expect(compared([{ ...seal, line }], [one, eventOf(2, 'y')]).codes).toEqual(['EVENT_CHANGED 1 1']);
  });

  it('have the same difference for missing events, even if later events reuse their versions', () => {
    const short = [sealOf(1, [one, two]), { ...sealOf(2, [one]), isKnown: true }];
    const again = { ...eventOf(2, 'new'), recordedAt: '2026-03-05T09:00:00Z' };
    for (const events of [[one], [one, again]])
      expect(compared(short, events).codes).toEqual(['EVENT_MISSING 2 1']);
    const none = [sealOf(1, [one]), { ...sealOf(2, []), isKnown: true }];
    for (const events of [[], [{ ...again, version: 1 }]])
      expect(compared(none, events).codes).toEqual(['ACCOUNT_MISSING 1 1']);
  });

  it('differ by an event that was put in before a cutoff', () => {
    const late = { ...three, recordedAt: '2026-01-06T00:00:00Z' };
    expect(compared(seals, [one, two, late]).codes).toEqual(['EVENT_ADDED 3 1']);
    const none = [{ ...sealOf(1, []), line: undefined }];
    expect(compared(none, [one]).codes).toEqual(['ACCOUNT_ADDED 1 1']);
    expect(compared(none, [two]).codes).toEqual([]);
  });

  it('are compared again from the seal that lists a difference as known', () => {
    const changed = eventOf(1, 'y');
    const known = [sealOf(1, [one]), { ...sealOf(2, [changed, two]), isKnown: true }];
    expect(compared(known, [changed, two]).codes).toEqual(['EVENT_CHANGED 1 1']);
    expect(compared(known, [changed, eventOf(2, 'y')]).codes).toEqual([
      'EVENT_CHANGED 1 1',
      'EVENT_CHANGED 2 2',
    ]);
    expect(compared(known, [eventOf(1, 'z'), two]).codes).toEqual(['EVENT_CHANGED 1 1', 'EVENT_CHANGED 1 2']);
  });

  it('are not compared if the stream could not be read when it was sealed', () => {
    const unread = sealOf(1, [one]);
    const line = { ...unread.line, version: 0, digest: '', leaves: '' } as never;
    expect(compared([{ ...unread, line }], [one, two]).codes).toEqual([]);
  });

  it('start again with a purge, which must be checked unless it is older than the first seal', () => {
    expect(compared(seals, [purge(3)])).toEqual({ codes: [], purge: { version: 3 } });
    expect(compared([sealOf(1, [purge(3)])], [purge(3), eventOf(4)])).toEqual({ codes: [], purge: null });
    expect(compared([...seals, sealOf(3, [purge(3)])], [eventOf(3, 'AccountPurged')]).codes).toEqual([]);
    expect(compared([], [purge(3)]).purge).toBeNull();
  });
});
