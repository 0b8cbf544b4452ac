import type { Refusal } from '../account/rejections/refusal.js';
import type { JobActor } from '../job/jobHead.js';

/** Settling needs a role that the user does not have. */
export type MayNotSettle = Refusal<'MayNotSettle', 'forbidden'> & {
  /** The user. */
  readonly userId: string;
  /** The role that is needed. */
  readonly role: string;
};

/** The role that may settle what no account records, as it may purge. */
const SETTLING_ROLE = 'USER_MANAGER';

/** Returns why a staff member may not settle online payments. */
export function settlingRefusal({ userId, roles }: JobActor): MayNotSettle | undefined {
  if (roles.includes(SETTLING_ROLE)) return undefined;
  return { type: 'MayNotSettle', kind: 'forbidden', userId, role: SETTLING_ROLE };
}
