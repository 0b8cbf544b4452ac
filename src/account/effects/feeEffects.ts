import { MINOR_LIMIT } from '../../money/money.js';
import type { Accrual } from '../accrual.js';
import { corrupt } from '../corruptHistory.js';
import type { EventOf } from '../events/accountEvent.js';
import { unpaidOnReturn } from '../events/feeEvents.js';
import { type Fee, owed } from '../fee.js';
import { type AccountState, extended, type Writable } from '../patronAccount.js';
import {
  addTransaction,
  addUp,
  feeOf,
  lookUp,
  minor,
  newUse,
  positive,
  record,
  transaction,
  within,
} from './guards.js';

/** What credits have paid of a new fee; shared, because credits never pay most fees. */
const NOT_SETTLED = /* @__PURE__ */ Object.freeze({ setOff: 0, refundable: 0, external: 0, goodwill: 0 });

/** Adds a fee. Its rules are in decisions/assessFee.ts. */
export function feeAssessed(state: AccountState, event: EventOf<'FeeAssessed'>): void {
  const { data } = event;
  const amount = positive(state, data.amount, data.currency);
  if (data.lostItem === true && data.accruing === true)
    corrupt('AccruingLostItem', 'a lost-item fee that does not grow', data.feeId);
  const { vatPercent = null } = data;
  if (vatPercent !== null && !(typeof vatPercent === 'number' && vatPercent > 0 && vatPercent <= 100))
    corrupt('MalformedEvent', 'a percentage above 0, at most 100', vatPercent);
  const accrual = newAccrual(state, data, amount);
  record(state, event, newUse('fee', data.feeId, state.fees.length), amount);
  state.fees = extended(state.fees, {
    feeId: data.feeId,
    feeType: data.feeType,
    owner: data.owner,
    lostItem: data.lostItem === true,
    item: data.item ?? null,
    loanId: data.loanId ?? null,
    incidentId: data.incidentId ?? null,
    vatPercent,
    assessedAt: data.at,
    original: amount,
    paid: 0,
    waived: 0,
    settledByCredit: NOT_SETTLED,
    transferred: 0,
    cancelled: 0,
    transferPending: 0,
    givenBack: 0,
    reserved: 0,
    transferReversed: 0,
    disputed: false,
    disputeId: null,
    returned: false,
    returnTerms: null,
    shortfallCreditId: null,
    accrual,
    planId: null,
    transactions: [transaction(data, { kind: 'assessed', id: data.feeId, amount })],
  });
}

/**
 * Reduces what is owed and keeps the waiver so that it can be undone. Throws if it exceeds what is owed. Its rules are
 * in decisions/waiveFees.ts.
 */
export function feeWaived(state: AccountState, event: EventOf<'FeeWaived'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const amount = within(positive(state, data.amount, data.currency), owed(fee));
  record(state, event, newUse('waiver', data.waiverId, state.waivers.length), 0);
  const { waiverId, feeId, writeOff } = data;
  state.waivers = extended(state.waivers, {
    waiverId,
    feeId,
    amount,
    writeOff: writeOff === true,
    reversed: false,
  });
  fee.waived += amount;
  addTransaction(fee, transaction(data, { kind: 'waiver', id: data.waiverId, amount }));
}

/** Undoes a waiver in full. Its rules are in decisions/reverseWaiver.ts. */
export function waiverReversed(state: AccountState, event: EventOf<'WaiverReversed'>): void {
  const { data } = event;
  const waiver = state.waivers[lookUp(state, 'waiver', data.waiverId)];
  if (waiver === undefined) return corrupt('UnknownWaiver', 'a waiver', data.waiverId);
  if (waiver.reversed) corrupt('AlreadyUndone', 'a waiver that is not reversed', data.waiverId);
  if (waiver.feeId !== data.feeId) corrupt('WrongFee', waiver.feeId, data.feeId);
  const fee = feeOf(state, data.feeId);
  addUp(positive(state, data.amount, data.currency), waiver.amount);
  record(state, event, newUse('other', data.reversalId), 0);
  waiver.reversed = true;
  fee.waived -= waiver.amount;
  addTransaction(
    fee,
    transaction(data, {
      kind: 'waiverReversed',
      id: data.reversalId,
      amount: waiver.amount,
      references: { waiverId: data.waiverId },
    }),
  );
}

/** Marks a fee as disputed. Its rules are in decisions/disputeFee.ts. */
export function feeDisputed(state: AccountState, event: EventOf<'FeeDisputed'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  record(state, event, newUse('dispute', data.disputeId, lookUp(state, 'fee', data.feeId)), 0);
  fee.disputed = true;
  fee.disputeId = data.disputeId;
  addTransaction(fee, transaction(data, { kind: 'disputed', id: data.disputeId, amount: 0 }));
}

/**
 * Ends a dispute. The fee stays disputed if a later dispute of it is open. Its rules are in
 * decisions/resolveDispute.ts.
 */
export function disputeResolved(state: AccountState, event: EventOf<'DisputeResolved'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const position = lookUp(state, 'dispute', data.disputeId);
  if (position < 0) corrupt('UnknownDispute', 'a dispute', data.disputeId);
  if (state.fees[position] !== fee) corrupt('WrongFee', "the dispute's fee", data.feeId);
  record(state, event, null, 0);
  if (fee.disputeId === data.disputeId) {
    fee.disputed = false;
    fee.disputeId = null;
  }
  addTransaction(
    fee,
    transaction(data, {
      kind: 'disputeResolved',
      id: data.disputeId,
      amount: 0,
      references: { outcome: data.outcome },
    }),
  );
}

/** Marks a lost item as returned; separate events issue its credits. Its rules are in decisions/returnLostItem.ts. */
export function lostItemReturned(state: AccountState, event: EventOf<'LostItemReturned'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  if (!fee.lostItem) corrupt('NoLostItem', 'a lost-item fee', data.feeId);
  if (fee.returned) corrupt('AlreadyReturned', 'one return per fee', data.feeId);
  const { refundPercent, unpaid } = data;
  if (!(typeof refundPercent === 'number' && refundPercent >= 0 && refundPercent <= 100)) {
    corrupt('InvalidReturnTerms', 'a percentage from 0 to 100', refundPercent);
  }
  if (!unpaidOnReturn.includes(unpaid)) {
    corrupt('InvalidReturnTerms', 'percent or all', unpaid);
  }
  record(state, event, newUse('other', data.returnId), 0);
  fee.returned = true;
  fee.returnTerms = { refundPercent, unpaid };
  addTransaction(fee, transaction(data, { kind: 'returned', id: data.returnId, amount: 0 }));
}

/** Reduces what is owed. Throws if it exceeds what is owed. Its rules are in decisions/cancelFee.ts. */
export function feeCancelled(state: AccountState, event: EventOf<'FeeCancelled'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const amount = within(minor(state, data.amount, data.currency), owed(fee));
  const total = totalOf(state, data, data.accrual === true);
  const accrual = total === null ? null : accrualTakenFrom(fee, amount);
  if (accrual !== null && total !== null) {
    within(total, accrual.accrued - amount);
    if (accrual.total !== null) addUp(total, accrual.total);
  }
  record(state, event, newUse('other', data.cancellationId), 0);
  fee.cancelled += amount;
  if (accrual !== null && total !== null) {
    accrual.accrued -= amount;
    accrual.reportedTotal = total;
    accrual.reportedAt = data.at;
  }
  const kind = accrual === null ? 'cancellation' : 'decreased';
  addTransaction(fee, transaction(data, { kind, id: data.cancellationId, amount }));
}

/** Returns the accrual of a new fee; null if the fee does not grow. Throws if it was charged above its total. */
function newAccrual(
  state: AccountState,
  data: EventOf<'FeeAssessed'>['data'],
  accrued: number,
): Writable<Accrual> | null {
  const reportedTotal = totalOf(state, data, data.accruing === true);
  if (reportedTotal === null) return null;
  within(accrued, reportedTotal);
  return { accrued, reportedTotal, reportedAt: data.at, total: null, endedAt: null, endCause: null };
}

/** Reads the reported total of a fine, in minor units. Throws if a total is missing, or is that of another fee. */
function totalOf(
  state: AccountState,
  { total, currency }: { readonly total?: string; readonly currency: string },
  isOfFine: boolean,
): number | null {
  if ((total !== undefined) !== isOfFine)
    corrupt('MalformedEvent', isOfFine ? 'the total of the fine' : 'no total, which only fines have', total);
  return total === undefined ? null : minor(state, total, currency);
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
  const amount = minor(state, data.amount, data.currency);
  const accrued = accrual.accrued + amount;
  // What a fine has grown to is the amount of later events.
  within(accrued, MINOR_LIMIT - 1);
  const total = positive(state, data.total, data.currency);
  within(accrued, total);
  record(state, event, newUse('other', data.increaseId), amount);
  fee.original += amount;
  accrual.accrued = accrued;
  accrual.reportedTotal = total;
  accrual.reportedAt = data.at;
  addTransaction(fee, transaction(data, { kind: 'increased', id: data.increaseId, amount }));
}

/** Ends the growth of a fine. Its rules are in decisions/accrueFine.ts. */
export function accrualEnded(state: AccountState, event: EventOf<'AccrualEnded'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const accrual = runningAccrualOf(fee);
  const total = minor(state, data.total, data.currency);
  record(state, event, newUse('other', data.endId), 0);
  accrual.total = total;
  accrual.reportedTotal = total;
  accrual.endedAt = data.at;
  accrual.endCause = data.cause;
  accrual.reportedAt = data.at;
  addTransaction(
    fee,
    transaction(data, {
      kind: 'accrualEnded',
      id: data.endId,
      amount: 0,
      references: { endCause: data.cause },
    }),
  );
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
