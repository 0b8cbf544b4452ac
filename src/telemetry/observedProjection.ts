import { type Projection, positionIn } from '../history/projection.js';
import { linksTo } from './correlation.js';
import { type Instruments, measured } from './instruments.js';

/** Returns a projection that reports its pages: their spans link to those of the commands that recorded the events. */
export function observedProjection<Followed extends Projection>(
  name: string,
  projection: Followed,
  instruments: Instruments,
): Followed {
  const { lag, parked } = instruments;
  const attributes = { 'patron_fees.projection': name };
  return {
    ...projection,
    // A method of a class is not among its own properties.
    reset: () => projection.reset(),
    apply: (events, cursor, previous, waiting) => {
      const details = { 'patron_fees.event.count': events.length };
      const operation = { name: 'apply', attributes, details, links: linksTo(events) } as const;
      const recordLag = () => {
        const last = events.at(-1);
        if (last !== undefined)
          lag.record(Math.max(0, Date.now() - Date.parse(last.recordedAt)) / 1_000, attributes);
      };
      return measured(instruments, operation, async () => {
        // Before it, too: while `apply` fails, the figure grows with each attempt.
        recordLag();
        await projection.apply(events, cursor, previous, waiting);
        recordLag();
        parked.record(positionIn(cursor).parked.size, attributes);
      });
    },
    caughtUp: async (cursor) => {
      await projection.caughtUp?.(cursor);
      lag.record(0, attributes);
      parked.record(positionIn(cursor).parked.size, attributes);
    },
  };
}
