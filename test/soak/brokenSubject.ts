import { type AccountEvent, fold as ourFold, type PatronAccount } from '../../src/index.js';

/** A reducer that subtracts a cent from every payment: a soak must detect it. */
export function fold(events: Iterable<AccountEvent>, account?: PatronAccount): PatronAccount {
  const folded = ourFold(events, account);
  return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, paid: Math.max(0, fee.paid - 1) })) };
}
