/** A usual run breaks something every so often of the full times. */
export const USUAL_STEP = 8;

/** Returns how often a test breaks something: with `FAULTS=all` as often as given, else an eighth of it. */
export function timesOf(full: number): number {
  return process.env.FAULTS === 'all' ? full : Math.ceil(full / USUAL_STEP);
}
