import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import type { Clause } from '../../../src/testing/conformance/clause.js';

/** Breaks a store in one way. */
export type Defect = (store: EventStore) => Partial<EventStore>;

/** Returns the titles of the clauses that a broken memory store violates. */
export async function failuresOf(clauses: readonly Clause[], defect: Defect): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [title, check] of clauses) {
    const sound = memoryEventStore({ now: () => new Date().toISOString() });
    const broken = { ...sound, ...defect(sound) };
    try {
      await check(broken, broken);
    } catch {
      failed.push(title);
    }
  }
  return failed;
}
