import { isPatronFeesError, PatronFeesError } from '../../errors.js';

/** Errors that are not retried: those of the client, and of programs. */
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

/** One attempt: returns a result, or {@link RETRY}. */
export type Attempt<Result> = () => Promise<Result | typeof RETRY>;

/** The result of an attempt that may succeed later. */
export const RETRY: unique symbol = Symbol('again');

/**
 * Repeats an attempt until it returns a result. A cluster does not answer for some seconds while it elects a leader,
 * and a new leader may be behind for a moment; neither is an error yet.
 *
 * @param totalMs - the timeout, in milliseconds
 * @param attempt - one attempt
 * @throws {@link PatronFeesError} `STORE_UNAVAILABLE` if no attempt succeeds in time; errors that waiting does not
 * resolve, at once
 */
export async function retryUntil<Result>(totalMs: number, attempt: Attempt<Result>): Promise<Result> {
  const end = performance.now() + totalMs;
  let cause: unknown;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      const result = await attempt();
      if (result !== RETRY) return result;
    } catch (error) {
      if (isFinal(error)) throw error;
      cause = error;
    }
    if (performance.now() + pauseMs > end) throw unavailable(totalMs, cause);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Returns whether waiting does not resolve an error: misuse, and requests that the server refuses. */
export function isFinal(error: unknown): boolean {
  const { name, status, cause } = Object(error) as Readonly<Record<string, unknown>>;
  const isRefusal = typeof status === 'number' && status >= 400 && status < 500;
  if (isPatronFeesError(error) || isRefusal || FINAL.has(String(name))) return true;
  // The client wraps the errors of its requests.
  return name === 'RequestError' && isFinal(cause);
}

/** Waits for an answer; rejects after the timeout, and ignores a later answer. */
export async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the error for a request that NATS did not complete in time, with its reason and code, if it gave them. */
export function unavailable(waitedMs: number, cause: unknown): PatronFeesError {
  const reason = cause === undefined ? 'the leader is behind' : String(cause);
  const { code } = Object(cause) as { readonly code?: unknown };
  const detail = typeof code === 'number' ? `${reason}, code ${code}` : reason;
  return new PatronFeesError(
    'STORE_UNAVAILABLE',
    `NATS did not complete the request within ${Math.round(waitedMs)} ms: ${detail}`,
    {
      waitedMs: Math.round(waitedMs),
      reason,
      ...(typeof code === 'number' && { code }),
      cause,
    },
  );
}
