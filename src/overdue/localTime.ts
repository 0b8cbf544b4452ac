import { DAY_MS, dateOf } from './localDate.js';
import type { Zone } from './zone.js';

/**
 * Formats an instant as local time with its offset, to the second. Uses UTC if the offset has seconds, which ISO 8601
 * does not support.
 */
export function localTime(zone: Zone, instant: number): string {
  const offset = zone.offsetAt(instant);
  if (offset % 60_000 !== 0) return `${written(instant)}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${written(instant + offset)}${offset < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
}

function written(local: number): string {
  const day = Math.floor(local / DAY_MS);
  return `${dateOf(day)}T${new Date(local).toISOString().slice(-13, -5)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
