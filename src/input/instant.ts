import * as v from 'valibot';
import { DATE_EXPECTED, INSTANT_EXPECTED } from '../faultWords.js';

const instantPattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Returns whether a text is an instant: ISO 8601 with a zone, on a day that exists. */
export function isInstant(text: string): boolean {
  return isPlainInstant(text) || (instantPattern.test(text) && hasDay(text));
}

/**
 * Returns whether a text is an instant with whole seconds in UTC, on a day that every month has. Most are, and a replay
 * checks every event.
 */
function isPlainInstant(text: string): boolean {
  if (text.length !== 20) return false;
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  return (
    twoDigits(text, 0) < 100 &&
    twoDigits(text, 2) < 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    twoDigits(text, 11) < 24 &&
    twoDigits(text, 14) < 60 &&
    twoDigits(text, 17) < 60 &&
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === Z
  );
}

const DASH = 45;
const ZERO = 48;
const COLON = 58;
const T = 84;
const Z = 90;

/** Returns the number of two digits; NaN for other characters. */
function twoDigits(text: string, start: number): number {
  const tens = text.charCodeAt(start) - ZERO;
  const ones = text.charCodeAt(start + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}

/** The schema of an instant. Marked as pure, so that it is not in the bundle of `fold`, which only checks dates. */
export const instantField = /* @__PURE__ */ v.pipe(
  /* @__PURE__ */ v.string(INSTANT_EXPECTED),
  /* @__PURE__ */ v.check(isInstant, INSTANT_EXPECTED),
);

/** The milliseconds of a day without a change of clocks. */
export const DAY_MS = 86_400_000;

const datePattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Returns whether a text is a date `YYYY-MM-DD` that exists. */
export function isDate(text: string): boolean {
  return datePattern.test(text) && hasDay(text);
}

/** The schema of a local date. */
export const dateField = /* @__PURE__ */ v.pipe(
  /* @__PURE__ */ v.string(DATE_EXPECTED),
  /* @__PURE__ */ v.check(isDate, DATE_EXPECTED),
);

/** Returns whether the day of a leading `YYYY-MM-DD` exists in its month. */
function hasDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  // Every month has 28 days. A replay checks every event, and creating a Date costs more than the rest of the check.
  return day <= 28 || new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}

/** Returns an instant's milliseconds since 1970, or NaN for any other text. Independent of the machine's time zone. */
export function instantOf(text: string): number {
  return isInstant(text) ? Date.parse(text) : Number.NaN;
}
