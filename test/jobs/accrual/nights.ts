import { type EventStore, execute, loadAccount, memoryEventStore } from '../../../src/history/index.js';
import {
  balancesInMinorUnits,
  type Command,
  definePolicy,
  findFee,
  formatAmount,
  owed,
} from '../../../src/index.js';
import {
  type AccrualForm,
  type AccruedLoan,
  type AccruingLoan,
  overdueFeeId,
  runAccrual,
} from '../../../src/jobs/index.js';
import {
  defineCalendar,
  defineFineRule,
  type LibraryCalendar,
  type LibraryCalendarInput,
} from '../../../src/overdue/index.js';

export const institution = 'north';

export const policy = definePolicy({ currency: 'USD' });

/** 25 cents for each day that the library is open, 10 dollars at most. */
export const books = defineFineRule({
  currency: 'USD',
  amount: '0.25',
  period: { length: 1, unit: 'day' },
  closedTime: 'daysExcluded',
  maximum: '10.00',
});

export function calendar(more: Partial<LibraryCalendarInput> = {}): LibraryCalendar {
  return defineCalendar({ timeZone: 'America/New_York', ...more });
}

/** The form of the run in the night after a given day of March 2026. */
export function night(day: number, more: Partial<AccrualForm> = {}): AccrualForm {
  const at = `2026-03-${String(day).padStart(2, '0')}T22:30:00-05:00`;
  const rules = { books };
  return { jobId: `night ${day}`, at, institution, rules, calendars: { MAIN: calendar() }, ...more };
}

/** A loan that was due in the evening of 1 March 2026. */
export function lateLoan(more: Partial<AccruingLoan> = {}): AccruingLoan {
  return {
    patronId: 'p1',
    loanId: 'l1',
    dueAt: '2026-03-01T20:00:00-05:00',
    owner: 'MAIN',
    rule: 'books',
    calendar: 'MAIN',
    ...more,
  };
}

export function emptyStore(): EventStore {
  return memoryEventStore({ now: () => '2026-03-31T12:00:00Z' });
}

/** Runs a night over some loans, and returns the result of each. */
export async function runNight(store: EventStore, form: AccrualForm, ...loans: AccruingLoan[]) {
  const results: AccruedLoan[] = [];
  const report = await runAccrual(store, policy, form, {
    loans,
    onLoan: (loan) => void results.push(loan),
  });
  return { report, results };
}

/** Executes a command that must be accepted. */
export async function ask(store: EventStore, command: Command, patronId = 'p1'): Promise<void> {
  const { decision } = await execute(store, policy, { institution, patronId }, command);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
}

/** The fine of a loan in the account, with amounts as decimal strings. */
export async function fineOf(store: EventStore, loan: AccruingLoan = lateLoan()) {
  const { account } = await loadAccount(store, { institution, patronId: loan.patronId });
  const fee = findFee(account, overdueFeeId(loan));
  if (fee === undefined) return undefined;
  const { accrued, endCause } = fee.accrual ?? { accrued: Number.NaN, endCause: null };
  return { owed: formatAmount(owed(fee), 2), accrued: formatAmount(accrued, 2), endCause };
}

/** The total owed by the patron, and the unused credit. */
export async function balancesOf(store: EventStore, patronId = 'p1') {
  return balancesInMinorUnits((await loadAccount(store, { institution, patronId })).account);
}
