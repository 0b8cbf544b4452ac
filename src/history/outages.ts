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
 * Runs a call of a store, and notes its error as an outage unless the events are at fault. What is no object becomes the
 * cause of an error.
 */
export async function notingOutages<Result>(call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isUnreadable(error)) throw error;
    const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
    const outage = isObject ? error : new Error(String(error), { cause: error });
    noted().add(outage);
    throw outage;
  }
}

/** Returns whether an error was noted as an outage. */
export function isOutage(error: unknown): boolean {
  return noted().has(error as object);
}
