import fc from 'fast-check';
import type { RecordedEvent } from '../../src/history/index.js';
import { type AccountEvent, type FeePolicy, fold, type PatronAccount } from '../../src/index.js';
import { anyNaming, anyPolicy, eventsOf, moves, namingNamed, runMoves } from './stories.js';

/** The history of an account, as returned by a store. */
export type History = {
  readonly policy: FeePolicy;
  readonly events: readonly RecordedEvent[];
  readonly account: PatronAccount;
};

/** Events as recorded by a store: at the given times, or a minute after each other. */
export function recorded(
  events: readonly AccountEvent[],
  recordedAt: (index: number) => string = (index) => new Date(Date.UTC(2026, 2, 2, 10, index)).toISOString(),
): RecordedEvent[] {
  return events.map((event, index) => ({ version: index + 1, recordedAt: recordedAt(index), event }));
}

const place = fc.record({
  minutes: fc.nat(4 * 24 * 60),
  late: fc.nat(3 * 24 * 60),
  desk: fc.constantFrom(undefined, 'north', 'south', '__proto__', '17', '","'),
  library: fc.constantFrom(undefined, 'MAIN', 'LAW', 'constructor'),
  channel: fc.constantFrom('desk', 'online', 'import', undefined),
});

/**
 * Histories of random stories, spread over desks and over the days when the clocks in Vienna go forward. Some events are
 * recorded long after they happened, and many at the same moment.
 */
export const histories: fc.Arbitrary<History> = fc
  .tuple(
    anyPolicy,
    anyNaming,
    moves(25),
    fc.array(place, { minLength: 7, maxLength: 7 }),
    fc.array(fc.nat(25), { maxLength: 3 }),
  )
  .map(([policy, naming, story, places, merges]) => {
    let recordedMs = Date.UTC(2026, 2, 28);
    const played = eventsOf(runMoves(story, policy, namingNamed[naming]));
    const events = withMerges(played, merges).map((event, index) => {
      const { minutes, late, desk, library, channel } = places[index % places.length] as never as Place;
      const at = new Date(Date.UTC(2026, 2, 28) + minutes * 60_000).toISOString();
      recordedMs = Math.max(recordedMs, Date.parse(at) + (late % 3 === 0 ? late * 60_000 : 0));
      const by = channel && { channel, ...(desk && { desk }), ...(library && { library }) };
      const { by: _, ...data } = event.data;
      const placed = { ...event, data: { ...data, at, ...(by && { by }) } } as AccountEvent;
      return { version: index + 1, recordedAt: new Date(recordedMs).toISOString(), event: placed };
    });
    return { policy, events, account: fold(events.map(({ event }) => event)) };
  })
  // A story may start under another policy.
  .filter(({ policy, account }) => account.currency === null || account.currency === policy.currency);

/** Returns events with up to three events of merges among them: they change no figure. */
function withMerges(events: readonly AccountEvent[], positions: readonly number[]): readonly AccountEvent[] {
  const at = '2026-03-28T00:00:00Z';
  const merges: readonly AccountEvent[] = [
    { type: 'AccountJoined', data: { mergeId: 'a join', from: 'twin', at } },
    { type: 'AccountMerged', data: { mergeId: 'a merge', into: 'kept', at } },
    { type: 'AccountSeparated', data: { mergeId: 'a merge', at } },
  ];
  const all = [...events];
  const sorted = positions.map((position) => Math.min(position, events.length)).sort((a, b) => a - b);
  for (const [index, position] of [...sorted.entries()].reverse()) {
    all.splice(position, 0, merges[index] as AccountEvent);
  }
  return all;
}

type Place = {
  readonly minutes: number;
  readonly late: number;
  readonly desk?: string;
  readonly library?: string;
  readonly channel?: 'desk';
};

/** A decimal string of any size in minor units. */
export function minor(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

/** A sum. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
