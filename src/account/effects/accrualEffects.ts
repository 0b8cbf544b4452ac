import type { Accrual } from '../accrual.js';
import { corrupt } from '../corruptHistory.js';
import type { AccountEvent } from '../events.js';
import type { Fee } from '../fee.js';
import {
  type AccountState,
  type EventOf,
  feeOf,
  minor,
  positive,
  record,
  transaction,
  type Writable,
  within,
} from './guards.js';

/** The accrual of a fee that was assessed as accruing. */
export function newAccrual(accrued: number, at: string): Writable<Accrual> {
  return { accrued, toldAt: at, total: null, endedAt: null, endCause: null };
}

/** The accrual of a fee; throws for a fee that was charged once. */
function accrualOf(state: AccountState, event: AccountEvent, fee: Writable<Fee>): Writable<Accrual> {
  return fee.accrual ?? corrupt(state.eventCount, event, 'NotAccruing', 'a fine that grows', fee.feeId);
}

/** The accrual of a fine that still grows; throws for one that has stopped growing. */
function runningAccrualOf(state: AccountState, event: AccountEvent, fee: Writable<Fee>): Writable<Accrual> {
  const accrual = accrualOf(state, event, fee);
  if (accrual.endedAt === null) return accrual;
  return corrupt(state.eventCount, event, 'AccrualEndedBefore', 'a fine that still grows', fee.feeId);
}

/** A fine goes up. */
export function feeIncreased(state: AccountState, event: EventOf<'FeeIncreased'>): void {
  const { data } = event;
  const fee = feeOf(state, event, data.feeId);
  const accrual = runningAccrualOf(state, event, fee);
  const amount = positive(state, event, data.amount, data.currency);
  record(state, event, data.increaseId, 'other', 0, data.currency, amount);
  fee.original += amount;
  accrual.accrued += amount;
  accrual.toldAt = data.at;
  fee.transactions.push(transaction('increased', data.increaseId, amount, data, null, null));
}

/** A fine grows no more. */
export function accrualEnded(state: AccountState, event: EventOf<'AccrualEnded'>): void {
  const { data } = event;
  const fee = feeOf(state, event, data.feeId);
  const accrual = runningAccrualOf(state, event, fee);
  const total = minor(state, event, data.total, data.currency);
  record(state, event, data.endId, 'other', 0, data.currency, 0);
  accrual.total = total;
  accrual.endedAt = data.at;
  accrual.endCause = data.cause;
  accrual.toldAt = data.at;
  fee.transactions.push(transaction('accrualEnded', data.endId, 0, data, null, data.cause));
}

/**
 * The accrual that an event takes an amount back from; throws where accrual has not charged as much, or after its end
 * not as much above its total. Changes nothing.
 */
export function accrualTakenFrom(
  state: AccountState,
  event: AccountEvent,
  fee: Writable<Fee>,
  amount: number,
): Writable<Accrual> {
  const accrual = accrualOf(state, event, fee);
  within(state, event, amount, Math.max(0, accrual.accrued - (accrual.total ?? 0)));
  return accrual;
}
