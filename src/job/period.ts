import * as v from 'valibot';
import { compareInstants } from '../history/instants.js';
import { dateField, isDate, isInstant } from '../input/instant.js';
import { timeZoneField } from '../input/timeZone.js';

/** A period of days. */
export type DayPeriod = {
  /** The time zone of the days, an IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /** The first day, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last day, `YYYY-MM-DD`, inclusive. */
  readonly through: string;
};

/** The schemas of {@link DayPeriod}. */
export const dayPeriodFields = { timeZone: timeZoneField, from: dateField, through: dateField };

/** Returns the earlier one of two instants. */
export function earlierOf(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return compareInstants(first, second) < 0 ? first : second;
}

/** The ends of a period: its last day, or the instant after it. */
type Period = {
  readonly from?: string | undefined;
  readonly through?: string | undefined;
  readonly before?: string | undefined;
};

/** Refuses a period that ends before it begins. */
export function endsAfterBeginning<Form extends Period>() {
  return v.rawCheck<Form>(({ dataset, addIssue }) => {
    const { from = '', through = '', before = '' } = dataset.value as Form;
    if (isDate(from) && isDate(through) && from > through) {
      addIssue({ message: 'from to be no later than through' });
    }
    if (isInstant(from) && isInstant(before) && compareInstants(from, before) > 0) {
      addIssue({ message: 'from to be no later than before' });
    }
  });
}
