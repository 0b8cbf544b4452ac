import { afterAll, beforeAll, onTestFinished, vi } from 'vitest';

const { setTimeout } = globalThis;

/** Makes the timers of a test fire at once, so that fifty attempts take no time. Returns the pauses, in milliseconds. */
export function withoutPauses(): readonly number[] {
  const { pauses, restore } = quickTimers();
  onTestFinished(restore);
  return pauses;
}

/** Makes the timers of all tests of a file fire at once: for tests that run side by side. */
export function withoutPausesInFile(): void {
  let restore: () => void;
  beforeAll(() => {
    ({ restore } = quickTimers());
  });
  afterAll(() => restore());
}

function quickTimers() {
  const pauses: number[] = [];
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((done: () => void, ms: number) => {
    pauses.push(ms);
    // Not before this call returns, as with any timer.
    return setTimeout(done, 0);
  }) as never);
  return { pauses, restore: () => void timer.mockRestore() };
}
