import { missingJobApproval } from '../../account/approval.js';
import { latestOf } from '../../account/circumstanceRules.js';
import type { InTheFuture, JobApprovalRequired } from '../../account/rejections/commandRejections.js';
import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import { instantOf } from '../../input/instant.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { type PolicyQuestion, policyInForce } from '../../office/policyHistory/recordPolicy.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedPurgeForm, type PurgeForm } from './retentionForm.js';

/** Policies are recorded, and none of them is in force yet. */
export type PolicyNotRecorded = Refusal<'PolicyNotRecorded', 'conflict'> & {
  /** The time at which none is in force. */
  readonly at: string;
};

/** The English sentence of this rejection. */
export const englishPurgeRejections: RejectionWords<PolicyNotRecorded> = {
  PolicyNotRecorded: 'No recorded policy is in force at {at}.',
};

/** Returns the policy that a purge must keep: that in force, once any is recorded; otherwise the given one. */
export async function policyOfPurge(
  office: OfficeStore | undefined,
  question: PolicyQuestion,
  given: FeePolicy,
): Promise<FeePolicy | PolicyNotRecorded> {
  if (office === undefined) return given;
  const found = await policyInForce(office, question);
  if (found !== null) return found.policy;
  const { version } = await office.read(streamOfKind(question.institution, 'policies'), { limit: 1 });
  return version === 0 ? given : { type: 'PolicyNotRecorded', kind: 'conflict', at: question.at };
}

/**
 * Returns the refusal of a purge that needs an approval; a plan needs none.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the form has fewer days than the policy's
 * `retention`
 */
export function purgeRefusal(
  form: ReturnType<typeof checkedPurgeForm>,
  mode: 'plan' | 'run',
  policy: FeePolicy,
): JobApprovalRequired | undefined {
  const { by, approvedBy } = checkedPurgeForm(form as PurgeForm, policy);
  return mode === 'plan' ? undefined : missingJobApproval('Purge', [by.userId], approvedBy, policy);
}

/** Returns the refusal of a purge that is ordered more than 15 minutes after now. */
export function laterThanNow(at: string, now: string): InTheFuture | undefined {
  const latest = latestOf(now);
  if (instantOf(at) <= instantOf(latest)) return undefined;
  return { type: 'InTheFuture', kind: 'invalid', at, latest };
}
