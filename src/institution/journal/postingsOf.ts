import type { AccountEvent, EventOf } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { assertAccount } from '../../account/safeAccount.js';
import { isPatronFeesError, PatronFeesError } from '../../errors.js';
import {
  creditCancelled,
  creditIssued,
  creditRefunded,
  creditsOf,
  creditUsed,
  refundReversed,
} from './creditPostings.js';
import { accountOfFee, minorOf, receivableOf } from './postedRows.js';
import { credit, debit, type Posting } from './posting.js';
import {
  creditTransferred,
  feeTransferred,
  settlementReversed,
  transferRecalled,
  transferSettled,
} from './transferPostings.js';

/**
 * What an event posts to the general ledger. Its postings always sum to zero.
 *
 * A dispute and its end post nothing, nor does the return of a lost item (the credits it brings do), nor the end of
 * a fine's growth, nor a cancellation of nothing.
 *
 * @param event - an event
 * @param account - the account right after the event or at any later time: only what never changes is looked up in it
 * @returns the postings; empty where no money moves
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` when the event speaks of what the account does not have;
 * `INVALID_EVENT` for what is no event; `INVALID_ACCOUNT` for what is no account
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { postingsOf } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at };
 * const assessed = { type: 'FeeAssessed', data: fee } as const;
 * postingsOf(assessed, fold([assessed]));
 * //=> [
 * //     { account: ['receivable', 'MAIN'], amountMinor: 2500, rowId: 'f1' },
 * //     { account: ['revenue', 'MAIN', 'OTHER'], amountMinor: -2500, rowId: 'f1' },
 * //   ]
 * ```
 */
export function postingsOf(event: AccountEvent, account: PatronAccount): readonly Posting[] {
  assertAccount(account);
  try {
    return posted(event, account);
  } catch (error) {
    if (isPatronFeesError(error)) throw error;
    throw new PatronFeesError('INVALID_EVENT', 'expected an event that the account has taken in');
  }
}

/** The same, for an account that has just taken in the event. */
export function posted(event: AccountEvent, account: PatronAccount): readonly Posting[] {
  switch (event.type) {
    case 'FeeAssessed':
    case 'FeeIncreased':
      return feeCharged(account, event);
    case 'FeeWaived':
      return lessOwed(account, event, 'waivers', 1);
    case 'WaiverReversed':
      return lessOwed(account, event, 'waivers', -1);
    case 'FeeCancelled':
      return minorOf(account, event.data.amount) === 0 ? [] : lessOwed(account, event, 'revenue', 1);
    case 'PaymentReceived':
      return paymentReceived(account, event);
    case 'PaymentReversed':
      return paymentReversed(account, event);
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return creditIssued(account, event);
    case 'CreditApplied':
      return creditUsed(account, event, 1);
    case 'CreditApplicationReversed':
      return creditUsed(account, event, -1);
    case 'CreditCancelled':
      return creditCancelled(account, event);
    case 'CreditRefunded':
      return creditRefunded(account, event);
    case 'RefundReversed':
      return refundReversed(account, event);
    case 'FeeTransferred':
      return feeTransferred(account, event);
    case 'CreditTransferred':
      return creditTransferred(account, event);
    case 'TransferSettled':
      return transferSettled(account, event);
    case 'SettlementReversed':
      return settlementReversed(account, event);
    case 'TransferRecalled':
      return transferRecalled(account, event);
    case 'FeeDisputed':
    case 'DisputeResolved':
    case 'LostItemReturned':
    case 'AccrualEnded':
      return [];
    default:
      return unknown(event);
  }
}

/** Takes nothing: the compiler asks for a case for every type of event. */
function unknown(_event: never): never {
  throw new PatronFeesError('INVALID_EVENT', 'expected an event type of this library');
}

function feeCharged(
  account: PatronAccount,
  { data }: EventOf<'FeeAssessed' | 'FeeIncreased'>,
): readonly Posting[] {
  const { feeId } = data;
  const amount = minorOf(account, data.amount);
  return [
    debit(receivableOf(account, feeId), amount, feeId),
    credit(accountOfFee(account, 'revenue', feeId), amount, feeId),
  ];
}

/** Less is owed on a fee (sign 1), or it is owed again (sign -1). */
function lessOwed(
  account: PatronAccount,
  { data }: EventOf<'FeeWaived' | 'WaiverReversed' | 'FeeCancelled'>,
  kind: 'waivers' | 'revenue',
  sign: 1 | -1,
): readonly Posting[] {
  const { feeId } = data;
  const amount = sign * minorOf(account, data.amount);
  return [
    debit(accountOfFee(account, kind, feeId), amount, feeId),
    credit(receivableOf(account, feeId), amount, feeId),
  ];
}

/** Money comes in, for fees and for the credit that what is above becomes. */
function paymentReceived(account: PatronAccount, { data }: EventOf<'PaymentReceived'>): readonly Posting[] {
  const { method, allocations, overpayment } = data;
  const postings = [debit(['cash', method], minorOf(account, data.amount), null)];
  for (const { feeId, amount } of allocations) {
    postings.push(credit(receivableOf(account, feeId), minorOf(account, amount), feeId));
  }
  if (overpayment !== undefined) {
    const { creditId, amount } = overpayment;
    postings.push(credit(creditsOf('refundable'), minorOf(account, amount), creditId));
  }
  return postings;
}

/**
 * Money goes back. What of it had been used as a credit was charged to a new fee, as revenue that is none: it is a
 * debt of the patron for money that went out.
 */
function paymentReversed(account: PatronAccount, { data }: EventOf<'PaymentReversed'>): readonly Posting[] {
  const { method, allocations, overpayment, shortfall } = data;
  const postings = [credit(['cash', method], minorOf(account, data.amount), null)];
  for (const { feeId, amount } of allocations) {
    postings.push(debit(receivableOf(account, feeId), minorOf(account, amount), feeId));
  }
  if (overpayment !== undefined) {
    const { creditId, amount, cancelled } = overpayment;
    const unused = minorOf(account, amount);
    if (unused > 0) postings.push(debit(creditsOf('refundable'), unused, creditId));
    // The money was kept when the credit was cancelled, and goes back now.
    if (cancelled !== undefined) postings.push(debit(['forfeited'], minorOf(account, cancelled), null));
  }
  if (shortfall !== undefined) {
    const { feeId, amount } = shortfall;
    postings.push(debit(accountOfFee(account, 'revenue', feeId), minorOf(account, amount), feeId));
  }
  return postings;
}
