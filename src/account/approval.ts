import { digitsOf } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { ApprovableCommand, ApprovableJob } from '../policy/permissions.js';
import type { Approver } from './circumstances.js';
import type { ApprovalRequired, JobApprovalRequired } from './rejections/commandRejections.js';
import { areTwoUsers } from './userKey.js';

/** A command whose amount may need an approval. */
export type ToBeApproved = {
  readonly commandType: ApprovableCommand;
  /** Its amount as limits compare it, in minor units. */
  readonly amount: number;
  /** The user who gives it; undefined if unknown. */
  readonly userId: string | undefined;
  readonly approver: Approver | undefined;
};

/**
 * Returns the refusal of a command that the policy lets nobody give alone, unless another user with one of the roles
 * approved at least its amount.
 */
export function missingApproval(
  { commandType, amount, userId, approver }: ToBeApproved,
  { approvals, currency }: FeePolicy,
): ApprovalRequired | undefined {
  const rule = approvals?.[commandType];
  const digits = digitsOf(currency);
  if (rule === undefined || amount <= parseAmount(rule.above, digits)) return undefined;
  const { above, roles } = rule;
  const approvedUpTo = (isApprover(approver, roles, [userId]) && approver?.upTo) || null;
  if (approvedUpTo !== null && amount <= parseAmount(approvedUpTo, digits)) return undefined;
  const amounts = { above, amount: formatAmount(amount, digits), approvedUpTo };
  return { type: 'ApprovalRequired', kind: 'forbidden', commandType, ...amounts, roles };
}

/**
 * Returns the refusal of what always needs an approval, if the policy names it, unless another user with one of
 * the roles approved it.
 *
 * @param users - the users whose own approval does not count
 */
export function missingJobApproval(
  commandType: ApprovableJob,
  users: readonly (string | undefined)[],
  approver: Approver | undefined,
  { approvals }: FeePolicy,
): JobApprovalRequired | undefined {
  const rule = approvals?.[commandType];
  if (rule === undefined || isApprover(approver, rule.roles, users)) return undefined;
  return { type: 'ApprovalRequired', kind: 'forbidden', commandType, roles: rule.roles };
}

/** Returns whether somebody with one of the roles approves, who is another user than each of those given. */
function isApprover(
  approver: Approver | undefined,
  roles: readonly string[],
  users: readonly (string | undefined)[],
): boolean {
  const hasRole = approver?.roles?.some((role) => roles.includes(role)) === true;
  return hasRole && users.every((userId) => areTwoUsers(userId, approver?.userId));
}
