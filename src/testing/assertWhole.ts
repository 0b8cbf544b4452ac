import { PatronFeesError } from '../errors.js';

/** Refuses a number of runs, steps or commands that is none: with `NaN` runs nothing is tried, and everything holds. */
export function assertWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const found = typeof value === 'number' ? value : typeof value;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `${name}: expected a whole number of at least ${least}, found ${found}`,
  );
}
