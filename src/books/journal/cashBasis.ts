import type { AccountEvent } from '../../account/events/accountEvent.js';
import { findCredit, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { ledgerKey, type Posting } from './ledgerAccount.js';
import { accountOfFee, creditOf } from './postedRows.js';

/**
 * Returns the postings of an event on cash basis: revenue arises when money comes in, here or at an external system,
 * and falls when it is given back. What is only owed, waived or pending is not posted.
 *
 * @param postings - the event's postings on accrual basis, which sum to zero
 * @param event - the event
 * @param account - the account right after the event or any later one
 * @returns the postings, which sum to zero; empty if no money moves
 */
export function onCashBasis(
  postings: readonly Posting[],
  event: AccountEvent,
  account: PatronAccount,
): readonly Posting[] {
  if (isGoodwill(event, account)) return [];
  const isMoneyBack =
    (event.type === 'LostItemCreditIssued' && event.data.purpose === 'refundable') ||
    (event.type === 'CreditCancelled' && creditOf(account, event.data.creditId).purpose === 'refundable');
  const sums = new Map<string, Posting>();
  for (const posting of postings) {
    const feeId = openFeeOf(posting, account, isMoneyBack);
    const moved: Posting =
      feeId === null
        ? posting
        : { ...posting, account: accountOfFee(account, 'revenue', feeId), rowId: feeId };
    const key = `${ledgerKey(moved.account)}\u0000${moved.rowId}`;
    const amountMinor = moved.amountMinor + (sums.get(key)?.amountMinor ?? 0);
    sums.set(key, { ...moved, amountMinor });
  }
  return [...sums.values()].filter(({ amountMinor }) => amountMinor !== 0);
}

/** Returns whether an event gives, uses or withdraws goodwill, which is not money. */
function isGoodwill({ type, data }: AccountEvent, account: PatronAccount): boolean {
  switch (type) {
    case 'CreditIssued':
      return data.purpose === 'goodwill';
    case 'CreditApplied':
    case 'CreditApplicationReversed':
    case 'CreditCancelled':
      return creditOf(account, data.creditId).purpose === 'goodwill';
    default:
      return false;
  }
}

/**
 * Returns the fee whose revenue a posting changes on cash basis, or null if the posting stays as it is. An open amount
 * of a fee is not revenue yet, on any account, so postings between such accounts cancel out.
 */
function openFeeOf(
  { account: [kind, code], rowId }: Posting,
  account: PatronAccount,
  isMoneyBack: boolean,
): string | null {
  if (rowId === null) return null;
  const feeId = findFee(account, rowId) === undefined ? (findCredit(account, rowId)?.feeId ?? null) : rowId;
  switch (kind) {
    case 'receivable':
    case 'waivers':
    case 'writeOffs':
      return feeId;
    case 'returns':
      return isMoneyBack ? null : feeId;
    case 'credits':
      return code === 'setOff' || code === 'external' ? feeId : null;
    case 'transferred':
      return findCredit(account, rowId)?.purpose === 'refundable' ? null : feeId;
    default:
      return null;
  }
}
