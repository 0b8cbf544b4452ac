import type { EventOf } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { creditsOf } from './creditPostings.js';
import type { LedgerAccount } from './ledgerAccount.js';
import { accountOfFee, creditOf, minorOf, receivableOf, transferOf } from './postedRows.js';
import { credit, debit, type Posting } from './posting.js';

/** A fee is handed over: no longer the patron's debt here, but the external system's to collect. */
export function feeTransferred(
  account: PatronAccount,
  { data }: EventOf<'FeeTransferred'>,
): readonly Posting[] {
  const amount = minorOf(account, data.amount);
  return [
    debit(takenOver(data), amount, data.feeId),
    credit(receivableOf(account, data.feeId), amount, data.feeId),
  ];
}

/** A credit is handed over: the external system's to give. */
export function creditTransferred(
  account: PatronAccount,
  { data }: EventOf<'CreditTransferred'>,
): readonly Posting[] {
  const { creditId } = data;
  const amount = minorOf(account, data.amount);
  const credits = creditsOf(creditOf(account, creditId).purpose);
  return [debit(credits, amount, creditId), credit(takenOver(data), amount, creditId)];
}

/** What was pending is pending no more. */
export function transferSettled(
  account: PatronAccount,
  { data }: EventOf<'TransferSettled'>,
): readonly Posting[] {
  const { feeId, creditId, destination } = transferOf(account, data.transferId);
  const amount = minorOf(account, data.amount) * (feeId === null ? -1 : 1);
  const rowId = feeId ?? creditId;
  return [
    debit(outside('settled', destination), amount, rowId),
    credit(outside('transferred', destination), amount, rowId),
  ];
}

/**
 * What was settled is pending again. What of the surplus had been used as a credit was charged to a new fee, booked as
 * revenue although really a debt.
 */
export function settlementReversed(
  account: PatronAccount,
  { data }: EventOf<'SettlementReversed'>,
): readonly Posting[] {
  const { surplus, shortfall } = data;
  const { feeId, creditId, destination } = transferOf(account, data.transferId);
  const amount = minorOf(account, data.amount) * (feeId === null ? -1 : 1);
  const rowId = feeId ?? creditId;
  const postings =
    amount === 0
      ? []
      : [
          debit(outside('transferred', destination), amount, rowId),
          credit(outside('settled', destination), amount, rowId),
        ];
  const fromSurplus = (to: LedgerAccount, text: string, of: string | null) => {
    const minor = minorOf(account, text);
    if (minor > 0) postings.push(debit(to, minor, of), credit(['settlementSurplus'], minor, null));
  };
  if (surplus !== undefined) {
    fromSurplus(creditsOf('refundable'), surplus.amount, surplus.creditId);
    // What was kept when the credit was cancelled was never paid.
    if (surplus.cancelled !== undefined) fromSurplus(['forfeited'], surplus.cancelled, null);
  }
  if (shortfall !== undefined) {
    fromSurplus(accountOfFee(account, 'revenue', shortfall.feeId), shortfall.amount, shortfall.feeId);
  }
  return postings;
}

/** What was handed over is back; external credits that this uses up settle the fee. */
export function transferRecalled(
  account: PatronAccount,
  { data }: EventOf<'TransferRecalled'>,
): readonly Posting[] {
  const transfer = transferOf(account, data.transferId);
  const amount = minorOf(account, data.amount);
  const { feeId, creditId } = transfer;
  if (feeId === null) {
    const row = creditOf(account, creditId as string);
    return [
      debit(takenOver(transfer), amount, row.creditId),
      credit(creditsOf(row.purpose), amount, row.creditId),
    ];
  }
  const receivable = receivableOf(account, feeId);
  const usedUp = (data.setOff ?? []).flatMap((part) => {
    const minor = minorOf(account, part.amount);
    return [debit(creditsOf('external'), minor, part.creditId), credit(receivable, minor, feeId)];
  });
  return [debit(receivable, amount, feeId), credit(takenOver(transfer), amount, feeId), ...usedUp];
}

/** Where an external system has what it took over: pending, or for good where no settlement is expected. */
function takenOver(transfer: {
  readonly destination?: string | null;
  readonly expectsSettlement: boolean;
}): LedgerAccount {
  return outside(transfer.expectsSettlement ? 'transferred' : 'settled', transfer.destination);
}

/** What an external system has in one of the two ways; by its code where one was told. */
export function outside(
  kind: 'transferred' | 'settled',
  destination: string | null | undefined,
): LedgerAccount {
  return destination === null || destination === undefined ? [kind] : [kind, destination];
}
