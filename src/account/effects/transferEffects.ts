import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import { type Fee, owed } from '../fee.js';
import { type Transfer, transferPendingOf } from '../records.js';
import {
  type AccountState,
  creditOf,
  type EventOf,
  feeOf,
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
  record(state, event, data.settlementId, 'other', 0, data.currency, 0);
  const row = rowOf(state, event, transfer);
  transfer.settled += amount;
  row.transferPending -= amount;
  row.transactions.push(
    transaction('settlement', data.settlementId, amount, data, null, data.externalReference),
  );
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
  event: EventOf<'TransferSettled' | 'TransferRecalled'>,
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
