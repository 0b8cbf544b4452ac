import type { AccountEvent } from '../../account/events/accountEvent.js';
import { findCredit, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { creditVat, vatOfTransaction } from '../../account/vat.js';
import type { LedgerAccount, Posting } from './ledgerAccount.js';
import { transferOf } from './postedRows.js';

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
