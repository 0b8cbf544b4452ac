import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds, and rejects after a minute; on a busy machine that is not long. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const start = performance.now(); !(await condition()); ) {
    if (performance.now() - start > 60_000) throw new Error('not within a minute');
    await pause(10);
  }
}
