import type { CreditCause } from '../../account/circumstances.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, remaining } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf, transferPendingOf } from '../../account/records.js';
import { creditsOf } from './creditPostings.js';
import { addTo, type Ledger } from './ledger.js';
import { feeOf } from './postedRows.js';
import { outside } from './transferPostings.js';

/**
 * Returns the ledger that the journal of a patron account must add up to, computed from the account alone. All money is
 * in one `cash` account without a method, because the account does not keep the methods of all reversals.
 */
export function projectedLedger(account: PatronAccount): Ledger<number> {
  const ledger: Ledger<number> = new Map();
  for (const fee of account.fees) addFee(ledger, account, fee);
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
 * Adds a fee. The part of `givenBack` beyond its credits went to the patron who had used a payment that was reversed:
 * see the fee.
 */
function addFee(ledger: Ledger<number>, account: PatronAccount, fee: Fee): void {
  const { feeId, owner, feeType, original, cancelled, waived, givenBack } = fee;
  const ofFee = account.credits.filter((credit) => credit.feeId === feeId);
  const asCredits = ofFee.filter(({ purpose }) => purpose === 'refundable');
  const shortfall = givenBack - asCredits.reduce((total, credit) => total + standing(credit), 0);
  addTo(ledger, ['receivable', owner], remaining(fee));
  addTo(ledger, ['waivers', owner, feeType], waived);
  addTo(ledger, ['revenue', owner, feeType], cancelled + shortfall - original);
}

function addCredit(ledger: Ledger<number>, account: PatronAccount, credit: Credit): void {
  const { cause, purpose, feeId, amount, cancelled } = credit;
  addTo(ledger, creditsOf(purpose), -unused(credit));
  const kind = feeAccounts[cause];
  if (kind !== undefined) {
    const { owner, feeType } = feeOf(account, feeId as string);
    addTo(ledger, [kind, owner, feeType], standing(credit));
  } else if (cause === 'manual') addTo(ledger, ['goodwill'], standing(credit));
  else if (cause === 'imported') addTo(ledger, ['imported'], standing(credit));
  else {
    if (cause === 'settlement') addTo(ledger, ['settlementSurplus'], amount);
    addTo(ledger, ['forfeited'], -cancelled);
  }
}

/** The ledger accounts for credits of a fee. */
const feeAccounts: Partial<Record<CreditCause, 'waivers' | 'returns' | 'revenue'>> = {
  waived: 'waivers',
  returned: 'returns',
  cancelled: 'revenue',
};

function standing({ amount, cancelled }: Credit): number {
  return amount - cancelled;
}
