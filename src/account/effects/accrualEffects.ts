import type { Accrual } from '../accrual.js';
import { corrupt } from '../corruptHistory.js';
import type { EventOf } from '../events.js';
import type { Fee } from '../fee.js';
import type { AccountState, Writable } from '../patronAccount.js';
import { feeOf, minor, newUse, positive, record, transaction, within } from './guards.js';

/** Returns the accrual of a fee that was assessed as accruing. */
export function newAccrual(accrued: number, at: string): Writable<Accrual> {
  return { accrued, toldAt: at, total: null, endedAt: null, endCause: null };
}

/** Returns the accrual of a fee. Throws if the fee does not grow. */
function accrualOf(fee: Writable<Fee>): Writable<Accrual> {
  return fee.accrual ?? corrupt('NotAccruing', 'a fine that grows', fee.feeId);
}

/** Returns the accrual of a growing fine. Throws if the fine has stopped growing. */
function runningAccrualOf(fee: Writable<Fee>): Writable<Accrual> {
  const accrual = accrualOf(fee);
  if (accrual.endedAt === null) return accrual;
  return corrupt('AccrualEndedBefore', 'a fine that still grows', fee.feeId);
}

/** Increases a fine. Its rules are in decisions/accrueFine.ts. */
export function feeIncreased(state: AccountState, event: EventOf<'FeeIncreased'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const accrual = runningAccrualOf(fee);
  const amount = positive(state, data.amount, data.currency);
  record(state, event, newUse('other', data.increaseId), amount);
  fee.original += amount;
  accrual.accrued += amount;
  accrual.toldAt = data.at;
  fee.transactions.push(transaction('increased', data.increaseId, amount, data, null, null));
}

/** Ends the growth of a fine. Its rules are in decisions/accrueFine.ts. */
export function accrualEnded(state: AccountState, event: EventOf<'AccrualEnded'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const accrual = runningAccrualOf(fee);
  const total = minor(state, data.total, data.currency);
  record(state, event, newUse('other', data.endId), 0);
  accrual.total = total;
  accrual.endedAt = data.at;
  accrual.endCause = data.cause;
  accrual.toldAt = data.at;
  fee.transactions.push(transaction('accrualEnded', data.endId, 0, data, null, data.cause));
}

/**
 * Returns the accrual that an event takes an amount back from, unchanged. Throws if the amount exceeds what accrual has
 * charged or, after its end, what it has charged above its total.
 */
export function accrualTakenFrom(fee: Writable<Fee>, amount: number): Writable<Accrual> {
  const accrual = accrualOf(fee);
  within(amount, Math.max(0, accrual.accrued - (accrual.total ?? 0)));
  return accrual;
}
