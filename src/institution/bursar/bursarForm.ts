import * as v from 'valibot';
import type { Actor } from '../../account/circumstances.js';
import type { Eligibility, TransferFees } from '../../account/commands/transferCommands.js';
import { actorField, commandIdField, nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { amountSchema } from '../../money/amountSchema.js';
import { minorDigits } from '../../money/currency.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** The codes that the external system has for what it gets. */
export type BursarCodes = {
  /** Its code for each fee type. A fee of a type without one stays here, and is a finding. */
  readonly feeTypes: Readonly<Record<string, string>>;
  /** Its code for credits. Without one, credits stay here, and each is a finding. */
  readonly credit?: string;
};

/** What is handed to the external system, of whom, and as which job. */
export type BursarForm = {
  /**
   * Names the job, 1 to 190 characters; it becomes the batch of its transfers. A job that was stopped is run again
   * under its id, and hands over nothing twice. Another export needs another id.
   */
  readonly jobId: string;
  /** When it was ordered, ISO 8601 with a zone: the time of all its events, and what ages are counted to. */
  readonly at: string;
  /** Who does it; the channel `job` if left out. */
  readonly by?: Actor;
  /** The institution whose accounts are meant. */
  readonly institution: string;
  /**
   * The external system, by the policy's code.
   *
   * @defaultValue no destination
   */
  readonly destination?: string;
  /** Whether the external system reports payment; the policy's rule if left out. */
  readonly expectsSettlement?: boolean;
  /** Which fees; what is left out of it comes from the policy. No fee is taken if left out itself. */
  readonly fees?: Eligibility;
  /** Which credits; what is left out of it comes from the policy. No credit is taken if left out itself. */
  readonly credits?: Omit<Eligibility, 'feeTypes'>;
  /** Only patrons of these user groups, at least one; needs a directory. Every patron if left out. */
  readonly groups?: readonly string[];
  /** The external system's codes; fee types go out under their own codes, credits as `CREDIT`, if left out. */
  readonly codes?: BursarCodes;
};

/** The type under which credits go out where no codes are given, as in Alma. */
export const CREDIT_TYPE = 'CREDIT';

export const codesField = v.strictObject({
  feeTypes: v.record(v.string(), nameField),
  credit: v.optional(nameField),
});

/** The schemas of the fields of a form, for a policy. */
export function bursarFormFields(policy: FeePolicy) {
  const days = 'a number of days, 0 or more';
  const eligibility = {
    minimumAmount: v.optional(amountSchema(minorDigits(policy.currency) as number)),
    minimumAgeDays: v.optional(v.pipe(v.number(days), v.finite(days), v.minValue(0, days))),
    owners: v.optional(v.array(nameField)),
  };
  return {
    jobId: commandIdField,
    at: instantField,
    by: v.optional(actorField),
    institution: nameField,
    destination: v.optional(
      v.pipe(
        v.string(),
        v.check((code) => Object.hasOwn(policy.destinations, code), 'a destination of the policy'),
      ),
    ),
    expectsSettlement: v.optional(v.boolean()),
    fees: v.optional(v.strictObject({ ...eligibility, feeTypes: v.optional(v.array(nameField)) })),
    credits: v.optional(v.strictObject(eligibility)),
    groups: v.optional(v.pipe(v.array(nameField), v.nonEmpty('at least one, or the field left out'))),
    codes: v.optional(codesField),
  };
}

/** Refuses a form that asks for nothing. */
function asksForSomething({ fees, credits }: { readonly fees?: unknown; readonly credits?: unknown }) {
  return fees !== undefined || credits !== undefined;
}

/** What is said to a form that asks for nothing. */
const ASKS_FOR_NOTHING = 'fees, credits, or both';

/**
 * Holds a form to its shape.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedBursarForm(form: BursarForm, policy: FeePolicy): BursarForm {
  const schema = v.pipe(
    v.strictObject(bursarFormFields(policy)),
    v.check((given) => asksForSomething(given), ASKS_FOR_NOTHING),
  );
  return checkedArgument(schema, form, 'form') as BursarForm;
}

/**
 * The command that hands over what a form asks for: the same for every account, so that the id of the job finds what
 * an earlier run of it did.
 *
 * @param codes - the external system's codes: what has none is left out
 */
export function transferCommand(form: BursarForm, codes: BursarCodes | undefined): TransferFees {
  const { jobId, at, by = { channel: 'job' }, destination, expectsSettlement, fees, credits } = form;
  const coded =
    codes && Object.keys(codes.feeTypes).filter((type) => fees?.feeTypes?.includes(type) !== false);
  const chosen = coded ?? fees?.feeTypes;
  const feeTypes = chosen && [...chosen].sort();
  const takesCredits = credits !== undefined && (codes === undefined || codes.credit !== undefined);
  return {
    ...{ type: 'TransferFees', id: jobId, at, by },
    ...(destination !== undefined && { destination }),
    ...(expectsSettlement !== undefined && { expectsSettlement }),
    eligible: {
      ...(fees !== undefined && { fees: { ...fees, ...(feeTypes !== undefined && { feeTypes }) } }),
      ...(takesCredits && { credits }),
    },
  };
}
