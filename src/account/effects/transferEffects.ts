import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import { type Fee, owed } from '../fee.js';
import { type AccountState, extended, type Writable } from '../patronAccount.js';
import { type OverpaidPart, type Transfer, transferPendingOf } from '../records.js';
import type { TransactionReferences } from '../transaction.js';
import {
  addTransaction,
  addUp,
  creditOf,
  feeOf,
  lookUp,
  minor,
  newId,
  newUse,
  parts,
  positive,
  record,
  settleByCredit,
  sum,
  transaction,
  transferOf,
  within,
} from './guards.js';
import { creditTakenBack, takeBackCredit } from './paymentEffects.js';

/** Transfers a fee. Its rules are in decisions/transferFees.ts. */
export function feeTransferred(state: AccountState, event: EventOf<'FeeTransferred'>): void {
  const { data } = event;
  const fee = feeOf(state, data.feeId);
  const amount = within(positive(state, data.amount, data.currency), owed(fee));
  record(state, event, newUse('transfer', data.transferId, state.transfers.length), 0);
  state.transfers = extended(
    state.transfers,
    transferRecord(data, { feeId: data.feeId, creditId: null, amount }),
  );
  fee.transferred += amount;
  if (data.expectsSettlement) fee.transferPending += amount;
  addTransaction(
    fee,
    transaction(data, {
      kind: 'transfer',
      id: data.transferId,
      amount,
      references: transferReferences(data),
    }),
  );
}

/** Transfers a credit. Its rules are in decisions/transferFees.ts. */
export function creditTransferred(state: AccountState, event: EventOf<'CreditTransferred'>): void {
  const { data } = event;
  const credit = creditOf(state, data.creditId);
  if (credit.purpose !== 'refundable' && credit.purpose !== 'external') {
    corrupt('ForbiddenPurpose', 'refundable or external', credit.purpose);
  }
  const amount = within(positive(state, data.amount, data.currency), unused(credit));
  record(state, event, newUse('transfer', data.transferId, state.transfers.length), 0);
  state.transfers = extended(
    state.transfers,
    transferRecord(data, { feeId: null, creditId: data.creditId, amount }),
  );
  credit.transferred += amount;
  if (data.expectsSettlement) credit.transferPending += amount;
  addTransaction(
    credit,
    transaction(data, {
      kind: 'transfer',
      id: data.transferId,
      amount,
      references: transferReferences(data),
    }),
  );
}

/** Reduces what is pending. Its rules are in decisions/settleTransfer.ts. */
export function transferSettled(state: AccountState, event: EventOf<'TransferSettled'>): void {
  const { data } = event;
  const transfer = transferOf(state, data.transferId);
  const pending = transferPendingOf(transfer);
  const amount = within(positive(state, data.amount, data.currency), pending);
  // A surplus requires that nothing is left pending.
  if (data.surplus !== undefined) addUp(amount, pending);
  const surplus = surplusOf(state, event, transfer);
  const row = rowOf(state, transfer);
  record(state, event, newUse('settlement', data.settlementId, state.settlements.length), 0);
  state.settlements = extended(state.settlements, {
    settlementId: data.settlementId,
    transferId: data.transferId,
    amount,
    reversed: 0,
    surplus,
  });
  transfer.settled += amount;
  row.transferPending -= amount;
  addTransaction(
    row,
    transaction(data, {
      kind: 'settlement',
      id: data.settlementId,
      amount,
      references: data.externalReference === undefined ? {} : { externalReference: data.externalReference },
    }),
  );
}

/** Reads the amount paid above what was pending: a credit that the next event issues. */
function surplusOf(
  state: AccountState,
  event: EventOf<'TransferSettled'>,
  transfer: Transfer,
): Writable<OverpaidPart> | null {
  const { settlementId, currency, surplus } = event.data;
  if (surplus === undefined) return null;
  const { creditId } = surplus;
  const amount = positive(state, surplus.amount, currency);
  newId(state, creditId, event.metadata?.commandId);
  if (creditId === settlementId) {
    corrupt('IdUsedTwice', 'an id of its own for the credit', settlementId);
  }
  if (transfer.feeId === null) {
    corrupt('ForbiddenCredit', 'a surplus of a transferred fee', transfer.transferId);
  }
  return { creditId, amount, reversed: 0 };
}

/**
 * Undoes a settlement: more is pending, the surplus credit is withdrawn, a shortfall counts as given back. Its rules
 * are in decisions/reverseSettlement.ts.
 */
export function settlementReversed(state: AccountState, event: EventOf<'SettlementReversed'>): void {
  const { data } = event;
  const settlement = state.settlements[lookUp(state, 'settlement', data.settlementId)];
  if (settlement === undefined) {
    return corrupt('UnknownSettlement', 'a settlement', data.settlementId);
  }
  if (settlement.transferId !== data.transferId) {
    corrupt('WrongTransfer', settlement.transferId, data.transferId);
  }
  const pending = minor(state, data.amount, data.currency);
  within(pending, settlement.amount - settlement.reversed);
  const taken = creditTakenBack(state, settlement.surplus, { ...data, withdrawn: data.surplus });
  if (pending + taken.total === 0) corrupt('InvalidAmount', 'an amount above 0', data.amount);
  if (taken.credit !== null && taken.credit.cause !== 'settlement') {
    corrupt('WrongCredit', 'a credit of cause settlement', taken.credit.creditId);
  }
  const transfer = transferOf(state, data.transferId);
  const row = rowOf(state, transfer);
  record(state, event, newUse('other', data.reversalId), 0);
  settlement.reversed += pending;
  transfer.settled -= pending;
  row.transferPending += pending;
  const line = { id: data.reversalId, references: { settlementId: data.settlementId } };
  addTransaction(row, transaction(data, { ...line, kind: 'settlementReversed', amount: pending }));
  takeBackCredit(taken, data, line);
}

/**
 * Takes back a transfer: the amount is open again, less what external credits had already reversed. Its rules are in
 * decisions/recallTransfer.ts.
 */
export function transferRecalled(state: AccountState, event: EventOf<'TransferRecalled'>): void {
  const { data } = event;
  const transfer = transferOf(state, data.transferId);
  const left = transfer.amount - transfer.settled - transfer.recalled;
  const amount = within(positive(state, data.amount, data.currency), left);
  const setOff = data.setOff ?? [];
  const usedUp = setOffParts(state, setOff, transfer.feeId, data.currency);
  within(sum(usedUp), amount);
  const row = rowOf(state, transfer);
  const fee = transfer.feeId === null ? null : (row as Writable<Fee>);
  if (fee !== null) within(fee.transferReversed - sum(usedUp), fee.transferred - amount);
  record(state, event, newUse('other', data.recallId), 0);
  transfer.recalled += amount;
  row.transferred -= amount;
  if (transfer.expectsSettlement) row.transferPending -= amount;
  addTransaction(
    row,
    transaction(data, {
      kind: 'recall',
      id: data.recallId,
      amount,
      references: { transferId: data.transferId },
    }),
  );
  if (fee === null) return;
  setOff.forEach(({ creditId }, index) => {
    const credit = creditOf(state, creditId);
    const part = usedUp[index] as number;
    credit.applied += part;
    const used = { kind: 'creditApplied', id: data.recallId, amount: part } as const;
    addTransaction(credit, transaction(data, { ...used, references: { feeId: fee.feeId } }));
    settleByCredit(fee, 'external', part);
    fee.transferReversed -= part;
    addTransaction(fee, transaction(data, { ...used, references: { creditId } }));
  });
}

/** The fields that both kinds of transfer have. */
type TransferData = Omit<EventOf<'FeeTransferred'>['data'], 'feeId'>;

function transferRecord(
  data: TransferData,
  { feeId, creditId, amount }: Pick<Transfer, 'feeId' | 'creditId' | 'amount'>,
): Writable<Transfer> {
  return {
    transferId: data.transferId,
    batchId: data.batchId ?? null,
    feeId,
    creditId,
    amount,
    settled: 0,
    recalled: 0,
    expectsSettlement: data.expectsSettlement,
    destination: data.destination ?? null,
    externalReference: data.externalReference ?? null,
    at: data.at,
  };
}

function transferReferences(data: TransferData): TransactionReferences {
  const references: Writable<TransactionReferences> = {};
  if (data.batchId !== undefined) references.batchId = data.batchId;
  if (data.destination !== undefined) references.destination = data.destination;
  if (data.externalReference !== undefined) references.externalReference = data.externalReference;
  return references;
}

/** Returns the transferred fee or credit. */
function rowOf(state: AccountState, transfer: Transfer) {
  if (transfer.feeId !== null) return feeOf(state, transfer.feeId);
  return creditOf(state, transfer.creditId as string);
}

/** Reads the parts of the fee's external credits that a recall uses up. */
function setOffParts(
  state: AccountState,
  setOff: readonly CreditPart[],
  feeId: string | null,
  currency: string,
): number[] {
  const names = setOff.map(({ creditId }) => creditId);
  const amounts = parts(state, setOff, names, currency);
  for (const [index, creditId] of names.entries()) {
    const credit = creditOf(state, creditId);
    if (credit.purpose !== 'external') {
      corrupt('ForbiddenPurpose', 'external', credit.purpose);
    }
    if (credit.feeId !== feeId) {
      corrupt('WrongCredit', 'a credit of the fee that was transferred', creditId);
    }
    within(amounts[index] as number, unused(credit));
  }
  return amounts;
}
