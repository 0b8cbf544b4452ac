import type { ReasonUnknown } from '../../account/rejections/commandRejections.js';
import type { FeeTypeUnknown } from '../../account/rejections/feeRejections.js';
import { rejectionKinds } from '../../account/rejections/rejection.js';
import { type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import type { CheckedForm } from './bulkWaiveForm.js';

/** The role that is allowed to waive in bulk. */
export const BULK_WAIVE_ROLE = 'USER_MANAGER';

/** The staff member who runs the job does not have the required role. */
export type ActorLacksRole = {
  /** The type of the refusal. */
  readonly type: 'ActorLacksRole';
  /** The kind of the refusal. */
  readonly kind: 'forbidden';
  /** The staff member. */
  readonly userId: string;
  /** The missing role. */
  readonly role: string;
};

/** Why a whole bulk waive is refused, before anything is read. */
export type BulkWaiveRefusal = ActorLacksRole | ReasonUnknown | FeeTypeUnknown;

/** Returns why a form is refused as a whole. */
export function refusalOf(form: CheckedForm, policy: FeePolicy): BulkWaiveRefusal | undefined {
  const { actor, reason, feeTypes } = form;
  if (!actor.roles.includes(BULK_WAIVE_ROLE)) {
    return { type: 'ActorLacksRole', kind: 'forbidden', userId: actor.userId, role: BULK_WAIVE_ROLE };
  }
  if (!Object.hasOwn(policy.waiveReasons, reason)) {
    return { type: 'ReasonUnknown', kind: rejectionKinds.ReasonUnknown, list: 'waiveReasons', reason };
  }
  for (const feeType of feeTypes ?? []) {
    if (feeTypeRule(policy, feeType) === undefined) {
      return { type: 'FeeTypeUnknown', kind: rejectionKinds.FeeTypeUnknown, feeType };
    }
  }
  return undefined;
}
