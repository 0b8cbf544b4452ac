import type { CreditCause, CreditPurpose } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { EventOf } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { LedgerAccount } from './ledgerAccount.js';
import { accountOfFee, creditOf, minorOf, receivableOf, refundOf } from './postedRows.js';
import { credit, debit, type Posting } from './posting.js';

/** What the institution owes patrons who have credits of a purpose. */
export function creditsOf(purpose: CreditPurpose): LedgerAccount {
  return ['credits', purpose];
}

/** A credit that came from no payment: what it was given for, to the patron. */
export function creditIssued(
  account: PatronAccount,
  { data }: EventOf<'CreditIssued' | 'LostItemCreditIssued'>,
): readonly Posting[] {
  const amount = minorOf(account, data.amount);
  const { creditId, cause, purpose, feeId = null } = data;
  return [
    debit(givenFor(account, cause, feeId), amount, feeId),
    credit(creditsOf(purpose), amount, creditId),
  ];
}

/** What a credit is given for, and what it goes back to when it is withdrawn. */
function givenFor(account: PatronAccount, cause: CreditCause, feeId: string | null): LedgerAccount {
  switch (cause) {
    case 'waived':
      return accountOfFee(account, 'waivers', feeId as string);
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
      // Issued by its payment; only ever withdrawn here.
      return ['forfeited'];
  }
}

/** A credit settles fees (sign 1), or does so no more (sign -1). */
export function creditUsed(
  account: PatronAccount,
  { data }: EventOf<'CreditApplied' | 'CreditApplicationReversed'>,
  sign: 1 | -1,
): readonly Posting[] {
  const { creditId, allocations } = data;
  const credits = creditsOf(creditOf(account, creditId).purpose);
  return allocations.flatMap(({ feeId, amount }) => {
    const minor = sign * minorOf(account, amount);
    return [debit(credits, minor, creditId), credit(receivableOf(account, feeId), minor, feeId)];
  });
}

/** What is unused of a credit goes back to where it came from; the money behind one that somebody paid for is kept. */
export function creditCancelled(
  account: PatronAccount,
  { data }: EventOf<'CreditCancelled'>,
): readonly Posting[] {
  const { creditId } = data;
  const { cause, purpose, feeId } = creditOf(account, creditId);
  const amount = minorOf(account, data.amount);
  const back: LedgerAccount = cause === 'settlement' ? ['forfeited'] : givenFor(account, cause, feeId);
  return [debit(creditsOf(purpose), amount, creditId), credit(back, amount, feeId)];
}

/** Money goes out for a credit. */
export function creditRefunded(
  account: PatronAccount,
  { data }: EventOf<'CreditRefunded'>,
): readonly Posting[] {
  return paidOut(data.method, creditOf(account, data.creditId), minorOf(account, data.amount));
}

/** It came back, by the way on which it went out. */
export function refundReversed(
  account: PatronAccount,
  { data }: EventOf<'RefundReversed'>,
): readonly Posting[] {
  const { method } = refundOf(account, data.refundId);
  return paidOut(method, creditOf(account, data.creditId), -minorOf(account, data.amount));
}

function paidOut(method: string, { creditId, purpose }: Credit, amount: number): readonly Posting[] {
  return [debit(creditsOf(purpose), amount, creditId), credit(['cash', method], amount, null)];
}
