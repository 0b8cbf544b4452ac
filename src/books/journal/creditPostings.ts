import type { CreditPurpose } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { EventOf } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { credit, debit, type LedgerAccount, type Posting } from './ledgerAccount.js';
import { accountOfFee, creditOf, minorIn, receivableOf, refundOf } from './postedRows.js';

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
