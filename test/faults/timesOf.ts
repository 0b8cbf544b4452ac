/** The part of the full times that a usual run breaks something. */
const USUAL_PART = 1 / 4;

/** Returns how often a test breaks something: with `FAULTS=all` as often as given, else a quarter of it. */
export function timesOf(full: number): number {
  return process.env.FAULTS === 'all' ? full : Math.ceil(full * USUAL_PART);
}
