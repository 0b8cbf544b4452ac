import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import type { WithdrawnCredit } from '../events/paymentEvents.js';
import { type Fee, owed } from '../fee.js';
import { type OverpaidPart, type Transfer, transferPendingOf } from '../records.js';
import {
  type AccountState,
  addUp,
  creditOf,
  type EventOf,
  feeOf,
  lookUp,
  minor,
  newId,
  parts,
  positive,
  record,
  sum,
  transaction,
  transferOf,
  type Writable,
  within,
} from './guards.js';

/** A fee is handed over. */
export function feeTransferred(state: AccountState, event: EventOf<'FeeTransferred'>): void {
  const { data } = event;
  const fee = feeOf(state, event, data.feeId);
  const amount = within(state, event, positive(state, event, data.amount, data.currency), owed(fee));
  record(state, event, data.transferId, 'transfer', state.transfers.length, data.currency, 0);
  state.transfers.push(transferRecord(data, data.feeId, null, amount));
  fee.transferred += amount;
  if (data.expectsSettlement) fee.transferPending += amount;
  fee.transactions.push(
    transaction('transfer', data.transferId, amount, data, null, data.externalReference ?? data.destination),
  );
}

/** A credit is handed over. */
export function creditTransferred(state: AccountState, event: EventOf<'CreditTransferred'>): void {
  const { data } = event;
  const credit = creditOf(state, event, data.creditId);
  if (credit.purpose !== 'refundable' && credit.purpose !== 'external') {
    corrupt(state.eventCount, event, 'ForbiddenPurpose', 'refundable or external', credit.purpose);
  }
  const amount = within(state, event, positive(state, event, data.amount, data.currency), unused(credit));
  record(state, event, data.transferId, 'transfer', state.transfers.length, data.currency, 0);
  state.transfers.push(transferRecord(data, null, data.creditId, amount));
  credit.transferred += amount;
  if (data.expectsSettlement) credit.transferPending += amount;
  credit.transactions.push(
    transaction('transfer', data.transferId, amount, data, null, data.externalReference ?? data.destination),
  );
}

/** Less is pending. */
export function transferSettled(state: AccountState, event: EventOf<'TransferSettled'>): void {
  const { data } = event;
  const transfer = transferOf(state, event, data.transferId);
  const pending = transferPendingOf(transfer);
  const amount = within(state, event, positive(state, event, data.amount, data.currency), pending);
  const surplus = data.surplus === undefined ? null : surplusOf(state, event, data.surplus, transfer, amount);
  const row = rowOf(state, event, transfer);
  record(state, event, data.settlementId, 'settlement', state.settlements.length, data.currency, 0);
  state.settlements.push({
    settlementId: data.settlementId,
    transferId: data.transferId,
    amount,
    reversed: 0,
    surplus,
  });
  transfer.settled += amount;
  row.transferPending -= amount;
  row.transactions.push(
    transaction('settlement', data.settlementId, amount, data, null, data.externalReference),
  );
}

/** Reads what was paid beyond what was pending: a credit that is still to be issued. */
function surplusOf(
  state: AccountState,
  event: EventOf<'TransferSettled'>,
  { creditId, amount: text }: CreditPart,
  transfer: Transfer,
  settled: number,
): Writable<OverpaidPart> {
  const { settlementId, currency } = event.data;
  const amount = positive(state, event, text, currency);
  // Nothing is above what is pending while some of it still is.
  addUp(state, event, settled, transferPendingOf(transfer));
  newId(state, event, creditId);
  if (creditId === settlementId) {
    corrupt(state.eventCount, event, 'IdUsedTwice', 'an id of its own for the credit', settlementId);
  }
  if (transfer.feeId === null) {
    corrupt(
      state.eventCount,
      event,
      'ForbiddenCredit',
      'a surplus of a transferred fee',
      transfer.transferId,
    );
  }
  return { creditId, amount, reversed: 0 };
}

/** More is pending again, the surplus credit is withdrawn, a shortfall counts as given back. */
export function settlementReversed(state: AccountState, event: EventOf<'SettlementReversed'>): void {
  const { data } = event;
  const settlement = state.settlements[lookUp(state, 'settlement', data.settlementId)];
  if (settlement === undefined) {
    return corrupt(state.eventCount, event, 'UnknownSettlement', 'a settlement', data.settlementId);
  }
  if (settlement.transferId !== data.transferId) {
    corrupt(state.eventCount, event, 'WrongTransfer', settlement.transferId, data.transferId);
  }
  const pending = minor(state, event, data.amount, data.currency);
  within(state, event, pending, settlement.amount - settlement.reversed);
  const { surplus } = settlement;
  const { unused: withdrawn, cancelled } = withdrawnParts(state, event, data.surplus, data.currency);
  const shortfall =
    data.shortfall === undefined ? 0 : positive(state, event, data.shortfall.amount, data.currency);
  const fromCredit = withdrawn + cancelled + shortfall;
  within(state, event, fromCredit, surplus === null ? 0 : surplus.amount - surplus.reversed);
  if (pending + fromCredit === 0) {
    corrupt(state.eventCount, event, 'InvalidAmount', 'an amount above 0', data.amount);
  }
  for (const part of [data.surplus, data.shortfall]) {
    if (part !== undefined && part.creditId !== surplus?.creditId) {
      corrupt(state.eventCount, event, 'WrongCredit', surplus?.creditId, part.creditId);
    }
  }
  const credit = surplus === null || fromCredit === 0 ? null : creditOf(state, event, surplus.creditId);
  if (credit !== null) {
    if (credit.cause !== 'settlement') {
      corrupt(state.eventCount, event, 'WrongCredit', 'a credit of cause settlement', credit.creditId);
    }
    within(state, event, withdrawn, unused(credit));
    within(state, event, cancelled, credit.cancelled);
  }
  const charged = data.shortfall === undefined ? null : feeOf(state, event, data.shortfall.feeId);
  if (charged !== null) within(state, event, charged.givenBack + shortfall, charged.original);
  const transfer = transferOf(state, event, data.transferId);
  const row = rowOf(state, event, transfer);
  record(state, event, data.reversalId, 'other', 0, data.currency, 0);
  settlement.reversed += pending;
  if (surplus !== null) surplus.reversed += fromCredit;
  transfer.settled -= pending;
  row.transferPending += pending;
  row.transactions.push(
    transaction('settlementReversed', data.reversalId, pending, data, null, data.settlementId),
  );
  if (credit === null) return;
  credit.withdrawn += withdrawn + cancelled;
  credit.cancelled -= cancelled;
  const withdraw = (kind: 'creditWithdrawn' | 'cancelledCreditWithdrawn', part: number) => {
    if (part === 0) return;
    credit.transactions.push(transaction(kind, data.reversalId, part, data, null, data.settlementId));
  };
  withdraw('creditWithdrawn', withdrawn);
  withdraw('cancelledCreditWithdrawn', cancelled);
  if (charged === null) return;
  charged.givenBack += shortfall;
  charged.shortfallCreditId = credit.creditId;
  credit.shortfallFeeIds.push(charged.feeId);
}

/** Reads what of a surplus credit is withdrawn: its unused part, and what was cancelled of it. */
function withdrawnParts(
  state: AccountState,
  event: EventOf<'SettlementReversed'>,
  credit: WithdrawnCredit | undefined,
  currency: string,
): { readonly unused: number; readonly cancelled: number } {
  if (credit === undefined) return { unused: 0, cancelled: 0 };
  if (credit.cancelled === undefined) {
    return { unused: positive(state, event, credit.amount, currency), cancelled: 0 };
  }
  return {
    unused: minor(state, event, credit.amount, currency),
    cancelled: positive(state, event, credit.cancelled, currency),
  };
}

/** What was handed over is open again, less what external credits had reversed already. */
export function transferRecalled(state: AccountState, event: EventOf<'TransferRecalled'>): void {
  const { data } = event;
  const transfer = transferOf(state, event, data.transferId);
  const left = transfer.amount - transfer.settled - transfer.recalled;
  const amount = within(state, event, positive(state, event, data.amount, data.currency), left);
  const setOff = data.setOff ?? [];
  const usedUp = setOffParts(state, event, setOff, transfer.feeId);
  within(state, event, sum(usedUp), amount);
  const row = rowOf(state, event, transfer);
  const fee = transfer.feeId === null ? null : (row as Writable<Fee>);
  if (fee !== null) within(state, event, fee.transferReversed - sum(usedUp), fee.transferred - amount);
  record(state, event, data.recallId, 'other', 0, data.currency, 0);
  transfer.recalled += amount;
  row.transferred -= amount;
  if (transfer.expectsSettlement) row.transferPending -= amount;
  row.transactions.push(transaction('recall', data.recallId, amount, data, null, data.transferId));
  if (fee === null) return;
  setOff.forEach(({ creditId }, index) => {
    const credit = creditOf(state, event, creditId);
    const part = usedUp[index] as number;
    credit.applied += part;
    credit.transactions.push(transaction('creditApplied', data.recallId, part, data, null, fee.feeId));
    fee.settledByCredit.external += part;
    fee.transferReversed -= part;
    fee.transactions.push(transaction('creditApplied', data.recallId, part, data, null, creditId));
  });
}

/** What the two kinds of transfer have in common. */
type TransferData = Omit<EventOf<'FeeTransferred'>['data'], 'feeId'>;

function transferRecord(
  data: TransferData,
  feeId: string | null,
  creditId: string | null,
  amount: number,
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

/** The fee or the credit that was handed over. */
function rowOf(
  state: AccountState,
  event: EventOf<'TransferSettled' | 'SettlementReversed' | 'TransferRecalled'>,
  transfer: Transfer,
) {
  if (transfer.feeId !== null) return feeOf(state, event, transfer.feeId);
  return creditOf(state, event, transfer.creditId as string);
}

/** Reads what a recall uses up of external credits of the fee that was handed over. */
function setOffParts(
  state: AccountState,
  event: EventOf<'TransferRecalled'>,
  setOff: readonly CreditPart[],
  feeId: string | null,
): number[] {
  const names = setOff.map(({ creditId }) => creditId);
  const amounts = parts(state, event, setOff, names, event.data.currency);
  for (const [index, creditId] of names.entries()) {
    const credit = creditOf(state, event, creditId);
    if (credit.purpose !== 'external') {
      corrupt(state.eventCount, event, 'ForbiddenPurpose', 'external', credit.purpose);
    }
    if (feeId === null || credit.feeId !== feeId) {
      corrupt(state.eventCount, event, 'WrongCredit', 'a credit of the fee that was transferred', creditId);
    }
    within(state, event, amounts[index] as number, unused(credit));
  }
  return amounts;
}
