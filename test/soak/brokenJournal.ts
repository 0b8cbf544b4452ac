import type { AccountEvent } from '../../src/index.js';

/** A journal that posts nothing: what a soak must find. */
export function journal(events: readonly AccountEvent[]) {
  return events.map(() => ({ postings: [] }));
}
