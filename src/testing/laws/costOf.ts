import { balancesInMinorUnits, type PatronAccount } from '../../account/patronAccount.js';
import { reversedOf } from '../../account/records.js';

/**
 * Returns what an account costs the patron, in minor units: what was paid and not handed back, here and above what was
 * pending outside, what is owed here, less credit, and what was transferred.
 */
export function costOf(account: PatronAccount): number {
  const { active, disputed } = balancesInMinorUnits(account);
  const sum = <Row>(rows: readonly Row[], amountOf: (row: Row) => number) =>
    rows.reduce((total, row) => total + amountOf(row), 0);
  const paid = sum(account.payments, (payment) => payment.amount - reversedOf(payment));
  const refunded = sum(account.credits, (credit) => credit.refunded);
  const outside =
    sum(account.fees, ({ transferred }) => transferred) -
    sum(account.credits, ({ transferred }) => transferred) +
    sum(account.settlements, ({ surplus }) => (surplus === null ? 0 : surplus.amount - surplus.reversed));
  return paid - refunded + active + disputed + outside;
}
