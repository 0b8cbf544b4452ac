import { expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import { modelCase } from '../../../src/testing/conformance/modelCase.js';

/** Runs the model against a store, sound or broken. */
function run(defect: (store: EventStore) => Partial<EventStore>): Promise<void> {
  const onNewStore: Parameters<typeof modelCase>[0] = async (check) => {
    const sound = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
    const broken = { ...sound, ...defect(sound) };
    await check(broken, broken);
  };
  return modelCase(onNewStore, 100).run();
}

it('agrees with a sound store', () => run(() => ({})));

it('detects a store that does not check versions above 5', async () => {
  const broken = ({ read, append }: EventStore): Partial<EventStore> => ({
    append: async (stream, events, { expectedVersion: expected }) => {
      const { version } = await read(stream);
      return append(stream, events, { expectedVersion: version > 5 ? 'any' : expected });
    },
  });
  await expect(run(broken)).rejects.toThrow(/append\(/);
});

it('detects a store that sometimes reads one event too many', async () => {
  const broken = ({ read }: EventStore): Partial<EventStore> => ({
    read: (stream, { after = 0, limit } = {}) =>
      read(stream, { after, ...(limit !== undefined && { limit: limit === 2 ? 3 : limit }) }),
  });
  await expect(run(broken)).rejects.toThrow(/read\(/);
});
