import { isInstant } from '../../input/instant.js';

/** The length of a time in a message: `YYYYMMDD`, four characters for the zone, `HHMMSS`. */
export const TIME_LENGTH = 18;

const ZONE_UTC = '   Z';
const ZONE_LOCAL = '    ';

/**
 * Returns a function that writes instants as messages have them.
 *
 * @param timeZone - the terminals' time zone, for local time; UTC, marked as such, if left out
 */
export function sip2TimeWriter(timeZone: string | undefined): (at: string) => string {
  if (timeZone === undefined) return (at) => inUtc(at, ZONE_UTC);
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn-hc-h23', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(Date.parse(at)).map(({ type, value }) => [type, value]));
    const [year = '', month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    const clock = `${parts.get('hour')}${parts.get('minute')}${parts.get('second')}`;
    return `${year.padStart(4, '0')}${month}${day}${ZONE_LOCAL}${clock}`;
  };
}

function inUtc(at: string, zone: string): string {
  const text = new Date(at).toISOString();
  const digits = text.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replaceAll(/[-T:]/g, '');
  return `${digits.slice(0, 8)}${zone}${digits.slice(8)}`;
}

/** How far a terminal's clock may differ: any time zone, and some minutes. */
const CLOCK_ERROR_MAX_MS = 27 * 60 * 60 * 1000;

/**
 * Returns whether the time of a request can distinguish two requests: a valid time near the current one. A terminal
 * without a clock sends blanks, zeros, the day of its manufacture or the day alone with every request.
 */
export function isPlausibleTime(time: string, now: string): boolean {
  if (time.length !== TIME_LENGTH) return false;
  const date = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}`;
  const clock = `${time.slice(12, 14)}:${time.slice(14, 16)}:${time.slice(16, 18)}`;
  const instant = `${date}T${clock}Z`;
  return (
    clock !== '00:00:00' &&
    isInstant(instant) &&
    Math.abs(Date.parse(instant) - Date.parse(now)) <= CLOCK_ERROR_MAX_MS
  );
}
