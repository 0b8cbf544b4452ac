import * as v from 'valibot';
import { missingJobApproval } from '../account/approval.js';
import { nameField } from '../account/fieldSchemas.js';
import type { JobApprovalRequired } from '../account/rejections/commandRejections.js';
import type { Refusal } from '../account/rejections/refusal.js';
import { type PostingOptions, postingFields } from '../books/journal/postingsOf.js';
import { compareInstants } from '../history/instants.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { timeZoneField } from '../input/timeZone.js';
import { type JobApprover, type JobOrder, jobApproverField, orderFields } from '../job/jobHead.js';
import { endOfDay, localDay } from '../job/localDay.js';
import type { PeriodSealed } from '../office/seals/sealEvents.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { sealPath, totalOf } from './sealFile.js';
import { type KnownSealFinding, knownField } from './sealFinding.js';

/** The month to seal, and how its journal is summed. */
export type SealForm = Omit<JobOrder, 'at'> &
  PostingOptions & {
    /** The institution. */
    readonly institution: string;
    /** The month, `YYYY-MM`: everything that was recorded before its end is sealed. */
    readonly month: string;
    /** The library's time zone, an IANA name: the same as of purges. */
    readonly timeZone: string;
    /** The present time, ISO 8601 with a zone: at least 15 minutes after the end of the month. */
    readonly at: string;
    /**
     * The differences from earlier seals that somebody explained, copied from the findings; the file lists those that
     * were found, and the balances that differ. Any other difference that no earlier file lists refuses the seal.
     *
     * @defaultValue none
     */
    readonly known?: readonly KnownSealFinding[];
    /**
     * Another member of staff who approves what is known, if the policy's `approvals` name `SealKnown`: neither the user
     * of `by` nor one who explains.
     *
     * @defaultValue nobody
     */
    readonly approvedBy?: JobApprover;
  };

const schema = onlyFields({
  ...orderFields,
  ...postingFields,
  institution: nameField,
  month: v.pipe(v.string('a month'), v.regex(/^[1-9]\d{3}-(?:0[1-9]|1[0-2])$/, 'a month, YYYY-MM')),
  timeZone: timeZoneField,
  at: instantField,
  known: v.optional(v.array(knownField), []),
  approvedBy: v.optional(jobApproverField),
});

/** Checks a form. */
export function checkedSealForm(form: SealForm) {
  return checkedArgument(schema, form, 'form');
}

/** A checked form, with defaults. */
export type CheckedSealForm = ReturnType<typeof checkedSealForm>;

/** Returns the first instant after a month. */
export function endOfMonth({ month, timeZone }: Pick<SealForm, 'month' | 'timeZone'>): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  const lastDay = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 'YYYY-MM-DD'.length);
  return endOfDay(localDay(timeZone), lastDay);
}

/** No append takes longer, and no clock is slower. */
const MARGIN_MS = 15 * 60_000;

/** The month is not over, or was over less than 15 minutes ago. */
export type SealTooEarly = Refusal<'SealTooEarly', 'conflict'> & {
  /** The end of the month. */
  readonly cutoff: string;
  /** The earliest time at which it can be sealed. */
  readonly sealableFrom: string;
};

/** A later month was sealed already. */
export type SealNotAfterLast = Refusal<'SealNotAfterLast', 'conflict'> & {
  /** The end of the month. */
  readonly cutoff: string;
  /** The cutoff of the newest seal. */
  readonly lastCutoff: string;
};

/** A month between the last seal and this one is not sealed. It could not be sealed later. */
export type SealMonthLeftOut = Refusal<'SealMonthLeftOut', 'conflict'> & {
  /** The month to seal first, `YYYY-MM`. */
  readonly month: string;
};

/** The seals have another time zone, basis, or posting of lost items. */
export type SealTermsDiffer = Refusal<'SealTermsDiffer', 'conflict'> & {
  /** The time zone of the seals. */
  readonly timeZone: string;
  /** The basis of the seals. */
  readonly basis: 'accrual' | 'cash';
  /** How the seals post lost items. */
  readonly lostItems: 'gross' | 'net';
};

/**
 * The folder has the file of a seal that the office does not know, because the office was restored from an older
 * backup. `known` cannot explain it: move the file aside, seal the month again, and compare both files.
 */
export type SealFileExists = Refusal<'SealFileExists', 'conflict'> & {
  /** The number of the seal. */
  readonly number: number;
  /** The total of its file: its SHA-256. */
  readonly total: string;
};

/**
 * Returns the refusal of a folder with the file of a seal that the office does not know; null for any other.
 *
 * @param listed - the numbers of the files that were in the folder before the office was read
 * @param last - the number of the newest seal that the office has; 0 without one
 */
export async function strayFileRefusal(
  folder: string,
  listed: readonly number[],
  last: number,
): Promise<SealFileExists | null> {
  const number = listed.find((one) => one > last);
  if (number === undefined) return null;
  const total = await totalOf(sealPath(folder, number));
  return total === null ? null : { type: 'SealFileExists', kind: 'conflict', number, total };
}

/** Returns the refusal of known differences that nobody else approves, if the policy requires it. */
export function knownRefusal(
  { by, known, approvedBy }: CheckedSealForm,
  policy: FeePolicy,
): JobApprovalRequired | undefined {
  const users = [by?.userId, ...known.map((one) => one.by)];
  return known.length === 0 ? undefined : missingJobApproval('SealKnown', users, approvedBy, policy);
}

/** Returns why a month cannot be sealed after the last seal; null if it can. */
export function sealRefusal(
  form: Pick<CheckedSealForm, 'month' | 'at' | 'timeZone' | 'basis' | 'lostItems'>,
  cutoff: string,
  last: PeriodSealed['data'] | undefined,
): SealTooEarly | SealNotAfterLast | SealMonthLeftOut | SealTermsDiffer | null {
  const kind = 'conflict';
  if (last !== undefined && compareInstants(cutoff, last.cutoff) <= 0)
    return { type: 'SealNotAfterLast', kind, cutoff, lastCutoff: last.cutoff };
  const sealableFrom = new Date(Date.parse(cutoff) + MARGIN_MS).toISOString();
  if (compareInstants(form.at, sealableFrom) < 0) return { type: 'SealTooEarly', kind, cutoff, sealableFrom };
  if (last === undefined) return null;
  const month = localDay(last.timeZone)(last.cutoff).slice(0, 'YYYY-MM'.length);
  return termsRefusal(form, last) ?? (month < form.month ? { type: 'SealMonthLeftOut', kind, month } : null);
}

/** Returns the refusal of a form with other terms than the seals; null if they are the same. */
export function termsRefusal(
  form: Pick<CheckedSealForm, 'timeZone' | 'basis' | 'lostItems'>,
  { timeZone, basis, lostItems }: PeriodSealed['data'],
): SealTermsDiffer | null {
  const isSame = form.timeZone === timeZone && form.basis === basis && form.lostItems === lostItems;
  return isSame ? null : { type: 'SealTermsDiffer', kind: 'conflict', timeZone, basis, lostItems };
}
