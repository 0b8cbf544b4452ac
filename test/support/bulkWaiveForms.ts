import type { FeePolicy } from '../../src/index.js';
import type { BulkWaiveForm } from '../../src/jobs/index.js';

export const at = '2026-06-30T18:00:00Z';

/** Returns a valid form, for patrons of the institution "north". */
export function formWith(more: Partial<BulkWaiveForm> = {}): BulkWaiveForm {
  const by = { userId: 'mo', roles: ['CIRCULATION_DESK', 'USER_MANAGER'] };
  return { jobId: 'june', at, by, institution: 'north', reason: 'OTHER', ...more };
}

/** Returns a student without overdue loans. */
export function patron(patronId: string, more: { group?: string; hasOverdueLoans?: boolean } = {}) {
  return { patronId, group: 'STUDENT', hasOverdueLoans: false, ...more };
}

/** Returns the first waiving reason of a policy. */
export function reasonOf(policy: FeePolicy): string {
  return Object.keys(policy.waiveReasons)[0] as string;
}
