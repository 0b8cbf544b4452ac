import { onTestFinished, vi } from 'vitest';

const { setTimeout } = globalThis;

/** Makes the timers of a test fire at once, so that fifty attempts take no time. Returns the pauses, in milliseconds. */
export function withoutPauses(): readonly number[] {
  const pauses: number[] = [];
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((done: () => void, ms: number) => {
    pauses.push(ms);
    // Not before this call returns, as with any timer.
    return setTimeout(done, 0);
  }) as never);
  onTestFinished(() => {
    timer.mockRestore();
  });
  return pauses;
}
