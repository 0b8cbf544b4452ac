import type { EventOf } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { creditsOf } from './creditPostings.js';
import { credit, debit, type LedgerAccount, type Posting } from './ledgerAccount.js';
import { accountOfFee, creditOf, minorIn, receivableOf, transferOf } from './postedRows.js';

/** Posts a transferred fee: the external system collects it instead of the institution. */
export function feeTransferred(
  account: PatronAccount,
  { data }: EventOf<'FeeTransferred'>,
): readonly Posting[] {
  const amount = minorIn(account, data.amount);
  return [
    debit(transferAccount(data), amount, data.feeId),
    credit(receivableOf(account, data.feeId), amount, data.feeId),
  ];
}

/** Posts a transferred credit: the external system pays it out. */
export function creditTransferred(
  account: PatronAccount,
  { data }: EventOf<'CreditTransferred'>,
): readonly Posting[] {
  const { creditId } = data;
  const amount = minorIn(account, data.amount);
  const credits = creditsOf(creditOf(account, creditId).purpose);
  return [debit(credits, amount, creditId), credit(transferAccount(data), amount, creditId)];
}

/** Posts a settlement of a pending amount. */
export function transferSettled(
  account: PatronAccount,
  { data }: EventOf<'TransferSettled'>,
): readonly Posting[] {
  const { feeId, creditId, destination } = transferOf(account, data.transferId);
  const amount = minorIn(account, data.amount) * (feeId === null ? -1 : 1);
  const rowId = feeId ?? creditId;
  return [
    debit(outside('settled', destination), amount, rowId),
    credit(outside('transferred', destination), amount, rowId),
  ];
}

/**
 * Posts a reversed settlement: the amount is pending again. Any part of the surplus already used as a credit was
 * charged to a new fee, booked as revenue although really a debt.
 */
export function settlementReversed(
  account: PatronAccount,
  { data }: EventOf<'SettlementReversed'>,
): readonly Posting[] {
  const { surplus, shortfall } = data;
  const { feeId, creditId, destination } = transferOf(account, data.transferId);
  const amount = minorIn(account, data.amount) * (feeId === null ? -1 : 1);
  const rowId = feeId ?? creditId;
  const postings = [
    debit(outside('transferred', destination), amount, rowId),
    credit(outside('settled', destination), amount, rowId),
  ];
  const fromSurplus = (to: LedgerAccount, text: string, of: string | null) => {
    const minor = minorIn(account, text);
    postings.push(debit(to, minor, of), credit(['settlementSurplus'], minor, null));
  };
  if (surplus !== undefined) {
    fromSurplus(creditsOf('refundable'), surplus.amount, surplus.creditId);
    // The amount kept when the credit was cancelled was never paid.
    if (surplus.cancelled !== undefined) fromSurplus(['forfeited'], surplus.cancelled, null);
  }
  if (shortfall !== undefined) {
    fromSurplus(accountOfFee(account, 'revenue', shortfall.feeId), shortfall.amount, shortfall.feeId);
  }
  return postings;
}

/** Posts a recalled transfer. Any external credits that the recall uses up settle the fee. */
export function transferRecalled(
  account: PatronAccount,
  { data }: EventOf<'TransferRecalled'>,
): readonly Posting[] {
  const transfer = transferOf(account, data.transferId);
  const amount = minorIn(account, data.amount);
  const { feeId, creditId } = transfer;
  if (feeId === null) {
    const row = creditOf(account, creditId as string);
    return [
      debit(transferAccount(transfer), amount, row.creditId),
      credit(creditsOf(row.purpose), amount, row.creditId),
    ];
  }
  const receivable = receivableOf(account, feeId);
  const usedUp = (data.setOff ?? []).flatMap((part) => {
    const minor = minorIn(account, part.amount);
    return [debit(creditsOf('external'), minor, part.creditId), credit(receivable, minor, feeId)];
  });
  return [debit(receivable, amount, feeId), credit(transferAccount(transfer), amount, feeId), ...usedUp];
}

/** Returns the ledger account of a transfer: pending, or settled if no settlement is expected. */
function transferAccount(transfer: {
  readonly destination?: string | null;
  readonly expectsSettlement: boolean;
}): LedgerAccount {
  return outside(transfer.expectsSettlement ? 'transferred' : 'settled', transfer.destination);
}

/** Returns the ledger account of a kind for an external system; by its code if known. */
export function outside(
  kind: 'transferred' | 'settled' | 'remitted' | 'commission',
  destination: string | null | undefined,
): LedgerAccount {
  return destination === null || destination === undefined ? [kind] : [kind, destination];
}
