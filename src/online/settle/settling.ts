import type { Approver, RecordedApprover } from '../../account/circumstances.js';
import type { GivenCommand } from '../../account/duties.js';
import type { ApprovalRequired, NotPermitted, SameUser } from '../../account/rejections/commandRejections.js';
import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import type { JobActor } from '../../job/jobHead.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { officeRefusal } from '../../office/officePermission.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { OnlineFinding } from '../onlineFinding.js';
import type { OnlinePaymentUnknown } from '../onlineRejections.js';

/** Settling needs a role that the user does not have. */
export type MayNotSettle = Refusal<'MayNotSettle', 'forbidden'> & {
  /** The user. */
  readonly userId: string;
  /** The role that is needed. */
  readonly role: string;
};

/** The payment has no such part, or no such transaction. */
export type PartUnknown = Refusal<'PartUnknown', 'notFound'> & {
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
};

/** The account has recorded its part: there is nothing to settle. */
export type PartRecorded = Refusal<'PartRecorded', 'conflict'> & {
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /** The patron. */
  readonly patronId: string;
};

/** Why a part is not settled. */
export type SettlePartRejection =
  | MayNotSettle
  | NotPermitted
  | ApprovalRequired
  | SameUser
  | OnlinePaymentUnknown
  | PartUnknown
  | PartRecorded;

/** Nothing is kept under this id. */
export type KeptUnknown = Refusal<'KeptUnknown', 'notFound'> & {
  /** The id. */
  readonly keptId: string;
};

/** It is recorded, now or before, so there is nothing to settle. */
export type KeptRecorded = Refusal<'KeptRecorded', 'conflict'> & {
  /** What was kept. */
  readonly keptId: string;
};

/** It still cannot be recorded with the payment that the form names. */
export type KeptNotRecorded = Refusal<'KeptNotRecorded', 'conflict'> & {
  /** What was kept. */
  readonly keptId: string;
  /** Why it does not fit. */
  readonly because: OnlineFinding;
};

/** Why a report that was kept is not settled. */
export type SettleReportRejection =
  | MayNotSettle
  | NotPermitted
  | ApprovalRequired
  | SameUser
  | KeptUnknown
  | KeptRecorded
  | KeptNotRecorded;

/** The English sentences of these rejections. */
export const englishSettlingRejections: RejectionWords<
  Exclude<
    SettlePartRejection | SettleReportRejection,
    OnlinePaymentUnknown | NotPermitted | ApprovalRequired | SameUser
  >
> = {
  MayNotSettle: 'The user {userId} needs the role {role}.',
  PartUnknown: 'The payment has no capture and no return {externalTransactionId}.',
  PartRecorded: 'The account {patronId} has recorded {externalTransactionId}: there is nothing to settle.',
  KeptUnknown: 'Nothing is kept under {keptId}.',
  KeptRecorded: '{keptId} is recorded: there is nothing to settle.',
  KeptNotRecorded: ({ keptId, because }) => `${keptId} does not fit with the payment. ${because.message}`,
};

/** The role that may settle what no account records, as it may purge. */
const SETTLING_ROLE = 'USER_MANAGER';

/** Returns why a staff member may settle nothing of online payments. */
export function roleRefusal({ userId, roles }: JobActor): MayNotSettle | undefined {
  if (roles.includes(SETTLING_ROLE)) return undefined;
  return { type: 'MayNotSettle', kind: 'forbidden', userId, role: SETTLING_ROLE };
}

/** Who settles something, and who approved it. */
type Settler = { readonly by: JobActor; readonly approvedBy?: Approver | undefined };

/** An amount that is settled, and the commands given before for the same thing. */
type Settling = {
  readonly amount: string;
  readonly currency: string;
  readonly before: readonly GivenCommand[];
};

/** Returns why the policy does not let a staff member settle an amount, or not alone. */
export function settlingRefusal(
  commandType: 'SettleOnlinePart' | 'SettleOnlineReport',
  { by, approvedBy }: Settler,
  policy: FeePolicy,
  { amount, currency, before }: Settling,
): NotPermitted | ApprovalRequired | SameUser | undefined {
  const rules = currency === policy.currency ? policy : inOtherCurrency(policy, commandType, currency);
  return officeRefusal({ commandType, by, approvedBy, amounts: [amount], before }, rules);
}

/**
 * Returns a policy for amounts in another currency. No limit can be compared with them: only roles without a limit are
 * permitted, and every amount needs the approval.
 */
function inOtherCurrency(
  policy: FeePolicy,
  commandType: 'SettleOnlinePart' | 'SettleOnlineReport',
  currency: string,
): FeePolicy {
  const { permissions, approvals } = policy;
  const unlimited = Object.entries(permissions?.[commandType] ?? {}).filter(
    ([, { upTo }]) => upTo === undefined,
  );
  const approval = approvals?.[commandType];
  const above = formatAmount(0, digitsOf(currency));
  return {
    ...policy,
    currency,
    ...(permissions && { permissions: { ...permissions, [commandType]: Object.fromEntries(unlimited) } }),
    ...(approval && { approvals: { ...approvals, [commandType]: { ...approval, above } } }),
  };
}

/** Returns who approved, as events record it: without roles. */
export function approverOf(approvedBy: Approver | undefined): { readonly approvedBy?: RecordedApprover } {
  if (approvedBy === undefined) return {};
  const { roles: _roles, ...recorded } = approvedBy;
  return { approvedBy: recorded };
}
