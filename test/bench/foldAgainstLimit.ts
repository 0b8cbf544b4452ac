import { isDeepStrictEqual } from 'node:util';
import { type AccountEvent, fold } from 'patron-fees';
import { type FoldedFast, fastestFold } from './fastestFold.js';
import { compare, repeated, report } from './measure.js';
import { type IdStyle, stream, streams } from './streams.js';

/** Checks that the fastest fold has the same result, so that the comparison is fair. */
export function assertSame(events: readonly AccountEvent[]): void {
  const account = fold(events);
  const fast: FoldedFast = fastestFold(events);
  const digestOf = new Map(account.ids.map(({ id, digest }) => [id, digest]));
  const digests = [...fast.commands].every(([id, digest]) => digestOf.get(id) === digest);
  const same =
    digests &&
    isDeepStrictEqual(account.fees, [...fast.fees.values()]) &&
    isDeepStrictEqual(account.payments, fast.payments) &&
    isDeepStrictEqual(account.waivers, fast.waivers) &&
    isDeepStrictEqual(account.transfers, fast.transfers);
  if (!same) throw new Error('fold and the fastest fold have different results');
}

export function foldAgainstLimit(): void {
  for (const ids of ['readable', 'digits'] satisfies IdStyle[]) {
    for (const length of [10, 100, 1_000, 10_000, 100_000]) {
      const events = stream(length, ids);
      assertSame(events);
      const times = Math.max(1, Math.round(20_000 / length));
      const result = compare(
        repeated(times, () => fold(events)),
        repeated(times, () => fastestFold(events)),
        length > 10_000 ? 15 : 41,
      );
      report('fold / limit', { events: length, ids, ...result });
    }
    // Too many accounts for the processor's caches; 20 rounds, since all do not fit into memory.
    const many = streams(5_000, 20, ids);
    const result = compare(
      repeated(20, () => many.map((events) => fold(events))),
      repeated(20, () => many.map((events) => fastestFold(events))),
      9,
    );
    report('fold / limit', { accounts: 100_000, events: 20, ids, ...result });
  }
}
