import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import type { Clause } from '../../../src/testing/conformance/clause.js';

/** Breaks a store in one way. */
export type Defect = (store: EventStore) => Partial<EventStore>;

/** Returns the titles of the clauses that a broken memory store violates; they run side by side, as some wait long. */
export async function failuresOf(clauses: readonly Clause[], defect: Defect): Promise<readonly string[]> {
  const held = await Promise.all(
    clauses.map(async ([, check]) => {
      const sound = memoryEventStore({ now: () => new Date().toISOString() });
      const broken = { ...sound, ...defect(sound) };
      try {
        await check(broken, broken);
        return true;
      } catch {
        return false;
      }
    }),
  );
  return clauses.filter((_, index) => !held[index]).map(([title]) => title);
}
