import * as v from 'valibot';
import { dateField } from '../input/instant.js';
import { onlyFields, plainObject } from '../input/plainObject.js';
import { timeZoneField } from '../input/timeZone.js';
import { DAY_MINUTES, type Opening, readOpening, weekdays } from './localDate.js';

const OPENING_EXPECTED = 'an opening such as "09:00-17:00", which ends at another time than it begins';

const openingField = v.pipe(
  v.string(OPENING_EXPECTED),
  v.check((text) => readOpening(text) !== undefined, OPENING_EXPECTED),
);

/**
 * Returns whether each opening ends before the next one begins. Ignores invalid openings, which are reported elsewhere.
 */
function isInOrder(texts: readonly string[]): boolean {
  const openings = texts.map(readOpening);
  return openings.every((opening, index) => !overlapsNext(opening, openings[index + 1], 0));
}

/** Returns whether an opening ends after the beginning of the next one, which is moved by a number of minutes. */
function overlapsNext(
  opening: Opening | undefined,
  next: Opening | undefined,
  minutesLater: number,
): boolean {
  return opening !== undefined && next !== undefined && opening.to > next.from + minutesLater;
}

const dayField = v.pipe(
  v.array(openingField),
  v.check((texts) => isInOrder(texts), 'openings in the order of the day that do not overlap'),
);

const weekField = v.pipe(
  plainObject,
  v.strictObject(
    Object.fromEntries(weekdays.map((weekday) => [weekday, v.exactOptional(dayField)])) as Record<
      (typeof weekdays)[number],
      v.ExactOptionalSchema<typeof dayField, undefined>
    >,
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [index, weekday] of weekdays.entries()) {
      const last = dataset.value[weekday]?.at(-1) ?? '';
      const next = dataset.value[weekdays[(index + 1) % 7] as (typeof weekdays)[number]]?.[0] ?? '';
      if (!overlapsNext(readOpening(last), readOpening(next), DAY_MINUTES)) continue;
      addIssue({
        message: "an end before the next day's first opening",
        received: JSON.stringify(last),
        path: pathTo(dataset.value, weekday),
      });
    }
  }),
);

const range = { from: dateField, to: v.exactOptional(dateField), name: v.exactOptional(v.string('a name')) };

/** Rejects a range that ends before it begins. */
function endsAfterItBegins<Range extends { readonly from: string; readonly to?: string }>() {
  return v.rawCheck<Range>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { from, to = from } = dataset.value;
    if (to >= from) return;
    addIssue({
      message: `a date on or after ${from}`,
      received: JSON.stringify(to),
      path: pathTo(dataset.value, 'to'),
    });
  });
}

const MONTH_DAY_EXPECTED = 'a month and a day that exist, MM-DD';

const yearlyClosure = v.strictObject({
  everyYear: v.pipe(
    v.string(MONTH_DAY_EXPECTED),
    // 2000 is a leap year, so it has every day.
    v.check((text) => v.is(dateField, `2000-${text}`), MONTH_DAY_EXPECTED),
  ),
  name: v.exactOptional(v.string('a name')),
});

const closure = v.lazy((input) =>
  Object.hasOwn(Object(input), 'everyYear')
    ? v.pipe(plainObject, yearlyClosure)
    : v.pipe(plainObject, v.strictObject(range), endsAfterItBegins()),
);

const hours = v.lazy((input) => (Array.isArray(input) ? oneDayAlone : weekField));

/** The hours of every date of a range. Hours past midnight must end before the same hours begin again. */
const oneDayAlone = v.pipe(
  dayField,
  v.check(
    (texts) => !overlapsNext(readOpening(texts.at(-1) ?? ''), readOpening(texts[0] ?? ''), DAY_MINUTES),
    "openings that end before the next day's first opening",
  ),
);

/** The schema of the input of {@link defineCalendar}, with defaults. */
export const calendarSchema = onlyFields({
  timeZone: timeZoneField,
  openingHours: v.optional(
    v.lazy((input) =>
      typeof input === 'string' ? v.literal('always', '"always" or weekly hours') : weekField,
    ),
    'always',
  ),
  closures: v.optional(v.array(closure), []),
  specialHours: v.optional(
    v.array(v.pipe(plainObject, v.strictObject({ ...range, hours }), endsAfterItBegins())),
    [],
  ),
});

/** Returns the path to a field, in the schema library's format. */
function pathTo(input: object, key: string): [v.IssuePathItem] {
  return [{ type: 'unknown', origin: 'value', input, key, value: null }];
}
