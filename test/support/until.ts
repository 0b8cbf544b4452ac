import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds; ten minutes later it never will. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const start = performance.now(); !(await condition()); ) {
    if (performance.now() - start > 600_000) throw new Error('not within ten minutes');
    await pause(10);
  }
}
