import type { Credit } from './credit.js';
import { findCredit, type PatronAccount } from './patronAccount.js';
import type { Payment } from './records.js';

/**
 * Returns a function that finds the payments whose money a credit can hold: the payment that was too large, or those of
 * the fee that was given back, also through other credits that paid it. What was undone does not count: if a payment
 * bounces after its credit was used, the patron owes the amount, and no money is behind it. Goodwill, imported credits
 * and settlements have no payment.
 */
export function paymentsBehind(account: PatronAccount): (credit: Credit) => readonly Payment[] {
  const paidFees = new Map<string, (Payment | Credit)[]>();
  const add = (feeId: string, source: Payment | Credit) => {
    const sources = paidFees.get(feeId) ?? [];
    paidFees.set(feeId, sources);
    sources.push(source);
  };
  const overpaid = new Map<string, Payment>();
  for (const payment of account.payments) {
    const { allocations, overpayment } = payment;
    for (const { feeId, amount, reversed } of allocations) if (amount > reversed) add(feeId, payment);
    if (overpayment !== null && overpayment.amount > overpayment.reversed)
      overpaid.set(overpayment.creditId, payment);
  }
  for (const { creditId, allocations } of account.applications) {
    for (const { feeId, reversed } of allocations)
      if (!reversed) add(feeId, findCredit(account, creditId) as Credit);
  }
  return (credit) => {
    // A set yields what is added meanwhile, once: credits can come from each other's fees.
    const sources = new Set<Payment | Credit>([credit]);
    for (const source of sources) {
      if ('allocations' in source || source.purpose !== 'refundable') continue;
      const payment = overpaid.get(source.creditId);
      if (payment !== undefined) sources.add(payment);
      for (const earlier of paidFees.get(source.feeId ?? '') ?? []) sources.add(earlier);
    }
    return [...sources].filter((source) => 'allocations' in source);
  };
}
