import * as v from 'valibot';
import type { CommandActor } from '../account/circumstances.js';
import type { Eligibility, TransferFees } from '../account/commands/transferCommands.js';
import { commandActorField, commandIdField, nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { amountOrZeroSchema, amountSchema } from '../money/amountSchema.js';
import { digitsOf } from '../money/currency.js';
import type { FeePolicy } from '../policy/feePolicy.js';

/** The external system's codes for fee types and credits. */
export type BursarCodes = {
  /** The code for each fee type. Fees of other types stay here, each with a finding. */
  readonly feeTypes: Readonly<Record<string, string>>;
  /** The code for credits; if left out, credits stay here, each with a finding. */
  readonly credit?: string;
};

/** Which accounts are transferred as a whole, e.g. to a collection agency. */
export type WholeAccounts = {
  /**
   * An account is transferred if its old fees together exceed this amount, a decimal string. Only fees that could be
   * transferred count: not disputed fees, fees of a payment plan, or fines that still grow.
   */
  readonly owedAbove: string;
  /** The age in days from which fees count towards that amount. Younger fees do not count, but are transferred too. */
  readonly minimumAgeDays: number;
  /**
   * Whether new fees of an account are transferred too, regardless of their amount and age, while part of it is pending
   * at the destination.
   *
   * @defaultValue `false`
   */
  readonly followsPlaced?: boolean;
};

/** The job, and the fees, credits and patrons to export to an external system. */
export type BursarForm = {
  /**
   * The id of the job, 1 to 190 characters; also the batch of its transfers. A stopped job can run again with the same
   * id and transfers nothing twice. Another export needs another id.
   */
  readonly jobId: string;
  /**
   * When the job was ordered, ISO 8601 with a zone: the time of all its events, and the time that ages are counted to.
   */
  readonly at: string;
  /** The actor of all events; an actor with the channel `job` if left out. */
  readonly by?: CommandActor;
  /** Why it was ordered, for the report; none if left out. */
  readonly reason?: string;
  /** The institution of the accounts. */
  readonly institution: string;
  /**
   * The policy's code of the external system.
   *
   * @defaultValue no destination
   */
  readonly destination?: string;
  /** Whether the external system reports payment; the policy's rule if left out. */
  readonly expectsSettlement?: boolean;
  /** Which fees to transfer, with the policy's values for missing fields; no fees if left out. */
  readonly fees?: Eligibility;
  /**
   * Transfers all fees of an account together, if they exceed an amount in total, instead of each by its own minimum.
   * The accounts of one patron that were merged count together. Requires `fees`, without `minimumAmount` and
   * `minimumAgeDays`, and no `credits`.
   *
   * @defaultValue each fee by its own minimum
   */
  readonly wholeAccounts?: WholeAccounts;
  /** Which credits to transfer, with the policy's values for missing fields; no credits if left out. */
  readonly credits?: Omit<Eligibility, 'feeTypes'>;
  /** Only patrons of these user groups, at least one; requires a directory. Every patron if left out. */
  readonly groups?: readonly string[];
  /** The external system's codes; the fee types' own codes, and `CREDIT` for credits, if left out. */
  readonly codes?: BursarCodes;
};

/** The type of credits if no codes are given, as in Alma. */
export const CREDIT_TYPE = 'CREDIT';

export const codesField = v.strictObject({
  feeTypes: v.record(v.string(), nameField),
  credit: v.optional(nameField),
});

/** Returns the schemas of a form's fields, for a policy. */
export function bursarFormFields(policy: FeePolicy) {
  const days = 'a number of days, 0 or more';
  const eligibility = {
    minimumAmount: v.optional(amountSchema(digitsOf(policy.currency))),
    minimumAgeDays: v.optional(v.pipe(v.number(days), v.finite(days), v.minValue(0, days))),
    owners: v.optional(v.array(nameField)),
  };
  return {
    jobId: commandIdField,
    at: instantField,
    by: v.optional(commandActorField),
    reason: v.optional(nameField),
    institution: nameField,
    destination: v.optional(
      v.pipe(
        v.string(),
        v.check((code) => Object.hasOwn(policy.destinations, code), 'a destination of the policy'),
      ),
    ),
    expectsSettlement: v.optional(v.boolean()),
    fees: v.optional(v.strictObject({ ...eligibility, feeTypes: v.optional(v.array(nameField)) })),
    wholeAccounts: v.optional(
      v.strictObject({
        owedAbove: amountOrZeroSchema(digitsOf(policy.currency)),
        minimumAgeDays: v.pipe(v.number(days), v.finite(days), v.minValue(0, days)),
        followsPlaced: v.optional(v.boolean()),
      }),
    ),
    credits: v.optional(v.strictObject(eligibility)),
    groups: v.optional(v.pipe(v.array(nameField), v.nonEmpty('at least one, or the field left out'))),
    codes: v.optional(codesField),
  };
}

/** Refuses a form without fees and credits. */
function selectsAnything({ fees, credits }: { readonly fees?: unknown; readonly credits?: unknown }) {
  return fees !== undefined || credits !== undefined;
}

/** The expected value for a form without fees and credits. */
const ASKS_FOR_NOTHING = 'fees, credits, or both';

/**
 * Checks a form.
 *
 * @param hasDirectory - whether the job has a directory, which user groups require
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedBursarForm(form: BursarForm, policy: FeePolicy, hasDirectory = true): BursarForm {
  const schema = v.pipe(
    v.strictObject(bursarFormFields(policy)),
    v.check((given) => selectsAnything(given), ASKS_FOR_NOTHING),
    v.check(
      ({ fees, credits, wholeAccounts }) =>
        wholeAccounts === undefined ||
        (credits === undefined && fees?.minimumAmount === undefined && fees?.minimumAgeDays === undefined),
      'with wholeAccounts, fees without a minimum amount and age, and no credits',
    ),
    v.check(
      ({ groups }) => groups === undefined || hasDirectory,
      'with groups, a directory in options.patrons',
    ),
  );
  return checkedArgument(schema, form, 'form') as BursarForm;
}

/**
 * Returns the command of a form. It is the same for every account, so that the job's id finds what an earlier run did.
 *
 * @param codes - the external system's codes; types without a code are left out
 */
export function transferCommand(form: BursarForm, codes: BursarCodes | undefined): TransferFees {
  const { jobId, at, by = { channel: 'job' }, destination, expectsSettlement, fees, credits } = form;
  const coded =
    codes && Object.keys(codes.feeTypes).filter((type) => fees?.feeTypes?.includes(type) !== false);
  const chosen = coded ?? fees?.feeTypes;
  const feeTypes = chosen && [...chosen].sort();
  const takesCredits = credits !== undefined && (codes === undefined || codes.credit !== undefined);
  return {
    type: 'TransferFees',
    id: jobId,
    at,
    by,
    ...(destination !== undefined && { destination }),
    ...(expectsSettlement !== undefined && { expectsSettlement }),
    eligible: {
      ...(fees !== undefined && { fees: { ...fees, ...(feeTypes !== undefined && { feeTypes }) } }),
      ...(takesCredits && { credits }),
    },
  };
}

/** Returns the libraries whose fees or credits a form selects; undefined if it selects those of every library. */
export function ownersOf({ fees, credits }: BursarForm): readonly string[] | undefined {
  const chosen = [fees, credits].filter((one) => one !== undefined);
  if (chosen.some(({ owners }) => owners === undefined)) return undefined;
  return [...new Set(chosen.flatMap(({ owners = [] }) => owners))];
}
