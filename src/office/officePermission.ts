import { missingApproval } from '../account/approval.js';
import type { Approver, CommandActor } from '../account/circumstances.js';
import { type GivenCommand, sameUserRefusal } from '../account/duties.js';
import { permissionFor } from '../account/permission.js';
import type { ApprovalRequired, NotPermitted, SameUser } from '../account/rejections/commandRejections.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, minorUnits, parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../policy/permissions.js';

/** A command of the office, and what the policy's permissions, limits, approvals and duties compare. */
export type OfficeRequest = {
  readonly commandType: PermittedCommand;
  readonly by: Pick<CommandActor, 'userId' | 'roles'> & Partial<Pick<CommandActor, 'channel'>>;
  readonly approvedBy: Approver | undefined;
  /** Everything that it writes off or moves, as decimal strings; their signs do not matter. */
  readonly amounts: readonly string[];
  /** The commands given before for the same thing. */
  readonly before: readonly GivenCommand[];
};

/** Returns why the policy does not let a user give a command of the office, or not alone. */
export function officeRefusal(
  { commandType, by, approvedBy, amounts, before }: OfficeRequest,
  policy: FeePolicy,
): NotPermitted | ApprovalRequired | SameUser | undefined {
  const { limit, rejection } = permissionFor(policy, commandType, rolesOf(by));
  if (rejection !== null) return rejection;
  const { userId } = by;
  const digits = digitsOf(policy.currency);
  const amount = amounts.reduce((sum, part) => sum + Math.abs(Number(minorUnits(part))), 0);
  const isWithin = (most: string | undefined) => most === undefined || amount <= parseAmount(most, digits);
  if (limit !== null && !isWithin(limit)) {
    const allowed = Object.entries(policy.permissions?.[commandType] ?? {});
    const needs = allowed.filter(([, { upTo }]) => isWithin(upTo)).map(([role]) => role);
    const amounts = { limit, amount: formatAmount(amount, digits) };
    return { type: 'NotPermitted', kind: 'forbidden', commandType, needs, ...amounts };
  }
  const asked = { commandType: commandType as ApprovableCommand, amount, userId, approver: approvedBy };
  return missingApproval(asked, policy) ?? sameUserRefusal({ commandType, userId }, before, policy);
}

/** Returns the roles of a member of staff; a patron has none. */
export function rolesOf({
  channel,
  roles = [],
}: Pick<CommandActor, 'roles'> & Partial<Pick<CommandActor, 'channel'>>): readonly string[] {
  return channel === 'online' || channel === 'selfCheck' ? [] : roles;
}
