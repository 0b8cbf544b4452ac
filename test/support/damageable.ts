import { accountEvents } from '../../src/history/codec.js';
import type { EventStore, StreamId } from '../../src/history/index.js';
import { type AccountEvent, PatronFeesError } from '../../src/index.js';

/** A codec of account events that cannot read some texts, like events of a later release, until it is upgraded. */
export function damageable() {
  const unreadable = new Set<string>();
  const codec = {
    ...accountEvents,
    decode: (text: string): AccountEvent => {
      if (!unreadable.has(text)) return accountEvents.decode(text);
      throw new PatronFeesError('INVALID_EVENT', 'type: expected the name of an event');
    },
  };
  return {
    codec,
    /** Makes an event unreadable. */
    damage: async (store: EventStore, stream: StreamId, version: number) => {
      const { events } = await store.read(stream);
      const found = events.find((event) => event.version === version);
      unreadable.add(codec.encode(found?.event as AccountEvent));
    },
    /** Makes all events readable again. */
    upgrade: () => unreadable.clear(),
  };
}
