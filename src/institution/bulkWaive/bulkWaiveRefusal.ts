import type { ReasonUnknown } from '../../account/rejections/commandRejections.js';
import type { FeeTypeUnknown } from '../../account/rejections/feeRejections.js';
import { type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import type { CheckedForm } from './bulkWaiveForm.js';

/** The role that may waive in bulk. */
export const BULK_WAIVE_ROLE = 'USER_MANAGER';

/** Who runs the job may not. */
export type ActorLacksRole = {
  /** The refusal's name. */
  readonly type: 'ActorLacksRole';
  /** The staff member. */
  readonly userId: string;
  /** The role that is missing. */
  readonly role: string;
};

/** Why a whole bulk waive is refused, before anything is read. */
export type BulkWaiveRefusal = ActorLacksRole | ReasonUnknown | FeeTypeUnknown;

/** Why a form is refused as a whole. */
export function refusalOf(form: CheckedForm, policy: FeePolicy): BulkWaiveRefusal | undefined {
  const { actor, reason, feeTypes } = form;
  if (!actor.roles.includes(BULK_WAIVE_ROLE)) {
    return { type: 'ActorLacksRole', userId: actor.userId, role: BULK_WAIVE_ROLE };
  }
  if (!Object.hasOwn(policy.waiveReasons, reason)) {
    return { type: 'ReasonUnknown', list: 'waiveReasons', reason };
  }
  for (const feeType of feeTypes ?? []) {
    if (feeTypeRule(policy, feeType) === undefined) return { type: 'FeeTypeUnknown', feeType };
  }
  return undefined;
}
