import { shown } from '../../input/shown.js';
import type { Allocation, Circumstances, CreditPurpose } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { type Credit, unused } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import { lostItemPurposesByCause, purposesByCause } from '../events/creditEvents.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import { type AccountState, extended, type Writable } from '../patronAccount.js';
import { accrualTakenFrom } from './feeEffects.js';
import {
  addTransaction,
  addUp,
  allocated,
  creditOf,
  creditRow,
  feeOf,
  givenReferences,
  lookUp,
  newUse,
  positive,
  record,
  settleByCredit,
  sum,
  transaction,
  within,
} from './guards.js';
import { transactionTotal } from './paymentEffects.js';

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
 * waiveFees.ts, and in takeBackAccrued.ts.
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
  state.credits = extended(
    state.credits,
    creditRow(data, { creditId: data.creditId, cause: data.cause, purpose: data.purpose, amount }),
  );
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
    accrual.reportedAt = data.at;
  }
  if (purpose === 'setOff') fee.reserved += amount;
  else if (purpose === 'external') fee.transferReversed += amount;
  else fee.givenBack += amount;
  const { creditId, cause } = data;
  state.credits = extended(
    state.credits,
    creditRow(data, { creditId, cause, purpose, amount, feeId: fee.feeId }),
  );
  addTransaction(
    fee,
    transaction(data, { kind: 'creditIssued', id: creditId, amount, references: { creditId, cause } }),
  );
}

/**
 * Pays fees with a credit. Throws if it exceeds the unused credit or what is owed. Its rules are in
 * decisions/applyCredit.ts.
 */
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
  state.applications = extended(state.applications, {
    applicationId: data.applicationId,
    creditId: data.creditId,
    allocations,
  });
  const use = { credit, allocations, sign: 1, kind: 'creditApplied', id: data.applicationId } as const;
  useCredit(state, data, use);
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
  // Unlike `map`, this refuses a gap in the list before anything changes.
  const undone = Array.from(data.allocations, ({ feeId }, index) => {
    const part = parts.get(feeId);
    if (part === undefined) {
      return corrupt('WrongFee', 'a fee of the application', feeId);
    }
    if (part.reversed) {
      corrupt('AlreadyUndone', 'an application that is not reversed', data.applicationId);
    }
    addUp(amounts[index] as number, part.amount);
    return part;
  });
  record(state, event, newUse('other', data.reversalId), 0);
  for (const part of undone) part.reversed = true;
  const use = {
    credit,
    allocations: undone,
    sign: -1,
    kind: 'creditApplicationReversed',
    id: data.reversalId,
  } as const;
  useCredit(state, data, use);
}

type CreditUse = {
  readonly credit: Writable<Credit>;
  readonly allocations: readonly { readonly feeId: string; readonly amount: number }[];
  /** 1 applies the credit to its fees, -1 undoes that. */
  readonly sign: 1 | -1;
  readonly kind: 'creditApplied' | 'creditApplicationReversed';
  readonly id: string;
};

/** Applies a credit to its fees or undoes that. */
function useCredit(
  state: AccountState,
  data: Circumstances,
  { credit, allocations, sign, kind, id }: CreditUse,
): void {
  const { creditId } = credit;
  for (const { feeId, amount } of allocations) {
    const fee = feeOf(state, feeId);
    settleByCredit(fee, credit.purpose, sign * amount);
    if (credit.purpose === 'setOff') fee.reserved -= sign * amount;
    addTransaction(fee, transaction(data, { kind, id, amount, references: { creditId } }));
    credit.applied += sign * amount;
    addTransaction(credit, transaction(data, { kind, id, amount, references: { feeId } }));
  }
}

/** Pays out a credit. Throws if it exceeds the unused credit. Its rules are in decisions/refundCredit.ts. */
export function creditRefunded(state: AccountState, event: EventOf<'CreditRefunded'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  if (credit.purpose !== 'refundable') {
    corrupt('ForbiddenPurpose', 'refundable', credit.purpose);
  }
  const amount = within(positive(state, data.amount, data.currency), unused(credit));
  const externalTransactionTotal = transactionTotal(state, data, amount);
  record(state, event, newUse('refund', data.refundId, state.refunds.length), 0);
  state.refunds = extended(state.refunds, {
    refundId: data.refundId,
    creditId: data.creditId,
    amount,
    method: data.method,
    at: data.at,
    externalTransactionId: data.externalTransactionId ?? null,
    externalTransactionTotal,
    reference: data.reference ?? null,
    reversed: false,
  });
  credit.refunded += amount;
  const { refundId, method } = data;
  addTransaction(
    credit,
    transaction(data, { kind: 'refund', id: refundId, amount, method, references: givenReferences(data) }),
  );
}

/** Undoes a refund in full. Its rules are in decisions/reverseRefund.ts. */
export function refundReversed(state: AccountState, event: EventOf<'RefundReversed'>): void {
  const { data } = event;
  const refund = state.refunds[lookUp(state, 'refund', data.refundId)];
  if (refund === undefined) return corrupt('UnknownRefund', 'a refund', data.refundId);
  if (refund.reversed) corrupt('AlreadyUndone', 'a refund that is not reversed', data.refundId);
  if (refund.creditId !== data.creditId) corrupt('WrongCredit', refund.creditId, data.creditId);
  const credit = creditOf(state, data.creditId);
  addUp(positive(state, data.amount, data.currency), refund.amount);
  record(state, event, newUse('other', data.reversalId), 0);
  refund.reversed = true;
  credit.refunded -= refund.amount;
  addTransaction(
    credit,
    transaction(data, {
      kind: 'refundReversed',
      id: data.reversalId,
      amount: refund.amount,
      method: refund.method,
      references: { refundId: data.refundId },
    }),
  );
}

/**
 * Withdraws the unused part of a credit, and its share of the fee's figures. Throws if it exceeds the unused credit.
 * Its rules are in decisions/cancelCredit.ts.
 */
export function creditCancelled(state: AccountState, event: EventOf<'CreditCancelled'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  const forfeited = data.forfeited === true;
  if (forfeited && credit.purpose !== 'refundable' && credit.purpose !== 'goodwill') {
    corrupt('ForbiddenPurpose', 'refundable or goodwill', credit.purpose);
  }
  const amount = within(positive(state, data.amount, data.currency), unused(credit));
  const fee = credit.feeId === null ? null : feeOf(state, credit.feeId);
  record(state, event, newUse('other', data.cancellationId), 0);
  credit.cancelled += amount;
  const kind = forfeited ? 'creditForfeited' : 'creditCancelled';
  const line = { kind, id: data.cancellationId, amount } as const;
  const { creditId } = credit;
  addTransaction(
    credit,
    transaction(data, { ...line, references: fee === null ? {} : { feeId: fee.feeId } }),
  );
  if (fee === null) return;
  if (credit.purpose === 'setOff') fee.reserved -= amount;
  else if (credit.purpose === 'external') fee.transferReversed -= amount;
  else fee.givenBack -= amount;
  addTransaction(fee, transaction(data, { ...line, references: { creditId } }));
}
