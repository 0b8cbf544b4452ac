/** Minutes of each unit; a month has 31 days and a year 365, as in FOLIO. */
const minutesOf: Readonly<Record<string, number>> = {
  minute: 1,
  hour: 60,
  day: 1_440,
  week: 10_080,
  month: 44_640,
  year: 525_600,
};

/**
 * Returns whether something happens within a period, including its end. Without a window, any time is within.
 *
 * @param after - for example `"3 days 1 minute"`; at once if left out
 * @param window - for example `"6 months"`
 */
export function withinWindow(after: string | undefined, window: string | undefined): boolean {
  const most = window === undefined ? 0 : minutes(window);
  return most === 0 || (after === undefined ? 0 : minutes(after)) <= most;
}

function minutes(duration: string): number {
  if (!/^\s*(\d+\s*[a-z]+[\s,]*)+$/i.test(duration)) throw noDuration(duration);
  const parts = [...duration.matchAll(/(\d+)\s*([a-z]+?)s?(?=[\s,\d]|$)/gi)];
  const known = parts.map(
    ([, count, unit]) => Number(count) * (minutesOf[(unit as string).toLowerCase()] ?? Number.NaN),
  );
  const total = known.reduce((sum, part) => sum + part, 0);
  if (Number.isNaN(total)) throw noDuration(duration);
  return total;
}

function noDuration(duration: string): Error {
  return new Error(`${JSON.stringify(duration)} is no duration`);
}
