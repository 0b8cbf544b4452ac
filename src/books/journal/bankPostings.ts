import { minorUnits } from '../../money/money.js';
import { type BankRecord, foldBankAccount, idOfRecord } from '../../office/bank/bankAccount.js';
import type { BankEntryConfirmed, BankEvent, BankItem, BankItemEnded } from '../../office/bank/bankEvents.js';
import { credit, debit, type LedgerAccount, type Posting } from './ledgerAccount.js';
import { outside } from './transferPostings.js';

/**
 * Returns the postings of the events of one account at a bank. What was deposited, returned, handed over or paid out is
 * booked on the account `bank` once an entry of the bank confirms it. What a person ended is booked as over or short,
 * or on the account of its reason. The bank's own entries, such as fees, are booked on the account of their reason,
 * too.
 *
 * @param bank - the name of the bank account
 * @param events - all its events, in the stream's order
 * @returns the postings of each event, which sum to zero
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideBank, noBankAccount } from 'patron-fees/office';
 * import { bankPostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const deposit = { type: 'DepositFromSafe', id: 'd1', amount: '300', at: '2026-03-03T09:00:00Z', by } as const;
 * const { events } = decideBank(deposit, noBankAccount, definePolicy({ currency: 'USD' }));
 * bankPostings('GIRO', events)[0]?.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['deposited,CASH', 30000], ['safe', -30000]]
 * ```
 */
export function bankPostings(bank: string, events: readonly BankEvent[]): readonly (readonly Posting[])[] {
  foldBankAccount(events);
  const posted = new Map<string, readonly Posting[]>();
  return [...events].map((event) => {
    if (event.type === 'BankRecordReversed') {
      const postings = posted.get(event.data.recordId) as readonly Posting[];
      return postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor }));
    }
    const postings = postingsOf(bank, event);
    posted.set(idOfRecord(event), postings);
    return postings;
  });
}

function postingsOf(bank: string, event: BankRecord): readonly Posting[] {
  switch (event.type) {
    case 'SafeDeposited':
      return deposited(event.data);
    case 'BankEntryConfirmed':
      return confirmed(bank, event.data);
    case 'BankEntryBooked': {
      const minor = Number(minorUnits(event.data.amount));
      return [debit(['bank', bank], minor, null), credit(['bankOther', event.data.reason], minor, null)];
    }
    case 'BankItemEnded':
      return ended(bank, event.data);
  }
}

function deposited({
  method,
  amount,
}: {
  readonly method: string;
  readonly amount: string;
}): readonly Posting[] {
  const minor = Number(minorUnits(amount));
  return [debit(['deposited', method], minor, null), credit(['safe'], minor, null)];
}

function confirmed(
  bank: string,
  { amount, items, difference }: BankEntryConfirmed['data'],
): readonly Posting[] {
  const postings = items.map((item) => credit(accountOf(item), Number(minorUnits(item.amount)), null));
  const rest =
    difference === undefined
      ? []
      : [
          credit(
            difference.kind === 'charges' ? ['bankCharges', bank] : overOrShort(bank, items),
            Number(minorUnits(difference.amount)),
            null,
          ),
        ];
  return [debit(['bank', bank], Number(minorUnits(amount)), null), ...postings, ...rest];
}

function ended(bank: string, { item, reason }: BankItemEnded['data']): readonly Posting[] {
  const minor = Number(minorUnits(item.amount));
  const account: LedgerAccount = reason === undefined ? overOrShort(bank, [item]) : ['bankOther', reason];
  return [debit(account, minor, null), credit(accountOf(item), minor, null)];
}

/** Returns the account on which the money of an item waits for the bank. */
function accountOf(item: BankItem): LedgerAccount {
  switch (item.kind) {
    case 'deposit':
    case 'safeDeposit':
      return ['deposited', item.method];
    case 'returned':
      // The account's reversal has taken it from there.
      return ['cash', item.method];
    case 'remittance':
      return outside('remitted', item.destination);
    case 'payout':
      return ['paidOut', item.method];
  }
}

function overOrShort(bank: string, items: readonly BankItem[]): LedgerAccount {
  const method = items
    .map((item) => ('method' in item ? item.method : undefined))
    .find((found) => found !== undefined);
  return method === undefined ? ['bankCharges', bank] : ['overShort', method];
}
