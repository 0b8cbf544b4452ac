import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isDate, isInstant } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type ReportForm, reportFormFields } from '../../job/jobHead.js';
import { endOfDay, localDay } from '../../job/localDay.js';

/** A range of ages, in days. */
export type AgeBand = {
  /** The label, e.g. `0-30`; `366+` for the last band. */
  readonly label: string;
  /** The lowest age in the band. */
  readonly fromDays: number;
  /** The highest age in the band; null for the last one. */
  readonly toDays: number | null;
};

/** The last day of each band but the last one, by default: 0-30, 31-60, 61-90, 91-180, 181-365, 366+. */
export const usualBandEnds: readonly number[] = [30, 60, 90, 180, 365];

/** Returns the bands that end on the given days, and the one for everything older. */
export function ageBands(endDays: readonly number[]): readonly AgeBand[] {
  const starts = [0, ...endDays.map((day) => day + 1)];
  return starts.map((fromDays, index) => {
    const toDays = endDays[index] ?? null;
    return { label: toDays === null ? `${fromDays}+` : `${fromDays}-${toDays}`, fromDays, toDays };
  });
}

/** Returns the index of an age's band. A fee assessed in the future counts as new. */
export function bandOf(ageDays: number, endDays: readonly number[]): number {
  const index = endDays.findIndex((day) => ageDays <= day);
  return index < 0 ? endDays.length : index;
}

/** The day, bands and filters of an aged debt report. */
export type AgedDebtForm = {
  /**
   * Ages are counted to this day: `YYYY-MM-DD`, or an instant (ISO 8601 with a zone) for its day in the time zone. A
   * job also uses the balances of that time: at the end of the day, or right before the instant.
   */
  readonly asOf: string;
  /** The time zone of the days, an IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /**
   * The last day of each band but the last one, ascending; `[30, 60, 90, 180, 365]` if left out, for the bands 0-30,
   * 31-60, 61-90, 91-180, 181-365 and 366+.
   */
  readonly bandEndDays?: readonly number[];
  /**
   * Only fees of these libraries.
   *
   * @defaultValue every library
   */
  readonly owners?: readonly string[];
  /**
   * Only fees of these types.
   *
   * @defaultValue every type
   */
  readonly feeTypes?: readonly string[];
};

/** The form of an aged debt job over a store. */
export type AgedDebtJobForm = AgedDebtForm &
  ReportForm & {
    /**
     * Only events recorded before this instant count, ISO 8601 with a zone; choose a later one to include what was
     * recorded late. The end of `asOf` if left out.
     */
    readonly recordedBefore?: string;
  };

const RISING = 'days that rise';

const AS_OF = 'a day, YYYY-MM-DD, or an ISO 8601 date and time with a zone';

const fields = {
  asOf: v.pipe(
    v.string(AS_OF),
    v.check((text) => isDate(text) || isInstant(text), AS_OF),
  ),
  timeZone: timeZoneField,
  bandEndDays: v.optional(
    v.pipe(
      v.array(wholeNumber(0)),
      v.check((days) => days.every((day, index) => index === 0 || day > (days[index - 1] as number)), RISING),
    ),
    () => [...usualBandEnds],
  ),
  owners: v.optional(v.array(nameField)),
  feeTypes: v.optional(v.array(nameField)),
};

const formSchema = onlyFields(fields);

/** The schemas of {@link AgedDebtJobForm}. */
export const agedDebtJobFields = { ...fields, ...reportFormFields };

const jobFormSchema = onlyFields(agedDebtJobFields);

/** A checked form, with defaults. */
export type CheckedAgedDebtForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedAgedDebtForm(form: AgedDebtForm): CheckedAgedDebtForm {
  return checkedArgument(formSchema, form, 'form');
}

/** A checked form of a job, with defaults. */
export type CheckedAgedDebtJobForm = v.InferOutput<typeof jobFormSchema>;

/**
 * Checks the form of a job.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedAgedDebtJobForm(form: AgedDebtJobForm): CheckedAgedDebtJobForm {
  return knownThen(checkedArgument(jobFormSchema, form, 'form'));
}

/** Adds the instant before which events count, if a form does not have it: the end of its day, or its instant. */
export function knownThen<Form extends CheckedAgedDebtJobForm>(form: Form): Form {
  const { asOf, timeZone } = form;
  return { recordedBefore: isDate(asOf) ? endOfDay(localDay(timeZone), asOf) : asOf, ...form };
}
