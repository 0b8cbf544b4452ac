import { shown } from '../../input/shown.js';
import type { Allocation, Circumstances, CreditCause, CreditPurpose } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { type Credit, unused } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import { lostItemPurposesByCause, purposesByCause } from '../events/creditEvents.js';
import type { WithdrawnCredit } from '../events/paymentEvents.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import type { AccountState, Writable } from '../patronAccount.js';
import type { TransactionKind } from '../transaction.js';
import { accrualTakenFrom } from './feeEffects.js';
import {
  addUp,
  allocated,
  creditOf,
  feeOf,
  lookUp,
  minor,
  newUse,
  positive,
  record,
  sum,
  transaction,
  within,
} from './guards.js';

/**
 * Adds the credit of a lost-item fee. A waiver never becomes a refundable credit; decisions/waiveFees.ts and
 * entitlement.ts have the same rules.
 */
export function lostItemCreditIssued(state: AccountState, event: EventOf<'LostItemCreditIssued'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  if (!fee.lostItem) corrupt('NoLostItem', 'a lost-item fee', data.feeId);
  if (data.cause === 'returned' && !fee.returned) {
    corrupt('NotReturned', 'LostItemReturned before its credits', data.feeId);
  }
  checkPurpose(data, lostItemPurposesByCause);
  issueOfFee(state, event, fee);
}

/**
 * Adds a credit of any other cause. Its rules are in decisions/issueCredit.ts, cancelFee.ts, settleTransfer.ts and
 * waiveFees.ts.
 */
export function creditIssued(state: AccountState, event: EventOf<'CreditIssued'>): void {
  const { data } = event;
  checkPurpose(data, purposesByCause);
  const ofFee = data.cause === 'cancelled' || data.cause === 'waived';
  if (ofFee !== (data.feeId !== undefined)) {
    corrupt('ForbiddenCredit', ofFee ? 'a fee' : 'no fee', data.feeId);
  }
  if (data.accrual === true && (data.cause !== 'cancelled' || data.purpose !== 'refundable')) {
    const found = `${shown(data.purpose)}, of cause ${shown(data.cause)}`;
    corrupt('ForbiddenCredit', 'refundable, of cause cancelled', found);
  }
  if (data.feeId !== undefined) return issueOfFee(state, event as FeeCredit, feeOf(state, data.feeId));
  const amount = positive(state, data.amount, data.currency);
  record(state, event, newUse('credit', data.creditId, state.credits.length), amount);
  state.credits.push(creditRow(data.creditId, data.cause, data.purpose, amount, data, {}));
}

/** Throws if a credit's cause does not allow its purpose. */
function checkPurpose(
  { cause, purpose }: EventOf<'LostItemCreditIssued' | 'CreditIssued'>['data'],
  allowed: Readonly<Record<string, readonly CreditPurpose[]>>,
): void {
  const purposes = typeof cause === 'string' && Object.hasOwn(allowed, cause) ? allowed[cause] : undefined;
  if (purposes?.includes(purpose)) return;
  const found = `${shown(purpose)}, of cause ${shown(cause)}`;
  corrupt('ForbiddenCredit', 'a purpose that the cause allows', found);
}

type FeeCredit = (EventOf<'CreditIssued'> & { data: { feeId: string } }) | EventOf<'LostItemCreditIssued'>;

/**
 * Adds a credit of a fee. Throws if it exceeds what is owed, what was transferred, or what was paid, depending on its
 * purpose.
 */
function issueOfFee(state: AccountState, event: FeeCredit, fee: Writable<Fee>): void {
  const { data } = event;
  const { purpose } = data;
  const limit =
    purpose === 'setOff'
      ? owed(fee)
      : purpose === 'external'
        ? transferredAndNotReversed(fee)
        : refundableMoney(fee);
  const amount = within(positive(state, data.amount, data.currency), limit);
  const shrinks = event.type === 'CreditIssued' && event.data.accrual === true;
  const accrual = shrinks ? accrualTakenFrom(fee, amount) : null;
  record(state, event, newUse('credit', data.creditId, state.credits.length), amount);
  if (accrual !== null) {
    accrual.accrued -= amount;
    accrual.toldAt = data.at;
  }
  if (purpose === 'setOff') fee.reserved += amount;
  else if (purpose === 'external') fee.transferReversed += amount;
  else fee.givenBack += amount;
  state.credits.push(creditRow(data.creditId, data.cause, purpose, amount, data, { feeId: fee.feeId }));
  fee.transactions.push(transaction('creditIssued', data.creditId, amount, data, null, data.cause));
}

/** Pays fees with a credit. Its rules are in decisions/applyCredit.ts. */
export function creditApplied(state: AccountState, event: EventOf<'CreditApplied'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  const { purpose } = credit;
  if (purpose === 'external') corrupt('ForbiddenPurpose', 'a credit that can be applied', purpose);
  const amounts = allocated(state, data.allocations, data.currency);
  within(sum(amounts), unused(credit));
  for (let index = 0; index < amounts.length; index++) {
    const fee = feeOf(state, (data.allocations[index] as Allocation).feeId);
    if (purpose !== 'setOff') within(amounts[index] as number, owed(fee));
    else if (credit.feeId !== fee.feeId) corrupt('WrongFee', credit.feeId, fee.feeId);
  }
  if (amounts.length === 0) corrupt('AmountsDoNotAddUp', 'at least one allocation', 0);
  record(state, event, newUse('application', data.applicationId, state.applications.length), 0);
  const allocations = amounts.map((amount, index) => ({
    feeId: (data.allocations[index] as Allocation).feeId,
    amount,
    reversed: false,
  }));
  state.applications.push({
    applicationId: data.applicationId,
    creditId: data.creditId,
    allocations,
  });
  use(state, data, credit, allocations, 1, 'creditApplied', data.applicationId);
}

/** Undoes the use of a credit, for each fee in full. Its rules are in decisions/reverseCreditApplication.ts. */
export function creditApplicationReversed(
  state: AccountState,
  event: EventOf<'CreditApplicationReversed'>,
): void {
  const { data } = event;
  const application = state.applications[lookUp(state, 'application', data.applicationId)];
  if (application === undefined) {
    return corrupt('UnknownApplication', 'an application', data.applicationId);
  }
  if (application.creditId !== data.creditId) {
    corrupt('WrongCredit', application.creditId, data.creditId);
  }
  const credit = creditOf(state, data.creditId);
  const amounts = allocated(state, data.allocations, data.currency);
  if (amounts.length === 0) corrupt('AmountsDoNotAddUp', 'at least one allocation', 0);
  const parts = new Map(application.allocations.map((part) => [part.feeId, part]));
  const undone = data.allocations.map(({ feeId }, index) => {
    const part = parts.get(feeId);
    if (part === undefined) {
      return corrupt('WrongFee', 'a fee of the application', feeId);
    }
    if (part.reversed) {
      corrupt('AlreadyUndone', 'an application that stands', data.applicationId);
    }
    addUp(amounts[index] as number, part.amount);
    return part;
  });
  record(state, event, newUse('other', data.reversalId), 0);
  for (const part of undone) part.reversed = true;
  use(state, data, credit, undone, -1, 'creditApplicationReversed', data.reversalId);
}

/** Applies a credit to its fees (sign 1) or undoes that (sign -1). */
function use(
  state: AccountState,
  data: Circumstances,
  credit: Writable<Credit>,
  allocations: readonly { readonly feeId: string; readonly amount: number }[],
  sign: 1 | -1,
  kind: TransactionKind,
  id: string,
): void {
  for (const { feeId, amount } of allocations) {
    const fee = feeOf(state, feeId);
    fee.settledByCredit[credit.purpose] += sign * amount;
    if (credit.purpose === 'setOff') fee.reserved -= sign * amount;
    fee.transactions.push(transaction(kind, id, amount, data, null, credit.creditId));
    credit.applied += sign * amount;
    credit.transactions.push(transaction(kind, id, amount, data, null, feeId));
  }
}

/** Pays out a credit. Its rules are in decisions/refundCredit.ts. */
export function creditRefunded(state: AccountState, event: EventOf<'CreditRefunded'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  if (credit.purpose !== 'refundable') {
    corrupt('ForbiddenPurpose', 'refundable', credit.purpose);
  }
  const amount = within(positive(state, data.amount, data.currency), unused(credit));
  record(state, event, newUse('refund', data.refundId, state.refunds.length), 0);
  state.refunds.push({
    refundId: data.refundId,
    creditId: data.creditId,
    amount,
    method: data.method,
    at: data.at,
    externalTransactionId: data.externalTransactionId ?? null,
    reference: data.reference ?? null,
    reversed: false,
  });
  credit.refunded += amount;
  const reference = data.externalTransactionId ?? data.reference;
  credit.transactions.push(transaction('refund', data.refundId, amount, data, data.method, reference));
}

/** Undoes a refund in full. Its rules are in decisions/reverseRefund.ts. */
export function refundReversed(state: AccountState, event: EventOf<'RefundReversed'>): void {
  const { data } = event;
  const refund = state.refunds[lookUp(state, 'refund', data.refundId)];
  if (refund === undefined) return corrupt('UnknownRefund', 'a refund', data.refundId);
  if (refund.reversed) corrupt('AlreadyUndone', 'a refund that stands', data.refundId);
  if (refund.creditId !== data.creditId) corrupt('WrongCredit', refund.creditId, data.creditId);
  const credit = creditOf(state, data.creditId);
  addUp(positive(state, data.amount, data.currency), refund.amount);
  record(state, event, newUse('other', data.reversalId), 0);
  refund.reversed = true;
  credit.refunded -= refund.amount;
  credit.transactions.push(
    transaction('refundReversed', data.reversalId, refund.amount, data, refund.method, data.refundId),
  );
}

/**
 * Withdraws the unused part of a credit, and its share of the fee's figures. Its rules are in
 * decisions/cancelCredit.ts.
 */
export function creditCancelled(state: AccountState, event: EventOf<'CreditCancelled'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  const amount = within(positive(state, data.amount, data.currency), unused(credit));
  const fee = credit.feeId === null ? null : feeOf(state, credit.feeId);
  record(state, event, newUse('other', data.cancellationId), 0);
  credit.cancelled += amount;
  credit.transactions.push(
    transaction('creditCancelled', data.cancellationId, amount, data, null, credit.feeId),
  );
  if (fee === null) return;
  if (credit.purpose === 'setOff') fee.reserved -= amount;
  else if (credit.purpose === 'external') fee.transferReversed -= amount;
  else fee.givenBack -= amount;
  fee.transactions.push(
    transaction('creditCancelled', data.cancellationId, amount, data, null, credit.creditId),
  );
}

/** The fields of an event's data about a credit, besides its amount. */
type CreditDetails = Circumstances &
  Partial<Pick<EventOf<'CreditIssued'>['data'], 'owner' | 'item'>> & { readonly refundPercent?: number };

/** Reads the parts of an overpayment or surplus credit that an event withdraws. */
export function withdrawnParts(
  state: AccountState,
  credit: WithdrawnCredit | undefined,
  currency: string,
): { readonly unused: number; readonly cancelled: number } {
  if (credit === undefined) return { unused: 0, cancelled: 0 };
  if (credit.cancelled === undefined) {
    return { unused: positive(state, credit.amount, currency), cancelled: 0 };
  }
  return {
    unused: minor(state, credit.amount, currency),
    cancelled: positive(state, credit.cancelled, currency),
  };
}

/** Returns a new credit, all of it unused. */
export function creditRow(
  creditId: string,
  cause: CreditCause,
  purpose: CreditPurpose,
  amount: number,
  data: CreditDetails,
  from: { readonly feeId?: string; readonly paymentId?: string },
): Writable<Credit> {
  return {
    creditId,
    cause,
    purpose,
    feeId: from.feeId ?? null,
    paymentId: from.paymentId ?? null,
    owner: data.owner ?? null,
    item: data.item ?? null,
    refundPercent: data.refundPercent ?? null,
    issuedAt: data.at,
    amount,
    applied: 0,
    refunded: 0,
    transferred: 0,
    cancelled: 0,
    withdrawn: 0,
    transferPending: 0,
    shortfallFeeIds: [],
    transactions: [transaction('creditIssued', creditId, amount, data, null, from.paymentId ?? from.feeId)],
  };
}
