import { fold } from 'patron-fees';
import { produceEachWithBig, produceOnce, spreadEach } from './firstWrites.js';
import { compare, repeated, report } from './measure.js';
import { stream } from './streams.js';

/** Compares the speed of `fold` with naive implementations. */
export function foldAgainstFirstWrites(): void {
  const ways = {
    'produce per event, Big': produceEachWithBig,
    'spread per event': spreadEach,
    'one produce per stream': produceOnce,
  };
  for (const [way, reduce] of Object.entries(ways)) {
    for (const length of [10, 100, 1_000]) {
      const events = stream(length, 'readable');
      const times = Math.max(1, Math.round(2_000 / length));
      const result = compare(
        repeated(times, () => fold(events)),
        repeated(times, () => reduce(events)),
        length < 1_000 ? 41 : 9,
      );
      report('fold / first write', { way, events: length, ...result });
    }
  }
}
