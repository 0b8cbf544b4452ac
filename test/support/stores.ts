import type { EventStore, StreamId } from '../../src/history/eventStore.js';
import { memoryEventStore } from '../../src/history/memoryEventStore.js';
import type { ErasingEventStore } from '../../src/history/redaction.js';

/** The account of most tests. */
export const stream: StreamId = { institution: 'north', patronId: 'p1' };

/** Returns a store whose clock advances by a second with every append. */
export function tickingStore(): ErasingEventStore {
  let time = Date.parse('2026-03-02T10:00:00Z');
  return memoryEventStore({
    now: () => {
      const now = new Date(time).toISOString().replace('.000', '');
      time += 1000;
      return now;
    },
  });
}

/** Returns a store with some functions replaced. */
export function storeWith<Store extends EventStore>(store: Store, replaced: Partial<Store>): Store {
  return { ...store, ...replaced };
}

/** Returns a store that lets other tasks run before each call returns. */
export function slowStore(store: EventStore): EventStore {
  const later = () => new Promise((resolve) => setImmediate(resolve));
  return storeWith(store, {
    read: async (...given) => {
      await later();
      const slice = await store.read(...given);
      await later();
      return slice;
    },
    append: async (...given) => {
      await later();
      return store.append(...given).finally(later);
    },
  });
}

/** Returns a store that records its calls. */
export function watched(store: EventStore): { readonly store: EventStore; readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    store: storeWith(store, {
      read: (id, options = {}) => {
        calls.push(`read after ${options.after ?? 0}`);
        return store.read(id, options);
      },
      append: (id, events, options) => {
        calls.push(`append ${events.length} at ${options.expectedVersion}`);
        return store.append(id, events, options);
      },
    }),
  };
}
