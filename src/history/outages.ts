// Errors of a store or a key service: whatever they say, they are no fault of an account.
import { isUnreadable } from './consecutive.js';

/** A registered symbol: the copies of this package for `import` and `require` know each other's outages. */
const OUTAGES = Symbol.for('patron-fees/outages');

function noted(): WeakSet<object> {
  const shared = globalThis as { [OUTAGES]?: WeakSet<object> };
  shared[OUTAGES] ??= new WeakSet();
  return shared[OUTAGES];
}

/**
 * Returns the error of a call of a store, noted as an outage unless the events are at fault. What is no object becomes the
 * cause of an error.
 */
export function notedOutage(error: unknown): unknown {
  if (isUnreadable(error)) return error;
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  const outage = isObject ? error : new Error(String(error), { cause: error });
  noted().add(outage);
  return outage;
}

/** Runs a call of a store, and notes its error as {@link notedOutage} does. */
export async function notingOutages<Result>(call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw notedOutage(error);
  }
}

/** Returns whether an error was noted as an outage. */
export function isOutage(error: unknown): boolean {
  return noted().has(error as object);
}
