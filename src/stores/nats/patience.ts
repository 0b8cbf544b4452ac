import { isPatronFeesError, PatronFeesError } from '../../errors.js';

/** Errors after which trying again is of no use: those of the client, and of programs. */
const FINAL = new Set([
  'AuthorizationError',
  'ClosedConnectionError',
  'DrainingConnectionError',
  'InvalidArgumentError',
  'InvalidNameError',
  'InvalidOperationError',
  'InvalidSubjectError',
  'PermissionViolationError',
  'RangeError',
  'TypeError',
  'UserAuthenticationExpiredError',
]);

const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 500;

/** One try: what came of it, or {@link AGAIN}. */
export type Attempt<Result> = () => Promise<Result | typeof AGAIN>;

/** What an attempt gives that came to nothing and may come to something later. */
export const AGAIN: unique symbol = Symbol('again');

/**
 * Tries until something comes of it. A cluster that is choosing a leader gives no answer for some seconds, and a replica
 * that has just become one may not know all at once; neither is an error yet.
 *
 * @param totalMs - how long to go on, in milliseconds
 * @param attempt - one try
 * @throws {@link PatronFeesError} `STORE_UNAVAILABLE` when nothing came of it in time; errors that time does not heal at once
 */
export async function patiently<Result>(totalMs: number, attempt: Attempt<Result>): Promise<Result> {
  const end = performance.now() + totalMs;
  let cause: unknown;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      const result = await attempt();
      if (result !== AGAIN) return result;
    } catch (error) {
      if (isFinal(error)) throw error;
      cause = error;
    }
    if (performance.now() + pauseMs > end) throw unavailable(totalMs, cause);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Whether an error stays the same however long one waits: what a program did wrong, and what the server refuses. */
export function isFinal(error: unknown): boolean {
  const { name, status } = Object(error) as { readonly name?: unknown; readonly status?: unknown };
  const isRefusal = typeof status === 'number' && status >= 400 && status < 500;
  return isPatronFeesError(error) || isRefusal || FINAL.has(String(name));
}

/** Waits for an answer for so long; what comes later is dropped. */
export async function within<Answer>(timeMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeMs} ms`)), timeMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error for what NATS did not do in time, with its own reason and the code of it, if it gave one. */
export function unavailable(waitedMs: number, cause: unknown): PatronFeesError {
  const reason = cause === undefined ? 'the leader is behind' : String(cause);
  const { code } = Object(cause) as { readonly code?: unknown };
  const told = typeof code === 'number' ? `${reason}, code ${code}` : reason;
  return new PatronFeesError(
    'STORE_UNAVAILABLE',
    `NATS did not do it within ${Math.round(waitedMs)} ms: ${told}`,
    {
      waitedMs: Math.round(waitedMs),
      reason,
      ...(typeof code === 'number' && { code }),
      cause,
    },
  );
}
