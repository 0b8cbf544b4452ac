import type { ReasonUnknown } from '../../account/rejections/commandRejections.js';
import type { FeeTypeUnknown } from '../../account/rejections/feeRejections.js';
import type { Refusal } from '../../account/rejections/refusal.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import type { Fault } from '../../errors.js';
import type { AccountBusy, AccountUnreadable } from '../../job/accountFinding.js';
import { type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import { knownCodes, knownFeeTypes } from '../../policy/knownCodes.js';
import type { CheckedForm } from './bulkWaiveForm.js';

/** The entry is invalid, as an entry of a directory or of a plan. */
export type PatronInvalid = {
  /** The type of the reason. */
  readonly type: 'PatronInvalid';
  /** The position of the entry in the directory, counted from 1. */
  readonly row: number;
  /** All faults of the entry. */
  readonly faults: readonly Fault[];
};

/** The directory has several entries of the patron. Only the first one counts. */
export type PatronRepeated = {
  /** The type of the reason. */
  readonly type: 'PatronRepeated';
  /** The position of the later entry in the directory, counted from 1. */
  readonly row: number;
};

/** The directory entry belongs to another institution than the job's. */
export type OtherInstitution = {
  /** The type of the reason. */
  readonly type: 'OtherInstitution';
};

/** The patron has no account: nothing was ever charged or paid. */
export type NoAccount = {
  /** The type of the reason. */
  readonly type: 'NoAccount';
};

/** The patron's user group was not chosen. */
export type GroupNotChosen = {
  /** The type of the reason. */
  readonly type: 'GroupNotChosen';
};

/** The form names a set of patrons, and the patron is not in it. */
export type NotInSet = {
  /** The type of the reason. */
  readonly type: 'NotInSet';
};

/** The form names a file of fees, and it has no fee of the patron. */
export type NotInFile = {
  /** The type of the reason. */
  readonly type: 'NotInFile';
};

/** The patron has overdue loans, and the form leaves such patrons out. */
export type HasOverdueLoans = {
  /** The type of the reason. */
  readonly type: 'HasOverdueLoans';
};

/** The patron owes more than the threshold. */
export type OwedAboveThreshold = {
  /** The type of the reason. */
  readonly type: 'OwedAboveThreshold';
  /** The whole debt, disputed fees included, a decimal string. */
  readonly owed: string;
  /** The threshold, a decimal string. */
  readonly threshold: string;
};

/** The patron owes nothing on fees that could be waived. */
export type NothingToWaive = {
  /** The type of the reason. */
  readonly type: 'NothingToWaive';
};

/** Why nothing of a patron is waived, distinguished by `type`. Amounts are decimal strings. */
export type NotWaived =
  | BulkWaiveRefusal
  | Rejection
  | PatronInvalid
  | PatronRepeated
  | OtherInstitution
  | NoAccount
  | GroupNotChosen
  | NotInSet
  | NotInFile
  | HasOverdueLoans
  | OwedAboveThreshold
  | NothingToWaive
  | AccountUnreadable
  | AccountBusy;

/** The name of a reason why nothing of a patron is waived. */
export type NotWaivedType = NotWaived['type'];

/** The roles that are allowed to waive in bulk; a refusal names the first one. */
const BULK_WAIVE_ROLES = ['USER_MANAGER', 'USER_ADMINISTRATOR'] as const;

/** The staff member who runs the job does not have the required role. */
export type ActorLacksRole = Refusal<'ActorLacksRole', 'forbidden'> & {
  /** The staff member. */
  readonly userId: string;
  /** The missing role. */
  readonly role: string;
};

/** The English sentence of this rejection. */
export const englishJobRejections: RejectionWords<ActorLacksRole> = {
  ActorLacksRole: 'The user {userId} needs the role {role}.',
};

/** Why a whole bulk waive is refused, before anything is read. */
export type BulkWaiveRefusal = ActorLacksRole | ReasonUnknown | FeeTypeUnknown;

/** Returns why a form is refused as a whole. */
export function refusalOf(form: CheckedForm, policy: FeePolicy): BulkWaiveRefusal | undefined {
  const { by, reason, feeTypes } = form;
  if (!BULK_WAIVE_ROLES.some((role) => by.roles.includes(role))) {
    return { type: 'ActorLacksRole', kind: 'forbidden', userId: by.userId, role: BULK_WAIVE_ROLES[0] };
  }
  if (!Object.hasOwn(policy.waiveReasons, reason)) {
    const known = knownCodes(reason, Object.keys(policy.waiveReasons));
    return { type: 'ReasonUnknown', kind: 'invalid', list: 'waiveReasons', reason, known };
  }
  for (const feeType of feeTypes ?? []) {
    if (feeTypeRule(policy, feeType) === undefined) {
      const known = knownFeeTypes(feeType, policy.feeTypes);
      return { type: 'FeeTypeUnknown', kind: 'invalid', feeType, known };
    }
  }
  return undefined;
}
