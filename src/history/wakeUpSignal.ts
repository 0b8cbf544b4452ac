// How a runner waits for new events.

/**
 * The pause before reading again, if a notification came without new events: they may be stored but not readable yet.
 */
const SOON_MS = 20;

/** Waits for the first of: a time, a notification, the signal. */
export function wakeUpSignal(signal: AbortSignal) {
  let notified = false;
  let wake = () => {};
  let soonMs = 0;
  return {
    notify: () => {
      notified = true;
      soonMs = SOON_MS;
      wake();
    },
    wait: async (pollMs: number) => {
      if (!notified) {
        const ms = soonMs > 0 ? Math.min(soonMs, pollMs) : pollMs;
        soonMs = soonMs > 0 && soonMs < pollMs ? soonMs * 2 : 0;
        await pause(ms, signal, (resolve) => {
          wake = resolve;
        });
      }
      notified = false;
    },
  };
}

/** Waits for a time, or until the signal is aborted or the passed function is called. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  onStart: (resolve: () => void) => void = () => undefined,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    onStart(end);
  });
}
