import type { CreditPurpose } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { EventOf } from '../../account/events/accountEvent.js';
import type { Fee } from '../../account/fee.js';
import {
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { Refund, Transfer, Waiver } from '../../account/records.js';
import { PatronFeesError } from '../../errors.js';
import { parseAmount } from '../../money/money.js';
import { credit, debit, type LedgerAccount, type Posting } from './ledgerAccount.js';

// Postings read only what never changes in the account. So the account may be the one right after the event or any
// later one.

/** Parses an amount of the account's currency to minor units. */
export function minorIn(account: PatronAccount, amount: string): number {
  const minor = parseAmount(amount, account.minorDigits);
  if (minor >= 0) return minor;
  throw new PatronFeesError('INVALID_EVENT', `expected an amount with ${account.minorDigits} decimals`);
}

/** Returns the fee with an id. */
export function feeOf(account: PatronAccount, feeId: string): Fee {
  return findFee(account, feeId) ?? missing('fee', feeId);
}

/** Returns the credit with an id. */
export function creditOf(account: PatronAccount, creditId: string): Credit {
  return findCredit(account, creditId) ?? missing('credit', creditId);
}

/** Returns the transfer with an id. */
export function transferOf(account: PatronAccount, transferId: string): Transfer {
  return findTransfer(account, transferId) ?? missing('transfer', transferId);
}

/** Returns the waiver with an id. */
export function waiverOf(account: PatronAccount, waiverId: string): Waiver {
  return account.waivers[positionOf(account, 'waiver', waiverId)] ?? missing('waiver', waiverId);
}

/** Returns the refund with an id. */
export function refundOf(account: PatronAccount, refundId: string): Refund {
  return account.refunds[positionOf(account, 'refund', refundId)] ?? missing('refund', refundId);
}

/** Returns the receivable account of a fee's library. */
export function receivableOf(account: PatronAccount, feeId: string): LedgerAccount {
  return ['receivable', feeOf(account, feeId).owner];
}

/** Returns the account of a kind for a fee's library and type. */
export function accountOfFee(
  account: PatronAccount,
  kind: 'revenue' | 'waivers' | 'writeOffs' | 'returns',
  feeId: string,
): LedgerAccount {
  const { owner, feeType } = feeOf(account, feeId);
  return [kind, owner, feeType];
}

function missing(kind: string, id: string): never {
  throw new PatronFeesError('NOT_FOUND', `the account has no ${kind} ${id}`, { kind, id });
}

/** Returns the ledger account of credits with a purpose, which the institution owes patrons. */
export function creditsOf(purpose: CreditPurpose): LedgerAccount {
  return ['credits', purpose];
}

/** Posts a credit that did not come from a payment, against the account of its cause. */
export function creditIssued(
  account: PatronAccount,
  { data }: EventOf<'CreditIssued' | 'LostItemCreditIssued'>,
): readonly Posting[] {
  const amount = minorIn(account, data.amount);
  const { creditId, cause, purpose, feeId = null, writeOff = false } = data;
  return [
    debit(accountOfCause(account, { cause, feeId, writeOff }), amount, feeId),
    credit(creditsOf(purpose), amount, creditId),
  ];
}

/** Returns the kind of ledger account for waivers, or for those that are write-offs. */
export function forgiven(writeOff: boolean): 'waivers' | 'writeOffs' {
  return writeOff ? 'writeOffs' : 'waivers';
}

/** Returns the ledger account of a credit's cause, which is also used when the credit is withdrawn. */
function accountOfCause(
  account: PatronAccount,
  { cause, feeId, writeOff }: Pick<Credit, 'cause' | 'feeId' | 'writeOff'>,
): LedgerAccount {
  switch (cause) {
    case 'waived':
      return accountOfFee(account, forgiven(writeOff), feeId as string);
    case 'returned':
      return accountOfFee(account, 'returns', feeId as string);
    case 'cancelled':
      return accountOfFee(account, 'revenue', feeId as string);
    case 'settlement':
      return ['settlementSurplus'];
    case 'manual':
      return ['goodwill'];
    case 'imported':
      return ['imported'];
    case 'overpayment':
      // Issued by its payment; here it can only be withdrawn.
      return ['forfeited'];
  }
}

/** Posts the use of a credit on fees (sign 1), or the undoing of that use (sign -1). */
export function creditUsed(
  account: PatronAccount,
  { data }: EventOf<'CreditApplied' | 'CreditApplicationReversed'>,
  sign: 1 | -1,
): readonly Posting[] {
  const { creditId, allocations } = data;
  const credits = creditsOf(creditOf(account, creditId).purpose);
  return allocations.flatMap(({ feeId, amount }) => {
    const minor = sign * minorIn(account, amount);
    return [debit(credits, minor, creditId), credit(receivableOf(account, feeId), minor, feeId)];
  });
}

/**
 * Posts the unused amount of a cancelled credit back to where it came from; the money behind a paid or forfeited one is
 * kept.
 */
export function creditCancelled(
  account: PatronAccount,
  { data }: EventOf<'CreditCancelled'>,
): readonly Posting[] {
  const { creditId } = data;
  const credited = creditOf(account, creditId);
  const { cause, purpose, feeId } = credited;
  const amount = minorIn(account, data.amount);
  const isKept = cause === 'settlement' || (data.forfeited === true && purpose === 'refundable');
  const back: LedgerAccount = isKept ? ['forfeited'] : accountOfCause(account, credited);
  return [debit(creditsOf(purpose), amount, creditId), credit(back, amount, feeId)];
}

/** Posts the refund of a credit. */
export function creditRefunded(
  account: PatronAccount,
  { data }: EventOf<'CreditRefunded'>,
): readonly Posting[] {
  return paidOut(data.method, creditOf(account, data.creditId), minorIn(account, data.amount));
}

/** Posts a reversed refund, by the method of the refund. */
export function refundReversed(
  account: PatronAccount,
  { data }: EventOf<'RefundReversed'>,
): readonly Posting[] {
  const { method } = refundOf(account, data.refundId);
  return paidOut(method, creditOf(account, data.creditId), -minorIn(account, data.amount));
}

function paidOut(method: string, { creditId, purpose }: Credit, amount: number): readonly Posting[] {
  return [debit(creditsOf(purpose), amount, creditId), credit(['cash', method], amount, null)];
}

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
