import type { AccountEvent } from '../account/events/accountEvent.js';
import { type EventStore, type RecordedEvent, streamName } from '../history/eventStore.js';

/**
 * Returns a store that reads what it was to append, and appends nothing: a plan over it decides as the run does. It keeps
 * the planned events in memory.
 */
export function planningStore(store: EventStore): EventStore {
  const planned = new Map<string, readonly AccountEvent[]>();
  return {
    ...(store.concurrency !== undefined && { concurrency: store.concurrency }),
    async read(stream, { after = 0, ...options } = {}) {
      const slice = await store.read(stream, { after, ...options });
      const events = planned.get(streamName(stream)) ?? [];
      if (events.length === 0 || slice.events.length === options.limit) return slice;
      // A stream to which something is planned has events: what is planned counts as recorded with the last one.
      const recordedAt = slice.events.at(-1)?.recordedAt ?? '';
      const own = events.map((event, index): RecordedEvent => {
        return { version: slice.version + index + 1, recordedAt, event };
      });
      return { version: slice.version + events.length, events: [...slice.events, ...own] };
    },
    async append(stream, events, { expectedVersion }) {
      const name = streamName(stream);
      planned.set(name, [...(planned.get(name) ?? []), ...events]);
      return { version: (expectedVersion === 'any' ? 0 : expectedVersion) + events.length };
    },
    readAll: (...given) => store.readAll(...given),
    accounts: (...given) => store.accounts(...given),
    close: () => store.close(),
  };
}
