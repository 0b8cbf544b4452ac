import * as v from 'valibot';
import type { AccountEvent, EventOf } from '../../account/events/accountEvent.js';
import { assertAccount, findCredit, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { creditVat, vatOfTransaction } from '../../account/vat.js';
import { isPatronFeesError, PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { credit, debit, type LedgerAccount, ledgerKey, type Posting } from './ledgerAccount.js';
import {
  accountOfFee,
  creditCancelled,
  creditIssued,
  creditOf,
  creditRefunded,
  creditsOf,
  creditTransferred,
  creditUsed,
  feeOf,
  feeTransferred,
  forgiven,
  minorIn,
  receivableOf,
  refundReversed,
  settlementReversed,
  transferOf,
  transferRecalled,
  transferSettled,
  waiverOf,
} from './transferPostings.js';

/** How events are posted. */
export type PostingOptions = {
  /**
   * When revenue arises: when a fee is charged (`accrual`), or when money for it comes in (`cash`). On cash basis, what
   * is owed, waived or pending at an external system is not posted.
   *
   * @defaultValue `'accrual'`
   */
  readonly basis?: 'accrual' | 'cash';
  /**
   * Whether waived and returned fees of lost items are revenue and an expense (`gross`), or neither (`net`).
   *
   * @defaultValue `'gross'`
   */
  readonly lostItems?: 'gross' | 'net';
};

/** The schemas of {@link PostingOptions}. */
export const postingFields = {
  basis: v.optional(v.picklist(['accrual', 'cash']), 'accrual'),
  lostItems: v.optional(v.picklist(['gross', 'net']), 'gross'),
};

/**
 * Returns the postings of an event to the general ledger. They always sum to zero.
 *
 * These events have no postings: a dispute and its end, the return of a lost item (only its credits have postings), the
 * end of a fine's growth, a cancellation of zero, and an increase of zero that only records a total.
 *
 * @param event - an event
 * @param account - the account right after the event or any later one; only data that never changes is read from it
 * @param options - accrual or cash basis; how waived and returned lost items are posted
 * @returns the postings; empty if no money moves
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has no row that the event refers
 * to; `INVALID_EVENT` for an invalid event; `INVALID_ACCOUNT` for an invalid account
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { postingsOf } from 'patron-fees/reports';
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
export function postingsOf(
  event: AccountEvent,
  account: PatronAccount,
  options: PostingOptions = {},
): readonly Posting[] {
  assertAccount(account);
  checkedArgument(v.object(postingFields), options, 'options');
  try {
    return posted(event, account, options);
  } catch (error) {
    if (isPatronFeesError(error)) throw error;
    throw new PatronFeesError('INVALID_EVENT', 'expected an event that the account has taken in');
  }
}

/** Returns the postings of an event, for an account to which the event has just been applied. */
export function posted(
  event: AccountEvent,
  account: PatronAccount,
  { basis = 'accrual', lostItems = 'gross' }: PostingOptions = {},
): readonly Posting[] {
  const accrual = accrued(event, account).filter(({ amountMinor }) => amountMinor !== 0);
  const onBasis = basis === 'cash' ? onCashBasis(accrual, event, account) : accrual;
  return withVat(lostItems === 'net' ? withoutForgivenLostItems(onBasis, account) : onBasis, event, account);
}

/** Books waivers and returns of lost-item fees against their revenue. Write-offs stay a loss. */
function withoutForgivenLostItems(postings: readonly Posting[], account: PatronAccount): readonly Posting[] {
  return postings.map((posting) => {
    const [kind, owner, feeType] = posting.account;
    const isForgiven =
      kind === 'returns' || (kind === 'waivers' && feeOf(account, posting.rowId as string).lostItem);
    return isForgiven ? { ...posting, account: ['revenue', owner as string, feeType as string] } : posting;
  });
}

/** Returns the postings of an event on accrual basis, gross; those of zero move nothing. */
function accrued(event: AccountEvent, account: PatronAccount): readonly Posting[] {
  switch (event.type) {
    case 'FeeAssessed':
    case 'FeeIncreased':
      return feeCharged(account, event);
    case 'FeeWaived':
      return lessOwed(account, event, forgiven(event.data.writeOff === true), 1);
    case 'WaiverReversed':
      return lessOwed(account, event, forgiven(waiverOf(account, event.data.waiverId).writeOff), -1);
    case 'FeeCancelled':
      return lessOwed(account, event, 'revenue', 1);
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
    case 'PaymentPlanAgreed':
    case 'PaymentPlanEnded':
    case 'AccountMerged':
    case 'AccountJoined':
    case 'AccountSeparated':
    case 'AccountPurged':
      return [];
    default:
      return unknown(event);
  }
}

/** Never called: makes the compiler require a case for every type of event. */
function unknown(_event: never): never {
  throw new PatronFeesError('INVALID_EVENT', 'expected an event type of this library');
}

function feeCharged(
  account: PatronAccount,
  { data }: EventOf<'FeeAssessed' | 'FeeIncreased'>,
): readonly Posting[] {
  const { feeId } = data;
  const amount = minorIn(account, data.amount);
  return [
    debit(receivableOf(account, feeId), amount, feeId),
    credit(accountOfFee(account, 'revenue', feeId), amount, feeId),
  ];
}

/** Posts a reduction of what is owed on a fee (sign 1), or its undoing (sign -1). */
function lessOwed(
  account: PatronAccount,
  { data }: EventOf<'FeeWaived' | 'WaiverReversed' | 'FeeCancelled'>,
  kind: 'waivers' | 'writeOffs' | 'revenue',
  sign: 1 | -1,
): readonly Posting[] {
  const { feeId } = data;
  const amount = sign * minorIn(account, data.amount);
  return [
    debit(accountOfFee(account, kind, feeId), amount, feeId),
    credit(receivableOf(account, feeId), amount, feeId),
  ];
}

/** Posts a payment: for its fees, and for the credit of an overpayment. */
function paymentReceived(account: PatronAccount, { data }: EventOf<'PaymentReceived'>): readonly Posting[] {
  const { method, allocations, overpayment } = data;
  const postings = [debit(['cash', method], minorIn(account, data.amount), null)];
  for (const { feeId, amount } of allocations) {
    postings.push(credit(receivableOf(account, feeId), minorIn(account, amount), feeId));
  }
  if (overpayment !== undefined) {
    const { creditId, amount } = overpayment;
    postings.push(credit(creditsOf('refundable'), minorIn(account, amount), creditId));
  }
  return postings;
}

/**
 * Posts a reversed payment. Any part already used as a credit was charged to a new fee, booked as revenue although
 * really a debt of the patron for money that was paid out.
 */
function paymentReversed(account: PatronAccount, { data }: EventOf<'PaymentReversed'>): readonly Posting[] {
  const { method, allocations, overpayment, shortfall } = data;
  const postings = [credit(['cash', method], minorIn(account, data.amount), null)];
  for (const { feeId, amount } of allocations) {
    postings.push(debit(receivableOf(account, feeId), minorIn(account, amount), feeId));
  }
  if (overpayment !== undefined) {
    const { creditId, amount, cancelled } = overpayment;
    postings.push(debit(creditsOf('refundable'), minorIn(account, amount), creditId));
    // The money was kept when the credit was cancelled, and is paid out now.
    if (cancelled !== undefined) postings.push(debit(['forfeited'], minorIn(account, cancelled), null));
  }
  if (shortfall !== undefined) {
    const { feeId, amount } = shortfall;
    postings.push(debit(accountOfFee(account, 'revenue', feeId), minorIn(account, amount), feeId));
  }
  return postings;
}

/** The kinds of accounts that show amounts without tax. */
const netKinds: ReadonlySet<LedgerAccount[0]> = new Set([
  'revenue',
  'waivers',
  'writeOffs',
  'returns',
  'forfeited',
]);

/**
 * Moves the tax of a fee from its revenue, waivers, write-offs, returns and forfeited credits to the tax account of its
 * rate. Every other posting of the fee has the tax that its amount includes.
 *
 * @param postings - the postings of an event, with gross amounts
 * @param event - the event
 * @param account - the account right after the event or any later one
 * @returns the postings; unchanged for fees without tax
 */
export function withVat(
  postings: readonly Posting[],
  event: AccountEvent,
  account: PatronAccount,
): readonly Posting[] {
  if (!postings.some(({ rowId }) => percentOf(account, rowId) !== null)) return postings;
  return postings.flatMap((posting): Posting[] => {
    const { account: ledgerAccount, amountMinor, rowId } = posting;
    const vatPercent = percentOf(account, rowId);
    if (vatPercent === null) return [posting];
    const vatMinor = Math.sign(amountMinor) * taxOf(event, account, rowId as string);
    if (!netKinds.has(ledgerAccount[0])) return [{ ...posting, vatPercent, vatMinor }];
    const tax = { account: ['vat', String(vatPercent)], amountMinor: vatMinor, rowId, vatPercent } as const;
    return [{ ...posting, amountMinor: amountMinor - vatMinor, vatPercent }, tax].filter(
      (line) => line.amountMinor !== 0,
    );
  });
}

/** Returns the tax rate of the fee with an id; null if it has none, or if the id is not that of a fee. */
function percentOf(account: PatronAccount, rowId: string | null): number | null {
  return rowId === null ? null : (findFee(account, rowId)?.vatPercent ?? null);
}

/** Returns the tax that the amount of an event includes, for one of its fees. */
function taxOf(event: AccountEvent, account: PatronAccount, feeId: string): number {
  const id = transactionIdOf(event);
  const credit = findCredit(account, transferredCreditOf(event, account) ?? '');
  if (credit === undefined) return vatOfTransaction(account, feeId, id);
  const index = credit.transactions.findIndex((transaction) => transaction.id === id);
  return creditVat(account, credit)[index] ?? 0;
}

/** Returns the credit that was transferred, if the event is about the transfer of a credit. */
function transferredCreditOf({ type, data }: AccountEvent, account: PatronAccount): string | null {
  switch (type) {
    case 'CreditTransferred':
      return data.creditId;
    case 'TransferSettled':
    case 'SettlementReversed':
    case 'TransferRecalled':
      return transferOf(account, data.transferId).creditId;
    default:
      return null;
  }
}

/** The fields with the id of an event's transaction: the first one that the event has. */
const idFields = [
  'reversalId',
  'recallId',
  'cancellationId',
  'settlementId',
  'applicationId',
  'increaseId',
  'waiverId',
  'paymentId',
  'transferId',
  'creditId',
  'feeId',
] as const;

function transactionIdOf({ data }: AccountEvent): string {
  const ids: Readonly<Partial<Record<(typeof idFields)[number], string>>> = data as object;
  const field = idFields.find((name) => ids[name] !== undefined);
  return field === undefined ? '' : (ids[field] as string);
}

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
