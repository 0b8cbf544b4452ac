import type { AccrualForm, AccruingLoan } from '../../src/jobs/index.js';
import { lateLoan, night } from '../jobs/accrual/nights.js';

export const PATRONS = 2_000;

/** The form of a night. */
export function nightOver(day: number): AccrualForm {
  return night(day);
}

/** The overdue loans of a night: one or two of each patron, some returned by then, some of them before the last night. */
export async function* overdueLoans(day: number): AsyncGenerator<AccruingLoan> {
  for (let n = 0; n < PATRONS; n++) {
    const patronId = `p${n}`;
    const loan = lateLoan({ patronId, dueAt: `2026-03-0${1 + (n % 7)}T20:00:00-05:00` });
    const isReturned = day > 6 && n % 3 === 0;
    yield isReturned ? { ...loan, until: `2026-03-0${4 + (n % 4)}T12:00:00-05:00`, ends: 'returned' } : loan;
    if (n % 2 === 0) yield lateLoan({ patronId, loanId: 'l2' });
  }
}
