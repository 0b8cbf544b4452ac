import * as v from 'valibot';
import { commandIdField, nameField, textField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { type JobActor, jobActorField } from '../../job/jobHead.js';
import { amountSchema } from '../../money/amountSchema.js';
import { digitsOf } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/**
 * The form of Alma's "Bulk Fine Waiving", filled in.
 *
 * @source Alma guide, "Bulk Fine Waiving"
 */
export type BulkWaiveForm = {
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
  return v.strictObject({
    jobId: commandIdField,
    at: instantField,
    by: jobActorField,
    institution: nameField,
    threshold: v.optional(amountSchema(digits)),
    excludeOverdueLoans: v.optional(v.boolean(), false),
    groups: v.optional(atLeastOne),
    feeTypes: v.optional(atLeastOne),
    reason: nameField,
    comment: v.optional(textField),
    staffNote: v.optional(textField),
  });
}

/** A checked form. */
export type CheckedForm = Omit<v.InferOutput<ReturnType<typeof formSchema>>, 'groups' | 'feeTypes'> & {
  /** The threshold in minor units; infinite without a threshold. */
  readonly thresholdMinor: number;
  readonly groups: ReadonlySet<string> | undefined;
  readonly feeTypes: ReadonlySet<string> | undefined;
};

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
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
  };
}
