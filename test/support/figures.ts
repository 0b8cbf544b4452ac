import {
  balancesInMinorUnits,
  creditStatus,
  feeStatus,
  owed,
  type PatronAccount,
  remaining,
  unused,
} from '../../src/index.js';

/** Returns all figures of an account: balances, and the amounts of each row, in minor units. */
export function figures(account: PatronAccount) {
  return {
    currency: account.currency,
    eventCount: account.eventCount,
    balances: balancesInMinorUnits(account),
    fees: account.fees.map((fee) => ({
      feeId: fee.feeId,
      status: feeStatus(fee),
      original: fee.original,
      paid: fee.paid,
      waived: fee.waived,
      settledByCredit: fee.settledByCredit,
      transferred: fee.transferred,
      cancelled: fee.cancelled,
      remaining: remaining(fee),
      owed: owed(fee),
      transferPending: fee.transferPending,
      givenBack: fee.givenBack,
      ...(fee.accrual === null ? {} : { accrual: fee.accrual }),
      transactions: fee.transactions.map(({ kind, id, amount }) => `${kind} ${id} ${amount}`),
    })),
    ...(account.paymentPlans.length === 0 ? {} : { paymentPlans: account.paymentPlans }),
    credits: account.credits.map((credit) => ({
      creditId: credit.creditId,
      cause: credit.cause,
      purpose: credit.purpose,
      status: creditStatus(account, credit),
      amount: credit.amount,
      unused: unused(credit),
      transferPending: credit.transferPending,
    })),
    payments: account.payments.map(({ paymentId, amount, allocations, overpayment }) => ({
      paymentId,
      amount,
      reversed: allocations.reduce((sum, { reversed }) => sum + reversed, overpayment?.reversed ?? 0),
    })),
  };
}
