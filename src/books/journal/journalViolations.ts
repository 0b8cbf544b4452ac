import type { CreditCause } from '../../account/circumstances.js';
import { type Credit, unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, remaining } from '../../account/fee.js';
import type { Violation } from '../../account/invariants.js';
import {
  type AccountState,
  balancesInMinorUnits,
  emptyAccount,
  type PatronAccount,
} from '../../account/patronAccount.js';
import { reversedOf, transferPendingOf } from '../../account/records.js';
import type { Transaction } from '../../account/transaction.js';
import { feeVat } from '../../account/vat.js';
import { entriesOn } from './journal.js';
import { addTo, type Ledger, type LedgerAccount, ledgerAccountName, type Posting } from './ledgerAccount.js';
import { accountOfFee, creditOf, creditsOf, feeOf, forgiven, outside, waiverOf } from './transferPostings.js';

/**
 * Checks the journal of an account after each of its events: every entry sums to zero, and each ledger account and
 * balance matches the patron account, fee by fee and credit by credit.
 *
 * @param events - the events, from the first of a stream
 * @returns the violations after the first event with any; empty for every history that folds
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { journalViolations } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at };
 * journalViolations([{ type: 'FeeAssessed', data: fee }]); //=> []
 * ```
 */
export function journalViolations(events: Iterable<AccountEvent>): readonly Violation[] {
  const state = emptyAccount() as AccountState;
  const ledger: Ledger<number> = new Map();
  const rows = new Map<string, number>();
  for (const { postings, month } of entriesOn(state, events, {})) {
    // For removed events: the account has no rows for them.
    if (month !== undefined) continue;
    for (const posting of postings) addPosting(ledger, rows, posting);
    const found = [
      ...entryViolations(postings, state.eventCount),
      ...ledgerViolations(ledger, projectedLedger(state)),
      ...rowViolations(rows, state),
      ...balanceViolations(ledger, state),
    ];
    if (found.length > 0) return found;
  }
  return [];
}

function addPosting(
  ledger: Ledger<number>,
  rows: Map<string, number>,
  { account, amountMinor, rowId }: Posting,
): void {
  addTo(ledger, account[0] === 'cash' ? ['cash', ''] : account, amountMinor);
  const isRow = account[0] === 'receivable' || account[0] === 'credits';
  if (isRow) rows.set(String(rowId), (rows.get(String(rowId)) ?? 0) + amountMinor);
}

function unequal(
  invariant: string,
  id: string | null,
  journal: number | undefined = 0,
  account: number | undefined = 0,
): Violation[] {
  return journal === account ? [] : [{ invariant, id, figures: { journal, account } }];
}

function entryViolations(postings: readonly Posting[], version: number): Violation[] {
  const sum = postings.reduce((total, { amountMinor }) => total + amountMinor, 0);
  return [
    ...unequal('every entry of the journal sums to zero', String(version), sum, 0),
    ...postings.flatMap(({ account, amountMinor }): Violation[] =>
      Number.isSafeInteger(amountMinor) && amountMinor !== 0
        ? []
        : [
            {
              invariant: 'no posting is zero',
              id: ledgerAccountName(account),
              figures: { amountMinor },
            },
          ],
    ),
  ];
}

function ledgerViolations(journal: Ledger<number>, projected: Ledger<number>): Violation[] {
  return [...new Map([...journal, ...projected])].flatMap(([key, { account }]) =>
    unequal(
      'the journal adds up to the account',
      account[0] === 'cash' ? account[0] : ledgerAccountName(account),
      journal.get(key)?.amount,
      projected.get(key)?.amount,
    ),
  );
}

function rowViolations(rows: ReadonlyMap<string, number>, account: PatronAccount): Violation[] {
  const invariant = 'the journal contains what is left of every fee and credit';
  return [
    ...account.fees.flatMap((fee) => unequal(invariant, fee.feeId, rows.get(fee.feeId), remaining(fee))),
    ...account.credits.flatMap((credit) =>
      unequal(invariant, credit.creditId, rows.get(credit.creditId), -unused(credit)),
    ),
  ];
}

function balanceViolations(ledger: Ledger<number>, account: PatronAccount): Violation[] {
  const { active, disputed, transferred } = balancesInMinorUnits(account);
  const sumOf = (...kinds: readonly string[]) =>
    [...ledger.values()].reduce((sum, line) => sum + (kinds.includes(line.account[0]) ? line.amount : 0), 0);
  const invariant = 'the balances are those of the journal';
  return [
    ...unequal(invariant, 'active and disputed', sumOf('receivable', 'credits'), active + disputed),
    ...unequal(invariant, 'transferred', sumOf('transferred'), transferred),
  ];
}

/**
 * Returns the ledger that the journal of a patron account must add up to, computed from the account alone. All money is
 * in one `cash` account without a method, because the account does not keep the methods of all reversals.
 */
export function projectedLedger(account: PatronAccount): Ledger<number> {
  const ledger: Ledger<number> = new Map();
  for (const fee of account.fees) addFee(ledger, account, fee);
  for (const { feeId, amount, writeOff, reversed } of account.waivers)
    if (!reversed) addTo(ledger, accountOfFee(account, forgiven(writeOff), feeId), amount);
  for (const credit of account.credits) addCredit(ledger, account, credit);
  for (const transfer of account.transfers) {
    const sign = transfer.feeId === null ? -1 : 1;
    const pending = transferPendingOf(transfer);
    const kept = transfer.amount - transfer.recalled - pending;
    addTo(ledger, outside('transferred', transfer.destination), sign * pending);
    addTo(ledger, outside('settled', transfer.destination), sign * kept);
  }
  for (const { surplus } of account.settlements)
    addTo(ledger, ['settlementSurplus'], -(surplus?.reversed ?? 0));
  for (const payment of account.payments) addTo(ledger, ['cash', ''], payment.amount - reversedOf(payment));
  for (const refund of account.refunds) addTo(ledger, ['cash', ''], refund.reversed ? 0 : -refund.amount);
  return ledger;
}

/**
 * Adds a fee. `givenBack` may exceed its credits: the excess was given to the patron when a payment that was already
 * used was reversed.
 */
function addFee(ledger: Ledger<number>, account: PatronAccount, fee: Fee): void {
  const { feeId, owner, feeType, original, cancelled, givenBack } = fee;
  const ofFee = account.credits.filter((credit) => credit.feeId === feeId);
  const asCredits = ofFee.filter(({ purpose }) => purpose === 'refundable');
  const shortfall = givenBack - asCredits.reduce((total, credit) => total + netOfCancelled(credit), 0);
  addTo(ledger, ['receivable', owner], remaining(fee));
  addTo(ledger, ['revenue', owner, feeType], cancelled + shortfall - original);
  const vat = feeVat(account, feeId);
  if (vat === null) return;
  for (const [index, tax] of vat.parts.entries()) {
    const posted = taxed(account, fee.transactions[index] as Transaction);
    if (posted === undefined || tax === 0) continue;
    addTo(ledger, ['vat', String(vat.percent)], posted.sign * tax);
    const net: LedgerAccount = posted.kind === 'forfeited' ? ['forfeited'] : [posted.kind, owner, feeType];
    addTo(ledger, net, -posted.sign * tax);
  }
}

/** Returns the account of a fee's transaction that shows amounts without tax, and the sign of its tax. */
function taxed(account: PatronAccount, { kind, id, references }: Transaction) {
  const accountOf = (creditId: string) => {
    const { cause, writeOff } = creditOf(account, creditId);
    return cause === 'waived' ? forgiven(writeOff) : (feeAccounts[cause] as 'returns' | 'revenue');
  };
  const waiver = (waiverId: string) => forgiven(waiverOf(account, waiverId).writeOff);
  switch (kind) {
    case 'assessed':
    case 'increased':
      return { kind: 'revenue', sign: -1 } as const;
    case 'cancellation':
    case 'decreased':
      return { kind: 'revenue', sign: 1 } as const;
    case 'waiver':
      return { kind: waiver(id), sign: 1 } as const;
    case 'waiverReversed':
      return { kind: waiver(references.waiverId as string), sign: -1 } as const;
    case 'creditIssued':
      return { kind: accountOf(id), sign: 1 } as const;
    case 'creditForfeited':
      return { kind: 'forfeited', sign: -1 } as const;
    case 'creditCancelled':
      return { kind: accountOf(references.creditId as string), sign: -1 } as const;
    default:
      return undefined;
  }
}

function addCredit(ledger: Ledger<number>, account: PatronAccount, credit: Credit): void {
  const { cause, purpose, feeId, amount, cancelled } = credit;
  addTo(ledger, creditsOf(purpose), -unused(credit));
  const kind = cause === 'waived' ? forgiven(credit.writeOff) : feeAccounts[cause];
  const forfeited = purpose === 'refundable' ? forfeitedOf(credit) : 0;
  const kept = netOfCancelled(credit) + forfeited;
  if (kind !== undefined) {
    const { owner, feeType } = feeOf(account, feeId as string);
    addTo(ledger, [kind, owner, feeType], kept);
    addTo(ledger, ['forfeited'], -forfeited);
  } else if (cause === 'manual') addTo(ledger, ['goodwill'], kept);
  else if (cause === 'imported') {
    addTo(ledger, ['imported'], kept);
    addTo(ledger, ['forfeited'], -forfeited);
  } else {
    if (cause === 'settlement') addTo(ledger, ['settlementSurplus'], amount);
    addTo(ledger, ['forfeited'], -cancelled);
  }
}

/** The ledger accounts for credits of a fee. */
const feeAccounts: Partial<Record<CreditCause, 'returns' | 'revenue'>> = {
  returned: 'returns',
  cancelled: 'revenue',
};

function netOfCancelled({ amount, cancelled }: Credit): number {
  return amount - cancelled;
}

function forfeitedOf({ transactions }: Credit): number {
  return transactions.reduce((sum, { kind, amount }) => sum + (kind === 'creditForfeited' ? amount : 0), 0);
}
