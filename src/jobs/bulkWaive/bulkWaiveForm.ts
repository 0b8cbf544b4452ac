import * as v from 'valibot';
import { commandIdField, nameField, textField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS, dateField, instantField } from '../../input/instant.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type JobActor, jobActorField } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import { amountSchema } from '../../money/amountSchema.js';
import { digitsOf } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import { type FileForm, fileFormFields } from '../../office/files/importedFile.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/**
 * The form of Alma's "Bulk Fine Waiving", filled in.
 *
 * @source Alma guide, "Bulk Fine Waiving"
 */
export type BulkWaiveForm = FileForm & {
  /**
   * The id of the job, 1 to 190 characters. Waivers carry it as the id of their command, so the same job can run again
   * after a crash and waives nothing twice. Another job needs another id.
   */
  readonly jobId: string;
  /** When the job was ordered, ISO 8601 with a zone: the time of all its events. */
  readonly at: string;
  /** The staff member who orders it. */
  readonly by: JobActor;
  /** The institution of the accounts. */
  readonly institution: string;
  /**
   * The largest debt of a patron whose fees are waived, a decimal string. Patrons who owe more are left out. Fees of
   * all types count, disputed ones included; credits are not deducted. No limit if left out.
   */
  readonly threshold?: string;
  /** Whether patrons with overdue loans are left out; false if left out. */
  readonly excludeOverdueLoans?: boolean;
  /** The user groups whose fees are waived, at least one; every group if left out. */
  readonly groups?: readonly string[];
  /** The fee types to waive, at least one; every type that the policy allows to waive if left out. */
  readonly feeTypes?: readonly string[];
  /** The first day on which a fee to waive was assessed, `YYYY-MM-DD`; no limit if left out. Needs `timeZone`. */
  readonly createdFrom?: string;
  /** The last day on which a fee to waive was assessed, inclusive; no limit if left out. Needs `timeZone`. */
  readonly createdThrough?: string;
  /**
   * The time zone of these days, an IANA name, e.g. `America/New_York`; required with a day, refused without one.
   *
   * @defaultValue none
   */
  readonly timeZone?: string;
  /**
   * The number of days that a fee to waive must be old at `at`, 1 or more, e.g. to write off by age; any age if left
   * out.
   */
  readonly minimumAgeDays?: number;
  /** The name of a set of patrons, who are given as `set` in the options; every patron of the directory if left out. */
  readonly setName?: string;
  /**
   * The name of a file with the fees to waive, whose rows are given as `fees` in the options; every fee if left out. The
   * file is recorded in the office: another job with the same fees waives nothing, unless it says `again`.
   */
  readonly fileName?: string;
  /** One of the policy's waiving reasons. */
  readonly reason: string;
  /**
   * A comment on every waiver, which patrons may see.
   *
   * @defaultValue no comment
   */
  readonly comment?: string;
  /**
   * A note on every waiver that is never shown to patrons.
   *
   * @defaultValue no note
   */
  readonly staffNote?: string;
};

const atLeastOne = v.pipe(v.array(nameField), v.nonEmpty('at least one, or the field left out'));

function formSchema(digits: number) {
  const fields = v.strictObject({
    jobId: commandIdField,
    at: instantField,
    by: jobActorField,
    institution: nameField,
    threshold: v.optional(amountSchema(digits)),
    excludeOverdueLoans: v.optional(v.boolean(), false),
    groups: v.optional(atLeastOne),
    feeTypes: v.optional(atLeastOne),
    createdFrom: v.optional(dateField),
    createdThrough: v.optional(dateField),
    timeZone: v.optional(timeZoneField),
    minimumAgeDays: v.optional(wholeNumber(1)),
    setName: v.optional(nameField),
    fileName: v.optional(nameField),
    ...fileFormFields,
    reason: nameField,
    comment: v.optional(textField),
    staffNote: v.optional(textField),
  });
  return v.pipe(
    fields,
    v.check(
      ({ createdFrom, createdThrough, timeZone }) =>
        (createdFrom ?? createdThrough) === undefined ? timeZone === undefined : timeZone !== undefined,
      'timeZone together with createdFrom or createdThrough, and not without them',
    ),
    v.check(
      ({ createdFrom = '', createdThrough = createdFrom }) => createdFrom <= createdThrough,
      'createdFrom to be no later than createdThrough',
    ),
  );
}

/** A checked form. */
export type CheckedForm = Omit<v.InferOutput<ReturnType<typeof formSchema>>, 'groups' | 'feeTypes'> & {
  /** The threshold in minor units; infinite without a threshold. */
  readonly thresholdMinor: number;
  readonly groups: ReadonlySet<string> | undefined;
  readonly feeTypes: ReadonlySet<string> | undefined;
  /** Whether a fee was assessed on one of the days, and is old enough. */
  readonly isCreatedThen: (assessedAt: string) => boolean;
};

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedForm(form: BulkWaiveForm, policy: FeePolicy): CheckedForm {
  const digits = digitsOf(policy.currency);
  const { groups, feeTypes, ...checked } = checkedArgument(formSchema(digits), form, 'form');
  const { threshold } = checked;
  return {
    ...checked,
    thresholdMinor: threshold === undefined ? Number.POSITIVE_INFINITY : parseAmount(threshold, digits),
    groups: groups && new Set(groups),
    feeTypes: feeTypes && new Set(feeTypes),
    isCreatedThen: createdThen(checked),
  };
}

type Creation = Pick<BulkWaiveForm, 'at'> & {
  readonly [Field in 'createdFrom' | 'createdThrough' | 'timeZone']?: string | undefined;
} & { readonly minimumAgeDays?: number | undefined };

function createdThen({ at, createdFrom, createdThrough, timeZone, minimumAgeDays }: Creation) {
  const youngest =
    minimumAgeDays === undefined ? Number.POSITIVE_INFINITY : Date.parse(at) - minimumAgeDays * DAY_MS;
  const dayOf = timeZone === undefined ? undefined : localDay(timeZone);
  return (assessedAt: string): boolean => {
    if (Date.parse(assessedAt) > youngest) return false;
    const day = dayOf?.(assessedAt);
    if (day === undefined) return true;
    return (createdFrom ?? day) <= day && day <= (createdThrough ?? day);
  };
}
